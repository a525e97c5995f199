using Mosis.Native;

namespace Mosis
{
    /// <summary>Counters of the link to the daemon since the client was made, for people who look for a fault.</summary>
    public sealed class MosisLinkStatistics
    {
        internal MosisLinkStatistics(in NativeStats stats)
        {
            Reconnects = stats.Reconnects;
            DaemonsStarted = stats.DaemonsStarted;
            EventsQueued = stats.EventsQueued;
            EventsQueuedMax = stats.EventsQueuedMax;
            RequestsPending = stats.RequestsPending;
            RequestsSent = stats.RequestsSent;
            ResponsesReceived = stats.ResponsesReceived;
            EventsReceived = stats.EventsReceived;
            EventsHeld = stats.EventsHeld;
            Malformed = stats.Malformed;
            BytesSent = stats.BytesSent;
            BytesReceived = stats.BytesReceived;
            RoundTripUs = stats.RoundTripUs;
        }

        /// <summary>Times the link came back after it was lost.</summary>
        public uint Reconnects { get; }

        /// <summary>Daemons that this client started.</summary>
        public uint DaemonsStarted { get; }

        /// <summary>Events waiting to be polled now.</summary>
        public uint EventsQueued { get; }

        /// <summary>The most events that ever waited.</summary>
        public uint EventsQueuedMax { get; }

        /// <summary>Requests waiting to be sent or answered now.</summary>
        public uint RequestsPending { get; }

        /// <summary>Requests sent.</summary>
        public ulong RequestsSent { get; }

        /// <summary>Answers received.</summary>
        public ulong ResponsesReceived { get; }

        /// <summary>Events received.</summary>
        public ulong EventsReceived { get; }

        /// <summary>Times the event queue was full and the daemon had to hold events back; they come later, nothing is lost.</summary>
        public ulong EventsHeld { get; }

        /// <summary>Messages from the daemon that were refused as malformed.</summary>
        public ulong Malformed { get; }

        /// <summary>Bytes sent to the daemon.</summary>
        public ulong BytesSent { get; }

        /// <summary>Bytes received from the daemon.</summary>
        public ulong BytesReceived { get; }

        /// <summary>Round trip of the last ping to the daemon, in µs; 0 before the first.</summary>
        public uint RoundTripUs { get; }
    }
}
