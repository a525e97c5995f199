// Reads foreign MessagePack: one forward pass over a span, no reflection, no length bombs. What it accepts is the grammar of proto/STANDARD.md.
using System;
using System.Text;

namespace Mosis.Protocol
{
    /// <summary>Cursor over one message. Every method throws <see cref="MessagePackException"/> on bytes that it does not accept.</summary>
    internal ref struct MessagePackReader
    {
        /// <summary>2^53 − 1.</summary>
        public const ulong MaxInteger = Limits.MaxInteger;

        private readonly ReadOnlySpan<byte> bytes;
        private int at;
        private int depth;
        private int values;

        private enum Kind
        {
            Nil,
            Boolean,
            Integer,
            Negative,
            Text,
            Bytes,
            Array,
            Map,
        }

        /// <param name="bytes">The message, or a part of one.</param>
        /// <param name="depth">Arrays and maps that enclose <paramref name="bytes"/>.</param>
        public MessagePackReader(ReadOnlySpan<byte> bytes, int depth)
        {
            if (bytes.Length > Limits.MaxMessageBytes)
            {
                throw new MessagePackException("message too large");
            }
            this.bytes = bytes;
            this.depth = depth;
            at = 0;
            values = 0;
        }

        /// <summary>Bytes read so far.</summary>
        public int Position => at;

        private int Left => bytes.Length - at;

        public static MessagePackException Wrong(string what) => new MessagePackException($"{what} is of the wrong type or breaks its limit");

        /// <summary>Throws when bytes are left over.</summary>
        public void Finish()
        {
            if (Left > 0)
            {
                throw new MessagePackException($"{Left} bytes follow the message");
            }
        }

        /// <summary>Begins a map and returns its number of pairs; <see cref="EndMap"/> ends it.</summary>
        public int BeginMap(string what)
        {
            ulong pairs = Expect(Kind.Map, what);
            Enter(pairs * 2);
            return (int)pairs;
        }

        /// <summary>Key of a struct: an integer above <paramref name="previous"/>, −1 for the first. Marks tags below 64 as seen.</summary>
        public long Tag(long previous, ref ulong seen)
        {
            long tag = (long)Expect(Kind.Integer, "a key");
            // Ascending order also refuses a tag that comes twice, without remembering any.
            if (tag <= previous)
            {
                throw new MessagePackException($"tag {tag} after {previous}: tags must ascend");
            }
            if (tag < 64)
            {
                seen |= 1UL << (int)tag;
            }
            return tag;
        }

        public void EndMap(ulong seen, ulong required, string what)
        {
            if ((seen & required) != required)
            {
                throw new MessagePackException($"{what}: a field is missing");
            }
            depth--;
        }

        /// <summary>Begins an array and returns its count; <see cref="EndArray"/> ends it. Each item takes at least a byte that is there.</summary>
        public int BeginArray(int maxItems, string what)
        {
            ulong items = Expect(Kind.Array, what);
            if (items > (ulong)maxItems)
            {
                throw Wrong(what);
            }
            Enter(items);
            return (int)items;
        }

        public void EndArray() => depth--;

        public bool Boolean(string what) => Expect(Kind.Boolean, what) != 0;

        public uint UInt32(string what) => (uint)UInt(uint.MaxValue, what);

        /// <summary>An integer in 0 … max, in whatever width it came.</summary>
        public ulong UInt(ulong max, string what)
        {
            ulong number = Expect(Kind.Integer, what);
            return number <= max ? number : throw Wrong(what);
        }

        public string Text(int maxBytes, string what)
        {
            ulong size = Expect(Kind.Text, what);
            if (size > (ulong)maxBytes)
            {
                throw Wrong(what);
            }
            return Encoding.UTF8.GetString(TakeText(size));
        }

        public byte[] Bytes(int minBytes, int maxBytes, string what)
        {
            ulong size = Expect(Kind.Bytes, what);
            if (size < (ulong)minBytes || size > (ulong)maxBytes)
            {
                throw Wrong(what);
            }
            return Take(size).ToArray();
        }

        /// <summary>True, and taken, when nil comes next.</summary>
        public bool TakeNil()
        {
            if (Left == 0 || bytes.At(at) != 0xc0)
            {
                return false;
            }
            Head(out _);
            return true;
        }

        /// <summary>Passes over one value of any kind, checking its grammar.</summary>
        public void Skip()
        {
            switch (Head(out ulong number))
            {
                case Kind.Text:
                    TakeText(number);
                    break;
                case Kind.Bytes:
                    Take(number);
                    break;
                case Kind.Array:
                    // Enter bounds the depth, and with it this recursion.
                    Enter(number);
                    for (; number > 0; number--)
                    {
                        Skip();
                    }
                    depth--;
                    break;
                case Kind.Map:
                    Enter(number * 2);
                    SkipPairs(number);
                    depth--;
                    break;
            }
        }

        private void SkipPairs(ulong pairs)
        {
            long tag = -1;
            ulong seen = 0;
            for (; pairs > 0; pairs--)
            {
                tag = Tag(tag, ref seen);
                Skip();
            }
        }

        private ulong Expect(Kind kind, string what) => Head(out ulong number) == kind ? number : throw Wrong(what);

        private void Enter(ulong contained)
        {
            if (depth >= Limits.MaxDepth)
            {
                throw new MessagePackException("nested too deep");
            }
            // A count above the bytes that are left is a lie, and nobody shall allocate for it.
            if (contained > (ulong)Left)
            {
                throw new MessagePackException($"{contained} values announced, {Left} bytes left");
            }
            depth++;
        }

        /// <summary>Kind of the next value; number = the integer or boolean, bytes of a text or binary, items of an array, pairs of a map.</summary>
        private Kind Head(out ulong number)
        {
            if (++values > Limits.MaxValues)
            {
                throw new MessagePackException("too many values");
            }
            byte first = (byte)BigEndian(1);
            number = first;
            if (first < 0x80)
            {
                return Kind.Integer;
            }
            if (first >= 0xe0)
            {
                return Kind.Negative;
            }
            if (first >= 0xc0)
            {
                return WideHead(first, out number);
            }
            number = first < 0xa0 ? first & 15u : first & 31u;
            return first < 0x90 ? Kind.Map : first < 0xa0 ? Kind.Array : Kind.Text;
        }

        private Kind WideHead(byte first, out ulong number)
        {
            number = 0;
            switch (first)
            {
                case 0xc0:
                    return Kind.Nil;
                case 0xc2:
                case 0xc3:
                    number = first & 1u;
                    return Kind.Boolean;
                case 0xc4:
                case 0xc5:
                case 0xc6:
                    number = BigEndian(1 << (first - 0xc4));
                    return Kind.Bytes;
                case 0xcc:
                case 0xcd:
                case 0xce:
                case 0xcf:
                    number = BigEndian(1 << (first - 0xcc));
                    return number <= MaxInteger ? Kind.Integer : throw new MessagePackException("integer above 2^53 - 1");
                case 0xd0:
                case 0xd1:
                case 0xd2:
                case 0xd3:
                    return Signed(1 << (first - 0xd0), out number);
                case 0xd9:
                case 0xda:
                case 0xdb:
                    number = BigEndian(1 << (first - 0xd9));
                    return Kind.Text;
                case 0xdc:
                case 0xdd:
                    number = BigEndian(2 << (first - 0xdc));
                    return Kind.Array;
                case 0xde:
                case 0xdf:
                    number = BigEndian(2 << (first - 0xde));
                    return Kind.Map;
                default:
                    throw new MessagePackException("floats and extensions are not used");
            }
        }

        private Kind Signed(int width, out ulong number)
        {
            int unused = 64 - (8 * width);
            long value = (long)(BigEndian(width) << unused) >> unused;
            if (value > (long)MaxInteger || value < -(long)MaxInteger)
            {
                throw new MessagePackException("integer beyond 2^53 - 1");
            }
            number = value < 0 ? 0 : (ulong)value;
            return value < 0 ? Kind.Negative : Kind.Integer;
        }

        private ulong BigEndian(int width)
        {
            ulong value = 0;
            ReadOnlySpan<byte> taken = Take((ulong)width);
            for (int index = 0; index < width; index++)
            {
                value = (value << 8) | taken.At(index);
            }
            return value;
        }

        private ReadOnlySpan<byte> Take(ulong size)
        {
            if (size > (ulong)Left)
            {
                throw new MessagePackException("truncated");
            }
            ReadOnlySpan<byte> taken = bytes.Slice(at, (int)size);
            at += (int)size;
            return taken;
        }

        private ReadOnlySpan<byte> TakeText(ulong size)
        {
            ReadOnlySpan<byte> text = Take(size);
            return Utf8Check.IsText(text) ? text : throw new MessagePackException("text is not UTF-8 or holds U+0000");
        }
    }
}
