using System;
using System.Collections.Generic;
using System.Threading;
using Mosis.Native;
using Mosis.Protocol;

namespace Mosis
{
    // Takes events out of the library, reads them while they are lent, and hands them out with nothing held.
    public sealed partial class MosisClient
    {
        /// <summary>Changes that a snapshot brought, still to be raised: a handler that throws must not lose the rest.</summary>
        private readonly Queue<PeerInfo> unraised = new Queue<PeerInfo>();
        private int polling;

        /// <summary>
        /// Raises what happened since the last call, in order, and completes Tasks. Call it once per frame; with nothing to do it costs
        /// about a microsecond at most. Never blocks by itself. Returns the number of events handled; 0 after <see cref="Dispose"/>.
        /// </summary>
        /// <param name="maxEvents">At most this many, the rest with the next call: keeps a frame short after a long pause. At least 1.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxEvents"/> is less than 1.</exception>
        /// <exception cref="InvalidOperationException">Poll runs already (another thread, or a handler called it), or the client polls
        /// by itself (<see cref="StartPollThread"/>).</exception>
        public int Poll(int maxEvents = 256)
        {
            if (maxEvents < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(maxEvents), maxEvents, "At least 1.");
            }
            if (pollThread != null)
            {
                throw new InvalidOperationException("This client polls by itself since StartPollThread: do not call Poll.");
            }
            return PollEvents(maxEvents);
        }

        /// <summary>
        /// Lets a thread of the client poll, instead of the game: for console programs and servers on plain .NET. Handlers run on that
        /// thread, one at a time; what follows an <c>await</c> runs on the thread pool (or the caller's SynchronizationContext). Call
        /// it once, after the handlers are attached and before the first request. Ends with <see cref="Dispose"/>.
        /// </summary>
        /// <exception cref="InvalidOperationException">The thread runs already, or requests made before wait for their answer.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        public void StartPollThread()
        {
            lock (gate)
            {
                ThrowIfDisposed();
                if (pollThread != null || pending.Count > 0)
                {
                    throw new InvalidOperationException("Call StartPollThread once, before the first request: how Tasks complete depends on it.");
                }
                pollThread = new PollThread(PollByItself);
                pollThread.Start();
            }
        }

        /// <summary>True while it pays to poll often.</summary>
        private bool PollByItself()
        {
            int handled = PollEvents(int.MaxValue);
            lock (gate)
            {
                return handled > 0 || pending.Count > 0;
            }
        }

        private int PollEvents(int maxEvents)
        {
            if (Interlocked.Exchange(ref polling, 1) != 0)
            {
                throw new InvalidOperationException("Poll runs already: on another thread, or it was called by a handler. One thread polls, outside of handlers.");
            }
            try
            {
                CompleteCancelled();
                int handled = 0;
                while (handled < maxEvents && !disposed && HandleNext())
                {
                    handled++;
                }
                return handled;
            }
            finally
            {
                Volatile.Write(ref polling, 0);
            }
        }

        private void CompleteCancelled()
        {
            while (cancelled.TryDequeue(out PendingRequest? request))
            {
                PendingRequest? waiting;
                lock (gate)
                {
                    waiting = pending.Take(request.Id);
                }
                waiting?.Cancel();
            }
        }

        private bool HandleNext()
        {
            if (unraised.TryDequeue(out PeerInfo? peer))
            {
                PeerChanged?.Invoke(peer);
                return true;
            }
            if (!TryTake(out Taken taken))
            {
                return false;
            }
            Handle(taken);
            return true;
        }

        /// <summary>An event that is ours: nothing in it points at the library's memory.</summary>
        private struct Taken
        {
            public object? Value;
            public PendingRequest? Request;
            public Exception? Error;
        }

        /// <summary>Takes and reads one event; the native client is held meanwhile, so that its memory stays when another thread disposes.</summary>
        private bool TryTake(out Taken taken)
        {
            taken = default;
            if (!link.TryHold())
            {
                return false;
            }
            try
            {
                if (!link.TryTake(out LinkEvent lent))
                {
                    return false;
                }
                Read(lent, ref taken);
                return true;
            }
            finally
            {
                link.Release();
            }
        }

        private void Read(in LinkEvent lent, ref Taken taken)
        {
            try
            {
                if (lent.Type == NativeMethods.EventResponse)
                {
                    ReadResponse(lent, ref taken);
                }
                else
                {
                    taken.Value = ReadEvent(lent);
                }
            }
            catch (MessagePackException error)
            {
                // The library has checked it against the same schema: a defect, or files of different releases.
                taken.Error = new MosisException(
                    ErrorCode.Malformed, $"What libmosis handed out does not fit the schema ({error.Message}): use libmosis and Mosis.dll from one release.", error);
            }
        }

        private void ReadResponse(in LinkEvent lent, ref Taken taken)
        {
            lock (gate)
            {
                taken.Request = pending.Take(lent.RequestId);
            }
            if (taken.Request == null)
            {
                return;
            }
            if (lent.Result < 0)
            {
                string text = lent.Text.IsEmpty ? link.TextOf(lent.Result) : Utf8.FromSpan(lent.Text);
                taken.Error = new MosisException((ErrorCode)(-lent.Result), text);
                return;
            }
            taken.Request.Read(lent.Payload);
        }

        /// <summary>Null: an event of a newer library, to be skipped.</summary>
        private static object? ReadEvent(in LinkEvent lent)
        {
            switch (lent.Type)
            {
                case NativeMethods.EventClientState:
                    ErrorCode? error = lent.Result < 0 ? (ErrorCode)(-lent.Result) : (ErrorCode?)null;
                    return new MosisStateChange((MosisClientState)lent.ClientState, error, Utf8.FromSpan(lent.Text), lent.DaemonPid);
                case NativeMethods.EventSnapshot:
                    return Snapshot.Decode(lent.Payload);
                case EventId.LineChanged:
                    return Mosis.LineChanged.Decode(lent.Payload);
                case EventId.PeerChanged:
                    return Mosis.PeerChanged.Decode(lent.Payload);
                case EventId.PeerIdentityChanged:
                    return PeerIdentityChanged.Decode(lent.Payload);
                case EventId.MessageReceived:
                    return Mosis.MessageReceived.Decode(lent.Payload);
                case EventId.MessageChanged:
                    return Mosis.MessageChanged.Decode(lent.Payload);
                default:
                    return null;
            }
        }

        /// <summary>First what this client shows, then the handlers: they see the new state in the properties.</summary>
        private void Handle(in Taken taken)
        {
            switch (taken.Value)
            {
                case null:
                    Finish(taken);
                    break;
                case MosisStateChange change:
                    state = change;
                    StateChanged?.Invoke(change);
                    break;
                case Snapshot snapshot:
                    peers.Replace(snapshot.Peers).ForEach(unraised.Enqueue);
                    SetLine(snapshot.Line);
                    break;
                case Mosis.LineChanged change:
                    SetLine(change.Line);
                    break;
                case Mosis.PeerChanged change:
                    peers.Apply(change.Peer);
                    PeerChanged?.Invoke(change.Peer);
                    break;
                case PeerIdentityChanged change:
                    IdentityChanged?.Invoke(change);
                    break;
                case MessageReceived message:
                    MessageReceived?.Invoke(message);
                    break;
                case MessageChanged message:
                    MessageChanged?.Invoke(message);
                    break;
            }
        }

        private void SetLine(LineInfo now)
        {
            line = now;
            LineChanged?.Invoke(now);
        }

        private static void Finish(in Taken taken)
        {
            if (taken.Request == null)
            {
                // An answer that nobody waits for any more, or an event of a newer library; but never in silence what could not be read.
                if (taken.Error != null)
                {
                    throw taken.Error;
                }
            }
            else if (taken.Error != null)
            {
                taken.Request.Fail(taken.Error);
            }
            else
            {
                taken.Request.Complete();
            }
        }
    }
}
