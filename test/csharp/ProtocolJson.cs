// JSON of the vectors as plain objects: Dictionary, List, string, ulong, bool. By hand, because mono has no parser of its own.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Mosis.Tests
{
    internal sealed class ProtocolJson
    {
        private readonly string text;
        private int at;

        private ProtocolJson(string text) => this.text = text;

        public static object? Parse(string text)
        {
            var parser = new ProtocolJson(text);
            object? value = parser.Value();
            if (parser.Peek() != '\0')
            {
                throw parser.Wrong();
            }
            return value;
        }

        /// <summary>One text for equal values: names in order of the alphabet.</summary>
        public static string Print(object? value)
        {
            switch (value)
            {
                case null:
                    return "null";
                case string text:
                    return "\"" + text + "\"";
                case IDictionary<string, object?> fields:
                    return "{" + string.Join(",", fields.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + ":" + Print(pair.Value))) + "}";
                case IEnumerable<object?> items:
                    return "[" + string.Join(",", items.Select(Print)) + "]";
                default:
                    return Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
        }

        private FormatException Wrong() => new FormatException($"not JSON at character {at}");

        private char Peek()
        {
            while (at < text.Length && " \n\r\t".IndexOf(text[at]) >= 0)
            {
                at++;
            }
            return at < text.Length ? text[at] : '\0';
        }

        private bool Take(char wanted)
        {
            bool found = Peek() == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private void Expect(char wanted)
        {
            if (!Take(wanted))
            {
                throw Wrong();
            }
        }

        private bool TakeWord(string word)
        {
            bool found = string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
            at += found ? word.Length : 0;
            return found;
        }

        private object? Value()
        {
            switch (Peek())
            {
                case '{':
                    return Fields();
                case '[':
                    return Items();
                case '"':
                    return Text();
                default:
                    return TakeWord("true") ? true : TakeWord("false") ? false : TakeWord("null") ? null : (object)Number();
            }
        }

        private ulong Number()
        {
            int start = at;
            while (at < text.Length && char.IsDigit(text[at]))
            {
                at++;
            }
            return at > start ? ulong.Parse(text.Substring(start, at - start), CultureInfo.InvariantCulture) : throw Wrong();
        }

        private List<object?> Items()
        {
            var items = new List<object?>();
            Expect('[');
            if (Take(']'))
            {
                return items;
            }
            do
            {
                items.Add(Value());
            }
            while (Take(','));
            Expect(']');
            return items;
        }

        private Dictionary<string, object?> Fields()
        {
            var fields = new Dictionary<string, object?>();
            Expect('{');
            if (Take('}'))
            {
                return fields;
            }
            do
            {
                Peek();
                string name = Text();
                Expect(':');
                fields.Add(name, Value());
            }
            while (Take(','));
            Expect('}');
            return fields;
        }

        private string Text()
        {
            var result = new StringBuilder();
            Expect('"');
            for (; at < text.Length && text[at] != '"'; at++)
            {
                result.Append(text[at] == '\\' ? Escaped() : text[at]);
            }
            Expect('"');
            return result.ToString();
        }

        private char Escaped()
        {
            at++;
            int known = "\"\\/bfnrt".IndexOf(text[at]);
            if (known >= 0)
            {
                return "\"\\/\b\f\n\r\t"[known];
            }
            if (text[at] != 'u')
            {
                throw Wrong();
            }
            at += 4;
            return (char)int.Parse(text.Substring(at - 3, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
    }
}
