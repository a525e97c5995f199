// Stands in for the native library: takes requests, hands out what a test has lined up, and remembers who held it.
using System;
using System.Collections.Generic;
using Mosis.Native;
using Mosis.Protocol;

namespace Mosis.Tests
{
    internal sealed class FakeLink : ILink
    {
        private readonly Queue<Lined> lined = new Queue<Lined>();
        private readonly object gate = new object();
        private ulong lastId;
        private int holds;

        private struct Lined
        {
            public uint Type;
            public ulong RequestId;
            public int Result;
            public string Text;
            public byte[] Payload;
            public int ClientState;
            public uint DaemonPid;
        }

        /// <summary>Methods requested so far.</summary>
        public List<uint> Methods { get; } = new List<uint>();

        /// <summary>What the next requests return instead of being accepted; 0 = accepted.</summary>
        public int Refusal { get; set; }

        public uint LastDeadlineMs { get; private set; }

        public ulong LastId
        {
            get
            {
                lock (gate)
                {
                    return lastId;
                }
            }
        }

        public bool IsDisposed { get; private set; }

        /// <summary>True when Dispose came while the client was reading the library's memory.</summary>
        public bool DisposedWhileHeld { get; private set; }

        public void State(MosisClientState state, ErrorCode? error = null, string text = "", uint daemonPid = 0) =>
            Add(new Lined { Type = NativeMethods.EventClientState, ClientState = (int)state, Result = error == null ? 0 : -(int)error, Text = text, DaemonPid = daemonPid });

        public void Event(uint type, IMessage fields) => Add(new Lined { Type = type, Payload = Encoded(fields) });

        public void Raw(uint type, byte[] payload) => Add(new Lined { Type = type, Payload = payload });

        public void Answer(ulong requestId, IMessage result) =>
            Add(new Lined { Type = NativeMethods.EventResponse, RequestId = requestId, Payload = Encoded(result) });

        public void Refuse(ulong requestId, ErrorCode code, string text) =>
            Add(new Lined { Type = NativeMethods.EventResponse, RequestId = requestId, Result = -(int)code, Text = text });

        public bool TryHold()
        {
            holds++;
            return !IsDisposed;
        }

        public void Release() => holds--;

        public bool TryTake(out LinkEvent linkEvent)
        {
            lock (gate)
            {
                bool any = lined.Count > 0;
                Lined next = any ? lined.Dequeue() : default;
                linkEvent = new LinkEvent(
                    next.Type, next.RequestId, next.Result, System.Text.Encoding.UTF8.GetBytes(next.Text ?? ""), next.Payload, next.ClientState, next.DaemonPid);
                return any;
            }
        }

        public int Request(uint method, ReadOnlySpan<byte> parameters, uint deadlineMs, out ulong requestId)
        {
            lock (gate)
            {
                LastDeadlineMs = deadlineMs;
                Methods.Add(method);
                requestId = Refusal == 0 ? ++lastId : 0;
                return Refusal;
            }
        }

        public NativeStats GetStats() => new NativeStats { Reconnects = 3, RoundTripUs = 250 };

        public string TextOf(int result) => $"text of {result}";

        public void Dispose()
        {
            DisposedWhileHeld |= holds > 0;
            IsDisposed = true;
        }

        private void Add(Lined one)
        {
            lock (gate)
            {
                lined.Enqueue(one);
            }
        }

        private static byte[] Encoded(IMessage message)
        {
            var writer = new MessagePackWriter();
            message.Encode(writer);
            return writer.Written.ToArray();
        }
    }
}
