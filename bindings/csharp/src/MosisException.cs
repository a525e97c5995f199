using System;

namespace Mosis
{
    /// <summary>
    /// Something failed that the game's author could not rule out: the daemon, the network, the disk, a peer.
    /// <see cref="Exception.Message"/> says what failed and what to check; <see cref="Code"/> is for programs.
    /// Mistakes in a call (null, half a surrogate pair) are <see cref="ArgumentException"/> instead.
    /// </summary>
    public sealed class MosisException : Exception
    {
        /// <summary>Makes an exception.</summary>
        /// <param name="code">Why; the codes of <c>proto/schema/shim/error.ts</c>, the same in every language.</param>
        /// <param name="message">One English sentence for people: what failed, with ids, then what to check.</param>
        /// <param name="innerException">What it came from, or null.</param>
        public MosisException(ErrorCode code, string message, Exception? innerException = null)
            : base(message, innerException) => Code = code;

        /// <summary>Why it failed.</summary>
        public ErrorCode Code { get; }
    }
}
