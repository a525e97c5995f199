// UTF-8 as the wire allows it. By hand, because runtimes differ in what their decoders let pass.
using System;

namespace Mosis.Protocol
{
    internal static class Utf8Check
    {
        /// <summary>True when the bytes are well-formed UTF-8 (RFC 3629) without U+0000.</summary>
        public static bool IsText(ReadOnlySpan<byte> text)
        {
            for (int at = 0; at < text.Length;)
            {
                byte first = text.At(at);
                int length = first >= 0x80 ? SequenceLength(text.Slice(at)) : first > 0 ? 1 : 0;
                if (length == 0)
                {
                    return false;
                }
                at += length;
            }
            return true;
        }

        /// <summary>Bytes of the sequence that comes first (RFC 3629, table of section 4); 0 when it is not well-formed.</summary>
        private static int SequenceLength(ReadOnlySpan<byte> text)
        {
            byte first = text.At(0);
            int length = first >= 0xc2 && first <= 0xdf ? 2 : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
            if (text.Length < length)
            {
                return 0;
            }
            for (int tail = 1; tail < length; tail++)
            {
                if ((text.At(tail) & 0xc0) != 0x80)
                {
                    return 0;
                }
            }
            return length > 2 && !SecondFits(first, text.At(1)) ? 0 : length;
        }

        /// <summary>No overlong forms, no surrogates, nothing above U+10FFFF.</summary>
        private static bool SecondFits(byte first, byte second)
        {
            switch (first)
            {
                case 0xe0:
                    return second >= 0xa0;
                case 0xed:
                    return second <= 0x9f;
                case 0xf0:
                    return second >= 0x90;
                case 0xf4:
                    return second <= 0x8f;
                default:
                    return true;
            }
        }
    }
}
