using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mosis.Native;

namespace Mosis
{
    /// <summary>
    /// The phone of a game: finds or starts the local daemon <c>mosisd</c>, which owns identity, messages and the network. Nothing here
    /// waits for the daemon, the network or the disk, except <see cref="Dispose"/> (at most <see cref="MosisClientOptions.GoodbyeTimeoutMs"/>).
    /// </summary>
    /// <remarks>
    /// <para>Threads: every member may be called from any thread; <see cref="Poll"/> by one at a time. Events are raised, and Tasks
    /// completed, by the thread that polls: the game's, inside <see cref="Poll"/>, or the client's own after
    /// <see cref="StartPollThread"/>. What follows an <c>await</c> runs inside <see cref="Poll"/> too, where <c>await</c> itself allows
    /// it. Blocking on a Task of this client (<c>task.Wait()</c>) on the thread that polls waits for ever: <c>await</c> it.</para>
    /// <para>An exception thrown by a handler comes out of <see cref="Poll"/>; the events after it come with the next call. On the
    /// client's own thread it ends the process, as any exception on a thread does.</para>
    /// </remarks>
    /// <example><code>
    /// using var phone = new MosisClient(new MosisClientOptions("my-game") { Server = "wss://signal.mosis.dev", PhoneId = "user_12345" });
    /// phone.MessageReceived += message => Console.WriteLine($"{message.PeerId}: {message.Text}");
    /// _ = phone.SendMessageAsync("phone_456", "Hello!");
    /// while (running) { phone.Poll(); RenderFrame(); }
    /// </code></example>
    public sealed partial class MosisClient : IDisposable
    {
        private readonly ILink link;
        private readonly uint requestDeadlineMs;

        /// <summary>Guards <see cref="pending"/> and <see cref="writer"/>; held only for as long as a request is queued or an answer looked up.</summary>
        private readonly object gate = new object();
        private readonly PendingRequests pending = new PendingRequests();
        private readonly ConcurrentQueue<PendingRequest> cancelled = new ConcurrentQueue<PendingRequest>();
        private readonly PeerList peers = new PeerList();
        private volatile LineInfo? line;
        private volatile MosisStateChange state = new MosisStateChange(MosisClientState.Connecting, null, "", 0);
        private volatile PollThread? pollThread;
        private volatile bool disposed;

        /// <summary>Makes a client; finding or starting the daemon goes on in the background and is told by <see cref="StateChanged"/>.</summary>
        /// <param name="options">How; copied.</param>
        /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
        /// <exception cref="ArgumentException">A text of the options holds U+0000 or half a surrogate pair.</exception>
        /// <exception cref="MosisException"><see cref="ErrorCode.InvalidArgument"/>: app empty or too long, bad profile, too long texts;
        /// <see cref="ErrorCode.ProtocolMismatch"/>: libmosis is of another major version.</exception>
        /// <exception cref="DllNotFoundException">libmosis was not found; the text says where it was looked for.</exception>
        public MosisClient(MosisClientOptions options)
            : this(options ?? throw new ArgumentNullException(nameof(options)), NativeClient.Create(options))
        {
        }

        internal MosisClient(MosisClientOptions options, ILink link)
        {
            this.link = link;
            requestDeadlineMs = options.RequestDeadlineMs;
        }

        /// <summary>A text arrived and is on disk. Comes exactly once, and again to a game that died before it polled it.</summary>
        public event Action<MessageReceived>? MessageReceived;

        /// <summary>A sent message was delivered or failed. Comes once per message.</summary>
        public event Action<MessageChanged>? MessageChanged;

        /// <summary>A peer came, went or changed its name. <see cref="Peers"/> has it already. Also raised for what changed while the link was down.</summary>
        public event Action<PeerInfo>? PeerChanged;

        /// <summary>The line changed its state. <see cref="Line"/> has it already. Also raised after each <see cref="MosisClientState.Ready"/>.</summary>
        public event Action<LineInfo>? LineChanged;

        /// <summary>The link to the daemon changed its state.</summary>
        public event Action<MosisStateChange>? StateChanged;

        /// <summary>
        /// A peer shows another key than the one pinned at first contact: nothing is exchanged with it until <see cref="TrustPeerAsync"/>.
        /// </summary>
        public event Action<PeerIdentityChanged>? IdentityChanged;

        /// <summary>State of the link as of the last polled event. Any thread.</summary>
        public MosisClientState State => state.State;

        /// <summary>The line as of the last polled event; null before the first <see cref="MosisClientState.Ready"/>. Any thread.</summary>
        public LineInfo? Line => line;

        /// <summary>
        /// The online peers as of the last polled event, at most 1024; no question is asked. The list never changes: read the property
        /// again. Ids that are not in it can be reached all the same. Needs <see cref="MosisEvents.Peers"/>. Any thread.
        /// </summary>
        public IReadOnlyList<PeerInfo> Peers => peers.Current;

        /// <summary>Counters of the link since the client was made. Any thread.</summary>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        public MosisLinkStatistics GetLinkStatistics()
        {
            ThrowIfDisposed();
            return new MosisLinkStatistics(link.GetStats());
        }

        /// <summary>
        /// Says goodbye to the daemon and frees the client; at most <see cref="MosisClientOptions.GoodbyeTimeoutMs"/>. Any thread, also inside
        /// a handler; repeated calls do nothing. After <see cref="StartPollThread"/> it first waits for the handler that runs.
        /// Tasks without an answer fail with <see cref="ErrorCode.ShuttingDown"/> on the calling thread; messages that the daemon has
        /// accepted go on. No event is raised afterwards.
        /// </summary>
        public void Dispose()
        {
            PendingRequest[] unanswered;
            lock (gate)
            {
                if (disposed)
                {
                    return;
                }
                disposed = true;
                unanswered = pending.TakeAll();
            }
            pollThread?.Dispose();
            link.Dispose();
            foreach (PendingRequest request in unanswered)
            {
                request.Fail(new MosisException(ErrorCode.ShuttingDown, "The client was disposed before the answer came; what the daemon has accepted goes on."));
            }
        }

        private void ThrowIfDisposed()
        {
            if (disposed)
            {
                throw new ObjectDisposedException(nameof(MosisClient));
            }
        }
    }
}
