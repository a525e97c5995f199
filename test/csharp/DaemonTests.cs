// Two phones on this machine: the real library, daemons, WebRTC and signalling server.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class DaemonTests
    {
        private TestPhones phones = null!;
        private SignallingServer server = null!;

        [OneTimeSetUp]
        public void Start()
        {
            phones = new TestPhones();
            server = new SignallingServer();
        }

        [OneTimeTearDown]
        public void Stop()
        {
            server.Dispose();
            phones.Dispose();
        }

        [Test]
        public void Clients_SeeEachOtherComeAndGo()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            var changes = new List<string>();
            ada.PeerChanged += peer =>
            {
                if (peer.PeerId == "phone-eve")
                {
                    changes.Add($"{peer.DisplayName} {peer.Online}");
                }
            };
            MosisClient eve = phones.OnlineClient("eve", server.Url);
            TestPhones.PollUntil(() => ada.Peers.Any(peer => peer.PeerId == "phone-eve"), "ada sees eve", ada, eve);
            Assert.That(TestPhones.Await(ada.GetPeerAsync("phone-eve"), ada).Online, Is.True);

            TestPhones.Await(eve.CloseLineAsync(), eve);
            TestPhones.PollUntil(() => ada.Peers.All(peer => peer.PeerId != "phone-eve"), "ada sees eve go", ada, eve);
            eve.Dispose();

            Assert.That(changes.First(), Does.EndWith("True"));
            Assert.That(changes.Last(), Is.EqualTo("eve’s phone False"));
        }

        [Test]
        public void Chat_BothWays_KeepsOrderUnicodeAndSize()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            using MosisClient bob = phones.OnlineClient("bob", server.Url);
            List<MessageReceived> atAda = Inbox(ada);
            List<MessageReceived> atBob = Inbox(bob);
            var delivered = new List<ulong>();
            ada.MessageChanged += change => { if (change.State == MessageState.Delivered && change.Confirmed) { delivered.Add(change.MessageId); } };
            string[] texts = Enumerable.Range(0, 20).Select(number => $"number {number}").Concat(new[]
            {
                "é 日本 𝄞 👩‍👩‍👧 \u202eright to left\n\ttab",
                "\uffff\ufffe\u0001",
                new string('x', 65536),
                string.Concat(Enumerable.Repeat("☎é𝄞", 65536 / 9)),
            }).ToArray();

            Task<ulong>[] sent = texts.Select(text => ada.SendMessageAsync("phone-bob", text)).ToArray();
            TestPhones.PollUntil(() => atBob.Count == texts.Length && delivered.Count == texts.Length, "all messages are delivered", ada, bob);
            ulong answer = TestPhones.Await(bob.SendMessageAsync("phone-ada", "got them"), ada, bob);
            TestPhones.PollUntil(() => atAda.Count == 1, "the answer is there", ada, bob);

            Assert.That(atBob.Select(message => message.Text), Is.EqualTo(texts));
            Assert.That(atBob.Select(message => message.PeerId), Is.All.EqualTo("phone-ada"));
            Assert.That(delivered, Is.EqualTo(sent.Select(task => task.Result)));
            Assert.That(atAda.Single().Text, Is.EqualTo("got them"));
            Assert.That(answer, Is.Not.Zero);
        }

        [Test]
        public void Statistics_OfAnOpenConnection_NameTheCandidates()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            using MosisClient bob = phones.OnlineClient("bob", server.Url);
            List<MessageReceived> atBob = Inbox(bob);
            _ = ada.SendMessageAsync("phone-bob", "Hello!");
            TestPhones.PollUntil(() => atBob.Count == 1, "the message is there", ada, bob);

            PeersStatisticsResult statistics = TestPhones.Await(ada.GetStatisticsAsync("phone-bob"), ada, bob);
            Assert.That(statistics.State, Is.EqualTo(ConnectionState.Open));
            Assert.That(statistics.Plain, Is.False);
            Assert.That(statistics.LocalCandidate, Is.Not.Empty);
            Assert.That(statistics.BytesSent, Is.GreaterThan(0));
            DaemonStatusResult status = TestPhones.Await(ada.GetDaemonStatusAsync(), ada);
            Assert.That(status.Profile, Is.EqualTo("ada"));
            Assert.That(status.Sessions.Select(session => session.App), Does.Contain("test-csharp"));
        }

        [Test]
        public void Send_ToAPeerThatIsNotThere_EndsInFailed()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            MessageChanged? change = null;
            ada.MessageChanged += now => change = now;
            ulong id = TestPhones.Await(ada.SendMessageAsync("nobody", "Hello?"), ada);
            TestPhones.PollUntil(() => change != null, "the message has failed", ada);

            Assert.That(change!.MessageId, Is.EqualTo(id));
            Assert.That(change.State, Is.EqualTo(MessageState.Failed));
            Assert.That(change.Reason, Is.EqualTo(ErrorCode.PeerOffline).Or.EqualTo(ErrorCode.PeerUnreachable));
            Assert.That(change.Text, Does.Contain("nobody"));
        }

        [Test]
        public void Send_WithoutALine_IsRefused()
        {
            using MosisClient loner = phones.Client("loner");
            Assert.That(
                () => TestPhones.Await(loner.SendMessageAsync("phone-bob", "Hello?"), loner),
                Throws.TypeOf<MosisException>().With.Property("Code").EqualTo(ErrorCode.LineNotConfigured));
        }

        [Test]
        public void Line_WithAServerThatIsNotThere_SaysSo_AndOpensWhenItIsCorrected()
        {
            using MosisClient cleo = phones.Client("cleo", "ws://127.0.0.1:1");
            TestPhones.PollUntil(() => cleo.Line?.Error != null, "the line tells an error", cleo);
            Assert.That(cleo.Line!.Error, Is.EqualTo(ErrorCode.ServerUnreachable));
            Assert.That(cleo.Line.Text, Does.Contain("127.0.0.1:1"));

            TestPhones.Await(cleo.ConfigureLineAsync(server: server.Url), cleo);
            TestPhones.PollUntil(() => cleo.Line!.State == LineState.Online, "the line is open", cleo);
            Assert.That(cleo.Line.PhoneId, Is.EqualTo("phone-cleo"), "what was not named stays");
        }

        [Test]
        public void Line_WithAnAddressThatIsNone_IsInvalidArgument()
        {
            using MosisClient dan = phones.Client("dan");
            Assert.That(
                () => TestPhones.Await(dan.ConfigureLineAsync(server: "carrier pigeon"), dan),
                Throws.TypeOf<MosisException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument));
        }

        [Test]
        public void Trust_OfAPeerNeverMet_IsNotFound()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            Task trusted = ada.TrustPeerAsync("never-met");
            TestPhones.PollUntil(() => trusted.IsCompleted, "the answer is there", ada);

            Assert.That(Assert.ThrowsAsync<MosisException>(() => trusted)!.Code, Is.EqualTo(ErrorCode.NotFound));
        }

        [Test]
        public void Daemon_Killed_IsReplaced_AndTheChatGoesOn()
        {
            using MosisClient ada = phones.OnlineClient("ada", server.Url);
            using MosisClient bob = phones.OnlineClient("bob", server.Url);
            List<MessageReceived> atBob = Inbox(bob);
            var states = new List<MosisStateChange>();
            ada.StateChanged += states.Add;
            uint pid = TestPhones.Await(ada.GetDaemonStatusAsync(), ada).Pid;

            using (Process daemon = Process.GetProcessById((int)pid))
            {
                daemon.Kill();
            }
            Task<ulong> sent = ada.SendMessageAsync("phone-bob", "said while no daemon was there");
            TestPhones.PollUntil(() => atBob.Count == 1 && sent.IsCompleted, "the message is delivered", ada, bob);

            Assert.That(states.Select(change => change.State), Is.EqualTo(new[] { MosisClientState.Reconnecting, MosisClientState.Ready }));
            Assert.That(states[0].Error, Is.Not.Null);
            Assert.That(states[1].DaemonPid, Is.Not.EqualTo(pid));
            Assert.That(sent.Result, Is.Not.Zero);
            Assert.That(ada.GetLinkStatistics().Reconnects, Is.EqualTo(1));
        }

        [Test]
        public void PollThread_ChatsWithAwaitAlone()
        {
            using MosisClient ada = phones.Client("ada", server.Url);
            using MosisClient bob = phones.Client("bob", server.Url);
            using var online = new CountdownEvent(2);
            ada.LineChanged += line => { if (line.State == LineState.Online) { online.Signal(); } };
            bob.LineChanged += line => { if (line.State == LineState.Online) { online.Signal(); } };
            var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            bob.MessageReceived += message => received.TrySetResult(message.Text);
            ada.StartPollThread();
            bob.StartPollThread();
            Assert.That(online.Wait(TestPhones.Limit), Is.True);

            async Task<string> Talk()
            {
                await ada.SendMessageAsync("phone-bob", "from a server program").ConfigureAwait(false);
                return await received.Task.ConfigureAwait(false);
            }
            Task<string> talk = Talk();
            Assert.That(talk.Wait(TestPhones.Limit), Is.True);
            Assert.That(talk.Result, Is.EqualTo("from a server program"));
        }

        private static List<MessageReceived> Inbox(MosisClient client)
        {
            var inbox = new List<MessageReceived>();
            client.MessageReceived += inbox.Add;
            return inbox;
        }
    }
}
