// Strings across the border: strict UTF-8, so that a broken surrogate is refused instead of replaced.
using System;
using System.Text;

namespace Mosis.Native
{
    internal static unsafe class Utf8
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        /// <summary>UTF-8 with the NUL that C wants, or null for null.</summary>
        /// <exception cref="ArgumentException">The text holds U+0000 or half a surrogate pair.</exception>
        public static byte[]? WithNul(string? text, string parameterName)
        {
            if (text == null)
            {
                return null;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("The text holds U+0000, which C strings cannot carry.", parameterName);
            }
            try
            {
                byte[] bytes = new byte[Strict.GetByteCount(text) + 1];
                Strict.GetBytes(text, 0, text.Length, bytes, 0);
                return bytes;
            }
            catch (EncoderFallbackException error)
            {
                throw new ArgumentException("The text holds half a surrogate pair and is no valid Unicode.", parameterName, error);
            }
        }

        /// <summary>A static C string of the library, e.g. an error text.</summary>
        public static string FromNul(byte* text)
        {
            int size = 0;
            while (text != null && text[size] != 0)
            {
                size++;
            }
            return FromSpan(new ReadOnlySpan<byte>(text, size));
        }

        /// <summary>Text from the library, which checked it. Never null.</summary>
        public static string FromSpan(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
    }
}
