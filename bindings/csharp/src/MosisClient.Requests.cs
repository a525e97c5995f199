using System;
using System.Threading;
using System.Threading.Tasks;
using Mosis.Native;
using Mosis.Protocol;

namespace Mosis
{
    // The Task API: one method per question to the daemon. Each Task completes on the thread that polls, exactly once, whatever happens
    // to the daemon: with the result, a MosisException, or cancelled.
    public sealed partial class MosisClient
    {
        private readonly MessagePackWriter writer = new MessagePackWriter();

        /// <summary>
        /// Sends a text. The Task ends when it is on the daemon's disk; whether it was delivered is told by <see cref="MessageChanged"/>.
        /// Sent exactly once, also when the daemon dies meanwhile; the order per peer is kept.
        /// </summary>
        /// <param name="peerId">To whom, 1–128 bytes of UTF-8; need not be in <see cref="Peers"/>.</param>
        /// <param name="text">1–65536 bytes of UTF-8, without U+0000.</param>
        /// <param name="cancellation">Stops waiting for the answer; a text already given to the daemon is sent all the same.</param>
        /// <returns>Local id of the message, never reused.</returns>
        /// <exception cref="ArgumentNullException">A text is null.</exception>
        /// <exception cref="ArgumentException">A text holds half a surrogate pair.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.InvalidArgument"/> (empty or too long),
        /// <see cref="ErrorCode.LineNotConfigured"/>, <see cref="ErrorCode.QueueFull"/>, <see cref="ErrorCode.StoreFailed"/>,
        /// <see cref="ErrorCode.DeadlineExceeded"/>, <see cref="ErrorCode.ShuttingDown"/>.</exception>
        public Task<ulong> SendMessageAsync(string peerId, string text, CancellationToken cancellation = default)
        {
            ThrowIfNull(peerId, nameof(peerId));
            ThrowIfNull(text, nameof(text));
            return RequestAsync(MethodId.MessageSend, new MessageSendParams { PeerId = peerId, Text = text }, MessageId, cancellation);
        }

        /// <summary>
        /// Sets server, phone id or display name; null leaves a setting as it was. The line opens when server and phone id are both
        /// known, in whatever order they come; that is told by <see cref="LineChanged"/>. Said again by itself after the daemon was restarted.
        /// </summary>
        /// <param name="server"><c>ws://</c> or <c>wss://</c>, at most 1024 bytes.</param>
        /// <param name="phoneId">Id under which peers reach this phone, 1–128 bytes.</param>
        /// <param name="displayName">Name shown to peers, at most 256 bytes.</param>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <returns>The line after the change; usually still connecting.</returns>
        /// <exception cref="ArgumentException">A text holds half a surrogate pair.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.StoreFailed"/>,
        /// <see cref="ErrorCode.DeadlineExceeded"/>, <see cref="ErrorCode.ConnectionLost"/>, <see cref="ErrorCode.ShuttingDown"/>.</exception>
        public Task<LineInfo> ConfigureLineAsync(
            string? server = null, string? phoneId = null, string? displayName = null, CancellationToken cancellation = default)
        {
            var settings = new LineConfigureParams { Server = server, PhoneId = phoneId, DisplayName = displayName };
            return RequestAsync(MethodId.LineConfigure, settings, ConfiguredLine, cancellation);
        }

        /// <summary>Leaves the server: peers see the phone go. The settings stay; <see cref="ConfigureLineAsync"/> opens the line again.</summary>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <returns>The line after the change.</returns>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.LineNotConfigured"/> and those of every request.</exception>
        public Task<LineInfo> CloseLineAsync(CancellationToken cancellation = default) =>
            RequestAsync(MethodId.LineClose, new LineCloseParams(), ClosedLine, cancellation);

        /// <summary>What is known of one peer; <c>Online</c> is false when it is unknown. No server is asked.</summary>
        /// <param name="peerId">Phone id.</param>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <exception cref="ArgumentNullException"><paramref name="peerId"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.LineNotConfigured"/> and those of every request.</exception>
        public Task<PeerInfo> GetPeerAsync(string peerId, CancellationToken cancellation = default)
        {
            ThrowIfNull(peerId, nameof(peerId));
            return RequestAsync(MethodId.PeersGet, new PeersGetParams { PeerId = peerId }, OnePeer, cancellation);
        }

        /// <summary>How the connection to a peer runs: state, ICE candidates, DTLS state, round trip, bytes.</summary>
        /// <param name="peerId">Phone id.</param>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <exception cref="ArgumentNullException"><paramref name="peerId"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.LineNotConfigured"/>,
        /// <see cref="ErrorCode.MediaFailed"/> and those of every request.</exception>
        public Task<PeersStatisticsResult> GetStatisticsAsync(string peerId, CancellationToken cancellation = default)
        {
            ThrowIfNull(peerId, nameof(peerId));
            return RequestAsync(MethodId.PeersStatistics, new PeersStatisticsParams { PeerId = peerId }, Statistics, cancellation);
        }

        /// <summary>Pins the key that the peer shows from now on, after <see cref="IdentityChanged"/>: ask the person first.</summary>
        /// <param name="peerId">Phone id.</param>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <exception cref="ArgumentNullException"><paramref name="peerId"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: <see cref="ErrorCode.NotFound"/>, <see cref="ErrorCode.StoreFailed"/> and those of every request.</exception>
        public Task TrustPeerAsync(string peerId, CancellationToken cancellation = default)
        {
            ThrowIfNull(peerId, nameof(peerId));
            return RequestAsync(MethodId.PeersTrust, new PeersTrustParams { PeerId = peerId }, Nothing, cancellation);
        }

        /// <summary>What runs in the daemon: version, process, lines, attached games, what is missing on this machine.</summary>
        /// <param name="cancellation">Stops waiting for the answer.</param>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        /// <exception cref="MosisException">In the Task: those of every request.</exception>
        public Task<DaemonStatusResult> GetDaemonStatusAsync(CancellationToken cancellation = default) =>
            RequestAsync(MethodId.DaemonStatus, new DaemonStatusParams(), Status, cancellation);

        private static readonly Decoder<ulong> MessageId = payload => MessageSendResult.Decode(payload).MessageId;
        private static readonly Decoder<LineInfo> ConfiguredLine = payload => LineConfigureResult.Decode(payload).Line;
        private static readonly Decoder<LineInfo> ClosedLine = payload => LineCloseResult.Decode(payload).Line;
        private static readonly Decoder<PeerInfo> OnePeer = payload => PeersGetResult.Decode(payload).Peer;
        private static readonly Decoder<PeersStatisticsResult> Statistics = payload => PeersStatisticsResult.Decode(payload);
        private static readonly Decoder<DaemonStatusResult> Status = payload => DaemonStatusResult.Decode(payload);
        private static readonly Decoder<bool> Nothing = payload => true;

        private Task<T> RequestAsync<T>(uint method, IMessage parameters, Decoder<T> decode, CancellationToken cancellation)
        {
            ThrowIfDisposed();
            if (cancellation.IsCancellationRequested)
            {
                return Task.FromCanceled<T>(cancellation);
            }
            // Inside Poll a continuation may run at once: it is on the game's thread. The client's own thread must not be kept busy by it.
            TaskCreationOptions creation = pollThread == null ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
            var request = new PendingRequest<T>(decode, creation, cancellation);
            int result;
            lock (gate)
            {
                ThrowIfDisposed();
                request.WatchCancellation(CancelLater);
                writer.Clear();
                parameters.Encode(writer);
                result = link.Request(method, writer.Written, requestDeadlineMs, out ulong id);
                if (result == NativeMethods.Ok)
                {
                    request.Id = id;
                    pending.Add(request);
                }
            }
            if (result != NativeMethods.Ok)
            {
                request.Fail(new MosisException((ErrorCode)(-result), RefusalText(result)));
                return request.Task;
            }
            pollThread?.Nudge();
            return request.Task;
        }

        /// <summary>After the link failed, why it did says more than the code.</summary>
        private string RefusalText(int result)
        {
            MosisStateChange now = state;
            return now.State == MosisClientState.Failed && now.Text.Length > 0
                ? $"The link to the daemon has failed, only a new client tries again. {now.Text}"
                : link.TextOf(result);
        }

        /// <summary>Runs on whatever thread cancels; the polling thread does the rest.</summary>
        private void CancelLater(PendingRequest request)
        {
            cancelled.Enqueue(request);
            pollThread?.Nudge();
        }

        private static void ThrowIfNull(string? text, string parameterName)
        {
            if (text == null)
            {
                throw new ArgumentNullException(parameterName);
            }
        }
    }
}
