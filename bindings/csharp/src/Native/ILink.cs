// The seam between the client and the native library, so that the client's rules can be tested without it.
using System;

namespace Mosis.Native
{
    /// <summary>The functions of one mosis_client. Any thread, except where said otherwise.</summary>
    internal interface ILink : IDisposable
    {
        /// <summary>Keeps the native client alive, also over a Dispose on another thread, until <see cref="Release"/>. False: disposed.</summary>
        bool TryHold();

        /// <summary>Ends what a successful <see cref="TryHold"/> began.</summary>
        void Release();

        /// <summary>
        /// Takes the next event. Its spans live until the next call or <see cref="Release"/>. One thread at a time, and only while held.
        /// </summary>
        bool TryTake(out LinkEvent linkEvent);

        /// <summary>Queues a request: 0 and the id of its answer, or a negative code. Never blocks.</summary>
        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        int Request(uint method, ReadOnlySpan<byte> parameters, uint deadlineMs, out ulong requestId);

        /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
        NativeStats GetStats();

        /// <summary>One sentence for a negative code.</summary>
        string TextOf(int result);
    }

    /// <summary>An event as the library lends it.</summary>
    internal readonly ref struct LinkEvent
    {
        public LinkEvent(
            uint type, ulong requestId, int result, ReadOnlySpan<byte> text, ReadOnlySpan<byte> payload, int clientState, uint daemonPid)
        {
            Type = type;
            RequestId = requestId;
            Result = result;
            Text = text;
            Payload = payload;
            ClientState = clientState;
            DaemonPid = daemonPid;
        }

        /// <summary>MOSIS_EVENT_*.</summary>
        public uint Type { get; }

        /// <summary>Response: which request.</summary>
        public ulong RequestId { get; }

        /// <summary>Response and client state: 0 or a negative code.</summary>
        public int Result { get; }

        /// <summary>UTF-8; empty when there is nothing to say.</summary>
        public ReadOnlySpan<byte> Text { get; }

        /// <summary>MessagePack map.</summary>
        public ReadOnlySpan<byte> Payload { get; }

        /// <summary>Client state only.</summary>
        public int ClientState { get; }

        /// <summary>Client state only; 0 = none.</summary>
        public uint DaemonPid { get; }
    }
}
