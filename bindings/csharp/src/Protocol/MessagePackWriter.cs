// Writes canonical MessagePack into a growing buffer: every integer, text and count in its shortest form.
using System;
using System.Text;

namespace Mosis.Protocol
{
    /// <summary>One thread at a time. The buffer is kept by <see cref="Clear"/>, so that a writer in use allocates nothing.</summary>
    internal sealed class MessagePackWriter
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        private byte[] buffer = new byte[256];
        private int size;

        /// <summary>What was written since <see cref="Clear"/>; valid until the next write.</summary>
        public ReadOnlySpan<byte> Written => new ReadOnlySpan<byte>(buffer, 0, size);

        public void Clear() => size = 0;

        public void Nil() => Byte(0xc0);

        public void Boolean(bool value) => Byte(value ? 0xc3 : 0xc2);

        /// <exception cref="ArgumentException">Above 2^53 − 1.</exception>
        public void Integer(ulong value)
        {
            if (value < 0x80)
            {
                Byte((int)value);
            }
            else if (value <= byte.MaxValue)
            {
                Head(0xcc, value, 1);
            }
            else if (value <= ushort.MaxValue)
            {
                Head(0xcd, value, 2);
            }
            else if (value <= uint.MaxValue)
            {
                Head(0xce, value, 4);
            }
            else if (value <= MessagePackReader.MaxInteger)
            {
                // int64: msgpackr, which the daemon uses, writes no uint64 below 2^63.
                Head(0xd3, value, 8);
            }
            else
            {
                throw new ArgumentException($"{value} is above 2^53 - 1.");
            }
        }

        public void Array(int count)
        {
            if (count < 16)
            {
                Byte(0x90 | count);
            }
            else if (count <= ushort.MaxValue)
            {
                Head(0xdc, (uint)count, 2);
            }
            else
            {
                Head(0xdd, (uint)count, 4);
            }
        }

        public void Map(int pairs)
        {
            if (pairs < 16)
            {
                Byte(0x80 | pairs);
            }
            else
            {
                Head(0xde, (uint)pairs, 2);
            }
        }

        /// <exception cref="ArgumentException">Null, or half a surrogate pair.</exception>
        public void Text(string? value, string what)
        {
            if (value == null)
            {
                throw new ArgumentNullException(what);
            }
            int bytes = ByteCount(value, what);
            if (bytes < 32)
            {
                Byte(0xa0 | bytes);
            }
            else
            {
                SizeHead(0xd9, bytes);
            }
            Reserve(bytes);
            size += Strict.GetBytes(value, 0, value.Length, buffer, size);
        }

        /// <exception cref="ArgumentException">Null.</exception>
        public void Bytes(byte[]? value, string what)
        {
            if (value == null)
            {
                throw new ArgumentNullException(what);
            }
            SizeHead(0xc4, value.Length);
            Packed(value);
        }

        /// <summary>MessagePack that is known to be good.</summary>
        public void Packed(ReadOnlySpan<byte> value)
        {
            Reserve(value.Length);
            value.CopyTo(new Span<byte>(buffer, size, value.Length));
            size += value.Length;
        }

        private static int ByteCount(string value, string what)
        {
            try
            {
                return Strict.GetByteCount(value);
            }
            catch (EncoderFallbackException error)
            {
                throw new ArgumentException("The text holds half a surrogate pair and is no valid Unicode.", what, error);
            }
        }

        /// <summary>Size of a text or binary in 1, 2 or 4 bytes, whose first bytes follow one another.</summary>
        private void SizeHead(int first, int bytes)
        {
            if (bytes <= byte.MaxValue)
            {
                Head(first, (uint)bytes, 1);
            }
            else if (bytes <= ushort.MaxValue)
            {
                Head(first + 1, (uint)bytes, 2);
            }
            else
            {
                Head(first + 2, (uint)bytes, 4);
            }
        }

        private void Head(int first, ulong value, int width)
        {
            Byte(first);
            for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
            {
                Byte((int)(value >> shift & 0xff));
            }
        }

        private void Byte(int value)
        {
            Reserve(1);
            buffer[size++] = (byte)value;
        }

        private void Reserve(int bytes)
        {
            if (buffer.Length - size < bytes)
            {
                System.Array.Resize(ref buffer, Math.Max(buffer.Length * 2, size + bytes));
            }
        }
    }
}
