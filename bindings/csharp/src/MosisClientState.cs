namespace Mosis
{
    /// <summary>State of the link to the daemon.</summary>
    public enum MosisClientState
    {
        /// <summary>Looking for the daemon, starting it, or saying hello for the first time.</summary>
        Connecting = 0,

        /// <summary>The session stands.</summary>
        Ready = 1,

        /// <summary>The daemon went; a new one is being found or started. Requests made now wait.</summary>
        Reconnecting = 2,

        /// <summary>Given up: the daemon refused, or none could be started. Only a new client tries again.</summary>
        Failed = 3,
    }

    /// <summary>What <see cref="MosisClient.StateChanged"/> tells.</summary>
    public sealed class MosisStateChange
    {
        internal MosisStateChange(MosisClientState state, ErrorCode? error, string text, uint daemonPid)
        {
            State = state;
            Error = error;
            Text = text;
            DaemonPid = daemonPid;
        }

        /// <summary>The state as it is now.</summary>
        public MosisClientState State { get; }

        /// <summary>Why it is <see cref="MosisClientState.Reconnecting"/> or <see cref="MosisClientState.Failed"/>; else null.</summary>
        public ErrorCode? Error { get; }

        /// <summary>The same for people: what failed and what to check. Empty when there is nothing to say.</summary>
        public string Text { get; }

        /// <summary>Process id of the daemon when <see cref="MosisClientState.Ready"/>, else 0.</summary>
        public uint DaemonPid { get; }
    }
}
