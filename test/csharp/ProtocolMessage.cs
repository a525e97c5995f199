// One message of either wire for tests: the array around the structs that the binding itself never sees, and its form in the vectors.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Mosis.Protocol;
using Tree = System.Collections.Generic.Dictionary<string, object?>;

namespace Mosis.Tests
{
    /// <summary>A message of a later version: to be ignored.</summary>
    internal sealed class UnknownMessageException : Exception
    {
    }

    internal static class ProtocolMessage
    {
        private const int Request = 16;
        private const int Response = 17;
        private const int Event = 18;

        private delegate IMessage Decoder(ReadOnlySpan<byte> payload);

        /// <summary>The message in the form of the vectors, and its canonical bytes.</summary>
        /// <param name="answers">Method that a response belongs to.</param>
        public static (Tree Message, byte[] Again) Decode(string wire, byte[] bytes, string? answers)
        {
            var reader = new MessagePackReader(bytes, 0);
            reader.Skip();
            reader.Finish();
            reader = new MessagePackReader(bytes, 0);
            int count = reader.BeginArray(int.MaxValue, "message");
            var writer = new MessagePackWriter();
            if (count == 0)
            {
                throw new MessagePackException("message is empty");
            }
            uint kind = reader.UInt32("kind");
            Tree message = wire == "peer"
                ? Body("peer", PeerName(kind), "value", ref reader, bytes, count, writer, kind)
                : kind switch
                {
                    Request => DecodeRequest(ref reader, bytes, count, writer),
                    Response => DecodeResponse(ref reader, bytes, count, writer, answers),
                    Event => DecodeEvent(ref reader, bytes, count, writer),
                    _ => Body("link", LinkName(kind), "value", ref reader, bytes, count, writer, kind),
                };
            return (message, writer.Written.ToArray());
        }

        /// <summary>A message as plain objects; enumerations by name, binaries as hex, null left out.</summary>
        public static object ToTree(object value)
        {
            switch (value)
            {
                case string _:
                case bool _:
                case ulong _:
                    return value;
                case uint number:
                    return (ulong)number;
                case byte[] bytes:
                    return ToHex(bytes);
                case Enum _:
                    return Camel(value.ToString()!);
                case IEnumerable items:
                    return items.Cast<object>().Select(ToTree).ToList();
                default:
                    return Properties(value.GetType())
                        .Select(property => (property.Name, Value: property.GetValue(value)))
                        .Where(pair => pair.Value != null)
                        .ToDictionary(pair => Camel(pair.Name), pair => (object?)ToTree(pair.Value!));
            }
        }

        public static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public);

        public static string ToHex(byte[] bytes) => string.Concat(bytes.Select(one => one.ToString("x2")));

        public static byte[] FromHex(string hex)
        {
            string digits = hex.Replace(" ", "");
            return Enumerable.Range(0, digits.Length / 2).Select(i => Convert.ToByte(digits.Substring(2 * i, 2), 16)).ToArray();
        }

        private static Tree DecodeRequest(ref MessagePackReader reader, byte[] bytes, int count, MessagePackWriter writer)
        {
            ulong id = reader.UInt(Limits.MaxInteger, "request id");
            uint method = reader.UInt32("method");
            byte[] body = TakeMap(ref reader, bytes, count, 6);
            uint deadline = reader.UInt32("deadline");
            byte[]? key = reader.TakeNil() ? null : reader.Bytes(16, 16, "key");
            if (id == 0)
            {
                throw new MessagePackException("request id is 0");
            }
            string name = NameOf(typeof(MethodId), method);
            IMessage value = Read(name + "Params", body);
            Begin(writer, 6, Request, id);
            writer.Integer(method);
            value.Encode(writer);
            writer.Integer(deadline);
            var message = new Tree { ["form"] = "request", ["requestId"] = id, ["name"] = name, ["params"] = ToTree(value), ["deadlineMs"] = (ulong)deadline };
            if (key == null)
            {
                writer.Nil();
                return message;
            }
            writer.Bytes(key, "key");
            message["idempotencyKey"] = ToHex(key);
            return message;
        }

        private static Tree DecodeResponse(ref MessagePackReader reader, byte[] bytes, int count, MessagePackWriter writer, string? answers)
        {
            ulong id = reader.UInt(Limits.MaxInteger, "request id");
            uint code = reader.UInt32("code");
            if (id == 0 || count < 4)
            {
                throw new MessagePackException("request id is 0, or the response has no body");
            }
            Begin(writer, 4, Response, id);
            writer.Integer(code);
            if (code == 0)
            {
                IMessage value = Read(Pascal(answers!) + "Result", TakeMap(ref reader, bytes, count, 4));
                value.Encode(writer);
                return new Tree { ["form"] = "response", ["requestId"] = id, ["result"] = ToTree(value) };
            }
            string text = reader.Text(Limits.MaxErrorTextBytes, "text");
            if (!Enum.IsDefined(typeof(ErrorCode), (int)code))
            {
                throw new MessagePackException("unknown code");
            }
            writer.Text(text, "text");
            return new Tree { ["form"] = "response", ["requestId"] = id, ["code"] = Camel(((ErrorCode)code).ToString()), ["text"] = text };
        }

        private static Tree DecodeEvent(ref MessagePackReader reader, byte[] bytes, int count, MessagePackWriter writer)
        {
            ulong sequence = reader.UInt(Limits.MaxInteger, "sequence");
            uint id = reader.UInt32("event");
            byte[] body = TakeMap(ref reader, bytes, count, 4);
            string name = NameOf(typeof(EventId), id);
            IMessage value = Read(name, body);
            Begin(writer, 4, Event, sequence);
            writer.Integer(id);
            value.Encode(writer);
            return new Tree { ["form"] = "event", ["sequence"] = sequence, ["name"] = name, ["fields"] = ToTree(value) };
        }

        private static Tree Body(
            string form, string name, string key, ref MessagePackReader reader, byte[] bytes, int count, MessagePackWriter writer, uint kind)
        {
            IMessage value = Read(name, TakeMap(ref reader, bytes, count, 2));
            writer.Array(2);
            writer.Integer(kind);
            value.Encode(writer);
            return new Tree { ["form"] = form, ["name"] = name, [key] = ToTree(value) };
        }

        private static void Begin(MessagePackWriter writer, int count, ulong kind, ulong id)
        {
            writer.Array(count);
            writer.Integer(kind);
            writer.Integer(id);
        }

        private static byte[] TakeMap(ref MessagePackReader reader, byte[] bytes, int count, int wanted)
        {
            int start = reader.Position;
            if (count < wanted)
            {
                throw new MessagePackException("message is too short");
            }
            reader.Skip();
            byte[] body = bytes.Skip(start).Take(reader.Position - start).ToArray();
            bool isMap = body[0] >> 4 == 8 || body[0] == 0xde || body[0] == 0xdf;
            return isMap ? body : throw new MessagePackException("body is not a map");
        }

        /// <summary>Decodes with the class of a message; a span cannot go through reflection, a delegate can.</summary>
        private static IMessage Read(string name, byte[] body)
        {
            MethodInfo decode = TypeOf(name).GetMethod("Decode", BindingFlags.Static | BindingFlags.NonPublic)!;
            return ((Decoder)Delegate.CreateDelegate(typeof(Decoder), decode))(body);
        }

        private static Type TypeOf(string name)
        {
            Assembly binding = typeof(MosisClient).Assembly;
            string type = Pascal(name);
            return binding.GetType("Mosis." + type) ?? binding.GetType("Mosis.Protocol." + type) ?? typeof(ProtocolMessage).Assembly.GetType("Mosis.Tests.Wire." + type)!;
        }

        /// <summary>`MessageSend` of 0x0401: class names have no dots, so vectors are compared without them.</summary>
        private static string NameOf(Type ids, uint id) =>
            ids.GetFields().FirstOrDefault(field => (uint)field.GetRawConstantValue()! == id)?.Name ?? throw new UnknownMessageException();

        private static string LinkName(uint kind) =>
            kind >= 1 && kind <= 8
                ? new[] { "Hello", "Identified", "Refused", "Who", "Goodbye", "Ping", "Pong", "Taken" }[kind - 1]
                : throw new UnknownMessageException();

        private static string PeerName(uint id) =>
            id switch
            {
                1 => "PeerHello",
                2 => "PeerRefused",
                3 => "PeerPing",
                4 => "PeerPong",
                16 => "PeerText",
                17 => "PeerStored",
                _ => throw new UnknownMessageException(),
            };

        /// <summary>`message.send` → `MessageSend`.</summary>
        public static string Pascal(string name) => string.Concat(name.Split('.').Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));

        private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
    }
}
