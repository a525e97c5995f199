using System;

namespace Mosis.Protocol
{
    /// <summary>Bytes that are not what <c>proto/STANDARD.md</c> describes, or do not fit the schema. The message is refused whole.</summary>
    internal sealed class MessagePackException : Exception
    {
        public MessagePackException(string message)
            : base(message)
        {
        }
    }
}
