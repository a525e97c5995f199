// Bytes of a ReadOnlySpan for mono 6.8, whose indexer, enumerator and pinning of ReadOnlySpan lack a modifier that netstandard2.1
// names: code compiled against them ends there in MissingMethodException.
using System;
using System.Runtime.InteropServices;

namespace Mosis.Protocol
{
    internal static class SpanBytes
    {
        /// <summary>bytes[index], with the check of its bounds.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The index is outside.</exception>
        public static byte At(this ReadOnlySpan<byte> bytes, int index) => MemoryMarshal.GetReference(bytes.Slice(index, 1));
    }
}
