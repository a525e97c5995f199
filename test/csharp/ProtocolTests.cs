// The codec of the binding against the vectors of all languages, and against random values and bytes.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mosis.Protocol;
using NUnit.Framework;
using Tree = System.Collections.Generic.IDictionary<string, object?>;

namespace Mosis.Tests
{
    public sealed class ProtocolTests
    {
        private static readonly Lazy<List<Vector>> All = new Lazy<List<Vector>>(ReadVectors);

        private static IEnumerable<Vector> Good => All.Value.Where(vector => vector.Message != null);

        private static IEnumerable<Vector> Bad => All.Value.Where(vector => vector.Refused != null);

        [Test]
        public void Vectors_Good_MeanWhatTheySayAndComeBackByteForByte()
        {
            var wrong = new List<string>();
            foreach (Vector vector in Good)
            {
                var (message, again) = ProtocolMessage.Decode(vector.Wire, vector.Bytes, vector.Answers);
                string is_ = ProtocolJson.Print(message);
                string should = ProtocolJson.Print(vector.Message);
                if (is_ != should || ProtocolMessage.ToHex(again) != vector.Canonical)
                {
                    wrong.Add($"{vector.Name}\n  is     {is_} {ProtocolMessage.ToHex(again)}\n  should {should} {vector.Canonical}");
                }
            }
            Assert.That(wrong, Is.Empty);
            Assert.That(Good.Count(), Is.GreaterThan(300));
        }

        [Test]
        public void Vectors_Bad_AreRefused()
        {
            var accepted = new List<string>();
            foreach (Vector vector in Bad)
            {
                bool ignored = vector.Refused == "notSupported" || vector.Refused == "unknownMethod";
                Type expected = ignored ? typeof(UnknownMessageException) : typeof(MessagePackException);
                if (Outcome(vector.Wire, vector.Bytes, vector.Answers) != expected)
                {
                    accepted.Add(vector.Name);
                }
            }
            Assert.That(accepted, Is.Empty);
            Assert.That(Bad.Count(), Is.GreaterThan(300));
        }

        [Test]
        public void Vectors_CutAnywhere_AreRefused()
        {
            foreach (Vector vector in Good)
            {
                for (int size = 0; size < vector.Bytes.Length; size++)
                {
                    byte[] cut = vector.Bytes.Take(size).ToArray();
                    if (Outcome(vector.Wire, cut, "message.send") != typeof(MessagePackException))
                    {
                        Assert.Fail($"{vector.Name} cut to {size} bytes was not refused");
                    }
                }
            }
        }

        [Test]
        public void AnyBytes_Decoded_AreRefusedOrComeBack()
        {
            var random = new Random(20261124);
            List<Vector> vectors = All.Value;
            int accepted = 0;
            for (int run = 0; run < 20_000; run++)
            {
                Vector vector = vectors[random.Next(vectors.Count)];
                byte[] bytes = Mutated(vector.Bytes, random);
                string method = vector.Answers ?? "message.send";
                if (Outcome(vector.Wire, bytes, method) != null)
                {
                    continue;
                }
                accepted++;
                var (message, again) = ProtocolMessage.Decode(vector.Wire, bytes, method);
                var (second, third) = ProtocolMessage.Decode(vector.Wire, again, method);
                Assert.That(ProtocolJson.Print(second), Is.EqualTo(ProtocolJson.Print(message)), ProtocolMessage.ToHex(bytes));
                Assert.That(third, Is.EqualTo(again), ProtocolMessage.ToHex(bytes));
            }
            Assert.That(accepted, Is.GreaterThan(500));
        }

        [Test]
        public void AnyValue_WrittenAndRead_IsTheSame()
        {
            var random = new Random(7);
            Type[] types = typeof(MosisClient).Assembly.GetTypes().Concat(typeof(ProtocolTests).Assembly.GetTypes())
                .Where(type => typeof(IMessage).IsAssignableFrom(type) && type.IsClass)
                .ToArray();
            Assert.That(types.Length, Is.GreaterThan(30));
            foreach (Type type in types)
            {
                var read = (MessageReader)Delegate.CreateDelegate(typeof(MessageReader), type.GetMethod("Decode", BindingFlags.Static | BindingFlags.NonPublic)!);
                for (int run = 0; run < 200; run++)
                {
                    var value = (IMessage)AnyValue(type, "", random)!;
                    var writer = new MessagePackWriter();
                    value.Encode(writer);
                    IMessage again = read(writer.Written);
                    Assert.That(ProtocolJson.Print(ProtocolMessage.ToTree(again)), Is.EqualTo(ProtocolJson.Print(ProtocolMessage.ToTree(value))), type.Name);
                }
            }
        }

        [TestCase("a")]
        [TestCase("é")]
        [TestCase("€")]
        [TestCase("😀")]
        public void Text_OfTheLongestSize_ComesBack_AndOneByteMoreIsRefused(string character)
        {
            int size = System.Text.Encoding.UTF8.GetByteCount(character);
            string text = string.Concat(Enumerable.Repeat(character, 65536 / size)).PadRight((65536 / size * character.Length) + (65536 % size), 'b');
            Assert.That(MessageSendParams.Decode(Encoded(new MessageSendParams { PeerId = "bob", Text = text })).Text, Is.EqualTo(text));
            byte[] longer = Encoded(new MessageSendParams { PeerId = "bob", Text = text + "b" });
            Assert.Throws<MessagePackException>(() => MessageSendParams.Decode(longer));
        }

        [Test]
        public void Values_ThatCannotBeWritten_AreArgumentErrors()
        {
            Assert.Throws<ArgumentException>(() => Encoded(new MessageSendParams { PeerId = "bob", Text = "\ud800" }));
            Assert.Throws<ArgumentNullException>(() => Encoded(new MessageSendParams { PeerId = null!, Text = "x" }));
            Assert.Throws<ArgumentException>(() => Encoded(new MessageSendResult { MessageId = 1UL << 53 }));
        }

        [Test]
        public void Messages_WithTooManyBytesOrValues_AreRefused()
        {
            Assert.Throws<MessagePackException>(() => new MessagePackReader(new byte[Limits.MaxMessageBytes + 1], 0).Skip());
            Assert.DoesNotThrow(() => Skip(Nils(Limits.MaxValues - 1)));
            Assert.Throws<MessagePackException>(() => Skip(Nils(Limits.MaxValues)));
        }

        private delegate IMessage MessageReader(ReadOnlySpan<byte> payload);

        private static void Skip(byte[] bytes)
        {
            var reader = new MessagePackReader(bytes, 0);
            reader.Skip();
            reader.Finish();
        }

        /// <summary>array32 of nils.</summary>
        private static byte[] Nils(int count)
        {
            byte[] head = { 0xdd, 0, (byte)(count >> 16), (byte)(count >> 8), (byte)count };
            return head.Concat(Enumerable.Repeat((byte)0xc0, count)).ToArray();
        }

        private static byte[] Encoded(IMessage message)
        {
            var writer = new MessagePackWriter();
            message.Encode(writer);
            return writer.Written.ToArray();
        }

        /// <summary>Null when the bytes are accepted; any other exception than the two that are meant fails the test.</summary>
        private static Type? Outcome(string wire, byte[] bytes, string? answers)
        {
            try
            {
                ProtocolMessage.Decode(wire, bytes, answers);
                return null;
            }
            catch (MessagePackException error)
            {
                return error.GetType();
            }
            catch (UnknownMessageException error)
            {
                return error.GetType();
            }
        }

        private static byte[] Mutated(byte[] seed, Random random)
        {
            var bytes = new List<byte>(seed);
            for (int left = random.Next(3); left >= 0; left--)
            {
                int place = random.Next(bytes.Count + 1);
                switch (random.Next(3))
                {
                    case 0 when place < bytes.Count:
                        bytes[place] = (byte)random.Next(256);
                        break;
                    case 1 when place < bytes.Count:
                        bytes.RemoveAt(place);
                        break;
                    default:
                        bytes.Insert(place, (byte)random.Next(256));
                        break;
                }
            }
            return bytes.ToArray();
        }

        private static object? AnyValue(Type type, string name, Random random)
        {
            Type inner = Nullable.GetUnderlyingType(type) ?? type;
            if (inner == typeof(bool))
            {
                return random.Next(2) == 1;
            }
            if (inner == typeof(uint))
            {
                return (uint)(random.NextDouble() * (random.Next(2) == 1 ? uint.MaxValue : 300));
            }
            if (inner == typeof(ulong))
            {
                return (ulong)(random.NextDouble() * (random.Next(2) == 1 ? MessagePackReader.MaxInteger : 300));
            }
            if (inner == typeof(string))
            {
                return string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => new[] { "a", "é", "€", "😀", "\u007f" }[random.Next(5)]));
            }
            if (inner == typeof(byte[]))
            {
                byte[] bytes = new byte[name == "PublicKey" ? 32 : name == "Signature" ? 64 : 16];
                random.NextBytes(bytes);
                return bytes;
            }
            if (inner.IsEnum)
            {
                Array values = Enum.GetValues(inner);
                return values.GetValue(random.Next(values.Length));
            }
            return inner.IsGenericType ? AnyList(inner.GetGenericArguments()[0], name, random) : AnyMessage(inner, random);
        }

        private static Array AnyList(Type item, string name, Random random)
        {
            Array list = Array.CreateInstance(item, random.Next(17));
            for (int i = 0; i < list.Length; i++)
            {
                list.SetValue(AnyValue(item, name, random), i);
            }
            return list;
        }

        private static object AnyMessage(Type type, Random random)
        {
            object message = Activator.CreateInstance(type)!;
            foreach (PropertyInfo property in ProtocolMessage.Properties(type))
            {
                // Optional ones start as null, and stay so half of the time.
                bool optional = property.GetValue(message) == null;
                if (!optional || random.Next(2) == 1)
                {
                    property.SetValue(message, AnyValue(property.PropertyType, property.Name, random));
                }
            }
            return message;
        }

        private static List<Vector> ReadVectors()
        {
            var vectors = new List<Vector>();
            foreach (string file in new[] { "link", "requests", "responses", "events", "peer" })
            {
                vectors.AddRange(Read($"proto/generated/vectors/{file}.json", parsed => parsed));
            }
            vectors.AddRange(Read("proto/vectors/handwritten.json", parsed => ((Tree)parsed)["vectors"]!));
            return vectors;
        }

        private static IEnumerable<Vector> Read(string path, Func<object, object> list) =>
            ((IEnumerable)list(ProtocolJson.Parse(File.ReadAllText(Repository.At(path)))!)).Cast<Tree>().Select(one => new Vector(one));

        private sealed class Vector
        {
            public Vector(Tree json)
            {
                Name = (string)json["name"]!;
                Wire = (string)json["wire"]!;
                Answers = Optional(json, "answers") as string;
                Bytes = ProtocolMessage.FromHex((string)json["hex"]!);
                Message = Optional(json, "message") as Tree;
                if (Message != null)
                {
                    // Class names have no dots.
                    Message = Message.ToDictionary(pair => pair.Key, pair => pair.Key == "name" ? ProtocolMessage.Pascal((string)pair.Value!) : pair.Value);
                }
                Canonical = (Optional(json, "canonical") as string ?? (string)json["hex"]!).Replace(" ", "");
                Refused = Optional(json, "refused") as string;
            }

            public string Name { get; }

            public string Wire { get; }

            public string? Answers { get; }

            public byte[] Bytes { get; }

            public Tree? Message { get; }

            public string Canonical { get; }

            public string? Refused { get; }

            private static object? Optional(Tree json, string name) => json.TryGetValue(name, out object? value) ? value : null;
        }
    }
}
