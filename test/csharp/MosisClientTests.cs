// What the client raises when, without the native library.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Mosis.Native;
using Mosis.Protocol;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class MosisClientTests : ClientFixture
    {
        [Test]
        public void Poll_WithNothingThere_ReturnsZero() => Assert.That(phone.Poll(), Is.Zero);

        [Test]
        public void Poll_RaisesEventsInOrder()
        {
            var texts = new List<string>();
            phone.MessageReceived += message => texts.Add(message.Text);
            for (int number = 0; number < 3; number++)
            {
                link.Event(EventId.MessageReceived, new MessageReceived { MessageId = (ulong)number, PeerId = "bob", Text = $"text {number} ☎" });
            }

            Assert.That(phone.Poll(), Is.EqualTo(3));
            Assert.That(texts, Is.EqualTo(new[] { "text 0 ☎", "text 1 ☎", "text 2 ☎" }));
        }

        [Test]
        public void Poll_WithALimit_LeavesTheRestForTheNextCall()
        {
            link.State(MosisClientState.Ready);
            link.State(MosisClientState.Reconnecting);
            link.State(MosisClientState.Ready);

            Assert.That(phone.Poll(2), Is.EqualTo(2));
            Assert.That(phone.State, Is.EqualTo(MosisClientState.Reconnecting));
            Assert.That(phone.Poll(2), Is.EqualTo(1));
            Assert.That(() => phone.Poll(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        }

        [Test]
        public void Poll_WhenAHandlerThrows_ThrowsAndGoesOnWithTheNextEvent()
        {
            var seen = new List<ulong>();
            phone.MessageChanged += change =>
            {
                seen.Add(change.MessageId);
                if (change.MessageId == 1)
                {
                    throw new InvalidOperationException("from the game");
                }
            };
            link.Event(EventId.MessageChanged, new MessageChanged { MessageId = 1, PeerId = "bob", State = MessageState.Delivered });
            link.Event(EventId.MessageChanged, new MessageChanged { MessageId = 2, PeerId = "bob", State = MessageState.Failed, Reason = ErrorCode.PeerOffline });

            Assert.That(() => phone.Poll(), Throws.InvalidOperationException.With.Message.EqualTo("from the game"));
            Assert.That(phone.Poll(), Is.EqualTo(1));
            Assert.That(seen, Is.EqualTo(new ulong[] { 1, 2 }));
        }

        [Test]
        public void Poll_InsideAHandler_IsRefused()
        {
            phone.StateChanged += _ => phone.Poll();
            link.State(MosisClientState.Ready);

            Assert.That(() => phone.Poll(), Throws.InvalidOperationException.With.Message.Contains("handler"));
            Assert.That(phone.Poll(), Is.Zero);
        }

        [Test]
        public void Poll_OfAnUnknownEvent_SkipsIt()
        {
            link.Raw(0x7fff, Array.Empty<byte>());

            Assert.That(phone.Poll(), Is.EqualTo(1));
        }

        [Test]
        public void Poll_OfAPayloadThatDoesNotFit_ThrowsMalformedAndGoesOn()
        {
            link.Raw(EventId.MessageReceived, new byte[] { 0xc1 });
            link.State(MosisClientState.Ready);

            Assert.That(() => phone.Poll(), Throws.TypeOf<MosisException>().With.Property("Code").EqualTo(ErrorCode.Malformed));
            Assert.That(phone.Poll(), Is.EqualTo(1));
        }

        [Test]
        public void StateChanged_TellsErrorTextAndDaemon()
        {
            var changes = new List<MosisStateChange>();
            phone.StateChanged += changes.Add;
            Assert.That(phone.State, Is.EqualTo(MosisClientState.Connecting));
            link.State(MosisClientState.Ready, daemonPid: 4711);
            link.State(MosisClientState.Failed, ErrorCode.DaemonNotFound, "No daemon program.");
            phone.Poll();

            Assert.That(changes[0].Error, Is.Null);
            Assert.That(changes[0].DaemonPid, Is.EqualTo(4711));
            Assert.That(changes[1].State, Is.EqualTo(MosisClientState.Failed));
            Assert.That(changes[1].Error, Is.EqualTo(ErrorCode.DaemonNotFound));
            Assert.That(changes[1].Text, Is.EqualTo("No daemon program."));
            Assert.That(phone.State, Is.EqualTo(MosisClientState.Failed));
        }

        [Test]
        public void Snapshot_ReplacesPeersAndLine_AndRaisesWhatChanged()
        {
            var changes = new List<string>();
            var lines = new List<LineInfo>();
            phone.PeerChanged += peer => changes.Add($"{peer.PeerId} {peer.DisplayName} {peer.Online}");
            phone.LineChanged += lines.Add;
            link.Event(NativeMethods.EventSnapshot, SnapshotOf(Peer("bob", "Bob"), Peer("cleo", "Cleo"), Peer("dan", "Dan")));
            phone.Poll();
            changes.Clear();

            link.Event(NativeMethods.EventSnapshot, SnapshotOf(Peer("bob", "Bob"), Peer("cleo", "Cleopatra"), Peer("eve", "Eve")));
            phone.Poll();

            Assert.That(phone.Peers.Select(peer => peer.PeerId), Is.EqualTo(new[] { "bob", "cleo", "eve" }));
            Assert.That(changes, Is.EquivalentTo(new[] { "cleo Cleopatra True", "dan Dan False", "eve Eve True" }));
            Assert.That(phone.Line!.PhoneId, Is.EqualTo("ada"));
            Assert.That(lines, Has.Count.EqualTo(2));
        }

        [Test]
        public void Snapshot_WhenAHandlerThrows_KeepsTheOtherChanges()
        {
            int calls = 0;
            phone.PeerChanged += _ => { if (++calls == 1) { throw new InvalidOperationException("from the game"); } };
            link.Event(NativeMethods.EventSnapshot, SnapshotOf(Peer("bob", "Bob"), Peer("cleo", "Cleo")));

            Assert.That(() => phone.Poll(), Throws.InvalidOperationException);
            phone.Poll();
            Assert.That(calls, Is.EqualTo(2));
        }

        [Test]
        public void Snapshot_WithoutAHandler_DoesNotHoldUpWhatFollows()
        {
            link.Event(NativeMethods.EventSnapshot, SnapshotOf(Peer("bob", "Bob")));
            link.State(MosisClientState.Reconnecting);
            phone.Poll();

            Assert.That(phone.State, Is.EqualTo(MosisClientState.Reconnecting));
            Assert.That(phone.Poll(), Is.Zero);
        }

        [Test]
        public void Peers_FollowChanges_AndAListOnceReadStaysAsItWas()
        {
            link.Event(EventId.PeerChanged, new PeerChanged { Peer = Peer("bob", "Bob") });
            phone.Poll();
            IReadOnlyList<PeerInfo> before = phone.Peers;
            link.Event(EventId.PeerChanged, new PeerChanged { Peer = Peer("bob", "Robert") });
            link.Event(EventId.PeerChanged, new PeerChanged { Peer = Peer("cleo", "Cleo") });
            phone.Poll();
            Assert.That(phone.Peers.Select(peer => peer.DisplayName), Is.EqualTo(new[] { "Robert", "Cleo" }));
            link.Event(EventId.PeerChanged, new PeerChanged { Peer = new PeerInfo { PeerId = "bob", DisplayName = "Robert", Online = false } });
            phone.Poll();

            Assert.That(phone.Peers.Select(peer => peer.PeerId), Is.EqualTo(new[] { "cleo" }));
            Assert.That(before.Single().DisplayName, Is.EqualTo("Bob"));
        }

        [Test]
        public void Dispose_InsideAHandler_EndsPolling()
        {
            int calls = 0;
            phone.StateChanged += _ =>
            {
                calls++;
                phone.Dispose();
            };
            link.State(MosisClientState.Ready);
            link.State(MosisClientState.Reconnecting);

            Assert.That(phone.Poll(), Is.EqualTo(1));
            Assert.That(phone.Poll(), Is.Zero);
            Assert.That(calls, Is.EqualTo(1));
            Assert.That(link.DisposedWhileHeld, Is.False);
        }

        [Test]
        public void Dispose_Twice_DoesNothing_AndCallsAfterwardsAreRefused()
        {
            phone.Dispose();
            phone.Dispose();

            Assert.That(() => { _ = phone.SendMessageAsync("bob", "Hello!"); }, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => phone.GetLinkStatistics(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => phone.StartPollThread(), Throws.TypeOf<ObjectDisposedException>());
        }

        [Test]
        public void GetLinkStatistics_ReadsTheLibrary()
        {
            Assert.That(phone.GetLinkStatistics().Reconnects, Is.EqualTo(3));
            Assert.That(phone.GetLinkStatistics().RoundTripUs, Is.EqualTo(250));
        }

        private static PeerInfo Peer(string id, string name) => new PeerInfo { PeerId = id, DisplayName = name, Online = true };

        private static Snapshot SnapshotOf(params PeerInfo[] peers) => new Snapshot
        {
            Sequence = 1,
            Line = new LineInfo { LineId = 1, State = LineState.Online, Server = "ws://127.0.0.1:8080", PhoneId = "ada", DisplayName = "Ada" },
            Peers = peers,
        };
    }
}
