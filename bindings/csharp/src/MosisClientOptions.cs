using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Mosis
{
    /// <summary>Which events the daemon tells this client; everything by default.</summary>
    [Flags]
    public enum MosisEvents : uint
    {
        /// <summary><see cref="MosisClient.LineChanged"/>.</summary>
        Lines = 1,

        /// <summary><see cref="MosisClient.PeerChanged"/>, <see cref="MosisClient.IdentityChanged"/> and a current <see cref="MosisClient.Peers"/>.</summary>
        Peers = 2,

        /// <summary><see cref="MosisClient.MessageReceived"/> and <see cref="MosisClient.MessageChanged"/>.</summary>
        Messages = 4,

        /// <summary>All of them.</summary>
        All = Lines | Peers | Messages,
    }

    /// <summary>
    /// How a <see cref="MosisClient"/> is made. Copied when the client is made: later changes have no effect. Not thread-safe.
    /// </summary>
    /// <example><code>
    /// var options = new MosisClientOptions("my-game") { Server = "wss://signal.mosis.dev", PhoneId = "user_12345" };
    /// </code></example>
    public sealed class MosisClientOptions
    {
        /// <summary>Options with every default.</summary>
        /// <param name="app">Which game this is, 1–128 bytes of UTF-8; shown by <c>mosisd status</c>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
        public MosisClientOptions(string app) => App = app ?? throw new ArgumentNullException(nameof(app));

        /// <summary>Which game this is.</summary>
        public string App { get; }

        /// <summary>Version of the game, at most 64 bytes. Default: none.</summary>
        public string? AppVersion { get; set; }

        /// <summary>Engine and version, at most 64 bytes, e.g. "Unity 6000.1". Default: the .NET runtime that runs.</summary>
        public string? Engine { get; set; } = RuntimeName();

        /// <summary>
        /// The phone to use, <c>[a-z0-9_-]{1,32}</c>: two profiles on one machine are two phones. Default: environment
        /// <c>MOSIS_PROFILE</c>, else "default".
        /// </summary>
        public string? Profile { get; set; }

        /// <summary>Path of the daemon program. Default: beside the library, then PATH. Environment <c>MOSIS_DAEMON</c> goes before this.</summary>
        public string? DaemonPath { get; set; }

        /// <summary>False: never start a daemon, wait for one that somebody else starts. Default true.</summary>
        public bool StartDaemon { get; set; } = true;

        /// <summary>Events wanted. Default: all.</summary>
        public MosisEvents Events { get; set; } = MosisEvents.All;

        /// <summary>Signalling server to use at once, <c>ws://</c> or <c>wss://</c>; may also come later by <see cref="MosisClient.ConfigureLineAsync"/>.</summary>
        public string? Server { get; set; }

        /// <summary>Id under which peers reach this phone, 1–128 bytes; may also come later.</summary>
        public string? PhoneId { get; set; }

        /// <summary>Name shown to peers, at most 256 bytes; may also come later.</summary>
        public string? DisplayName { get; set; }

        /// <summary>Every request is answered within this many ms, if need be by <see cref="ErrorCode.DeadlineExceeded"/>. Default 0: 10 000 ms.</summary>
        public uint RequestDeadlineMs { get; set; }

        /// <summary>Events waiting to be polled, at most; beyond that the daemon holds them back. Default 0: 4096.</summary>
        public uint EventQueueLimit { get; set; }

        /// <summary>Requests waiting to be sent, at most; beyond that they fail with <see cref="ErrorCode.QueueFull"/>. Default 0: 1024.</summary>
        public uint RequestQueueLimit { get; set; }

        /// <summary>How long <see cref="MosisClient.Dispose"/> may take to say goodbye to the daemon, in ms. Default 0: 200 ms.</summary>
        public uint GoodbyeTimeoutMs { get; set; }

        private static string? RuntimeName()
        {
            string name = RuntimeInformation.FrameworkDescription;
            return Encoding.UTF8.GetByteCount(name) <= 64 ? name : null;
        }
    }
}
