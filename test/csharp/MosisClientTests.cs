// The client's rules, without the native library: what is raised when, on which thread, and what becomes of Tasks.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mosis.Native;
using Mosis.Protocol;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class MosisClientTests
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
        private FakeLink link = null!;
        private MosisClient phone = null!;

        [SetUp]
        public void MakeClient()
        {
            link = new FakeLink();
            phone = new MosisClient(new MosisClientOptions("test") { RequestDeadlineMs = 1234 }, link);
        }

        [TearDown]
        public void DisposeClient() => phone.Dispose();

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
        public void SendMessageAsync_CompletesInPoll_WithTheIdOfTheAnswer()
        {
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
            Assert.That(link.Methods, Is.EqualTo(new[] { MethodId.MessageSend }));
            Assert.That(link.LastDeadlineMs, Is.EqualTo(1234));
            phone.Poll();
            Assert.That(sent.IsCompleted, Is.False);

            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
            phone.Poll();

            Assert.That(sent.Status, Is.EqualTo(TaskStatus.RanToCompletion));
            Assert.That(sent.Result, Is.EqualTo(17));
        }

        [Test]
        public void Await_GoesOnInsidePoll_OnThePollingThread()
        {
            int thread = 0;
            async Task Game()
            {
                await phone.SendMessageAsync("bob", "Hello!");
                thread = Thread.CurrentThread.ManagedThreadId;
            }
            // As in a plain game loop: no SynchronizationContext (NUnit's own would take the continuation away).
            WithoutContext(() =>
            {
                Task game = Game();
                link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
                phone.Poll();
                Assert.That(game.IsCompleted, Is.True);
            });

            Assert.That(thread, Is.EqualTo(Thread.CurrentThread.ManagedThreadId));
        }

        [Test]
        public void Requests_AnsweredOutOfOrder_EachGetTheirOwnAnswer()
        {
            Task<ulong> first = phone.SendMessageAsync("bob", "one");
            ulong firstId = link.LastId;
            Task<DaemonStatusResult> second = phone.GetDaemonStatusAsync();
            link.Answer(link.LastId, new DaemonStatusResult { Version = "0.1.0", Pid = 4711, Profile = "default" });
            link.Answer(firstId, new MessageSendResult { MessageId = 1 });
            phone.Poll();

            Assert.That(first.Result, Is.EqualTo(1));
            Assert.That(second.Result.Pid, Is.EqualTo(4711));
        }

        [Test]
        public void Request_RefusedByTheDaemon_FailsWithItsCodeAndText()
        {
            Task<PeersStatisticsResult> asked = phone.GetStatisticsAsync("bob");
            link.Refuse(link.LastId, ErrorCode.LineNotConfigured, "Configure the line first.");
            phone.Poll();

            var error = Assert.ThrowsAsync<MosisException>(() => asked)!;
            Assert.That(error.Code, Is.EqualTo(ErrorCode.LineNotConfigured));
            Assert.That(error.Message, Is.EqualTo("Configure the line first."));
        }

        [Test]
        public void Request_RefusedByTheLibrary_FailsAtOnce()
        {
            link.Refusal = -(int)ErrorCode.QueueFull;
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");

            Assert.That(sent.IsFaulted, Is.True);
            Assert.That(((MosisException)sent.Exception!.InnerException!).Code, Is.EqualTo(ErrorCode.QueueFull));
        }

        [Test]
        public void Request_AfterTheLinkFailed_SaysWhyItDid()
        {
            link.State(MosisClientState.Failed, ErrorCode.DaemonNotFound, "No daemon program.");
            phone.Poll();
            link.Refusal = -(int)ErrorCode.ShuttingDown;

            Assert.That(Assert.ThrowsAsync<MosisException>(() => phone.GetDaemonStatusAsync())!.Message, Does.EndWith("No daemon program."));
        }

        [Test]
        public void Request_WithAnAnswerThatDoesNotFit_FailsAsMalformed()
        {
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
            // An answer of another method: its map lacks the message id, or holds something else there.
            link.Answer(link.LastId, new DaemonStatusResult { Version = "0.1.0", Profile = "default" });
            phone.Poll();

            Assert.That(Assert.ThrowsAsync<MosisException>(() => sent)!.Code, Is.EqualTo(ErrorCode.Malformed));
        }

        [Test]
        public void Request_OfNull_IsTheCallersMistake()
        {
            Assert.That(() => { _ = phone.SendMessageAsync(null!, "Hello!"); }, Throws.ArgumentNullException);
            Assert.That(() => { _ = phone.SendMessageAsync("bob", null!); }, Throws.ArgumentNullException);
            Assert.That(() => { _ = phone.TrustPeerAsync(null!); }, Throws.ArgumentNullException);
        }

        [Test]
        public void Request_WithHalfASurrogatePair_IsTheCallersMistake_AndTheNextOneWorks()
        {
            Assert.That(() => { _ = phone.SendMessageAsync("bob", "\ud83d"); }, Throws.ArgumentException);

            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
            link.Answer(link.LastId, new MessageSendResult { MessageId = 1 });
            phone.Poll();
            Assert.That(sent.Result, Is.EqualTo(1));
        }

        [Test]
        public void Cancel_EndsTheTaskInTheNextPoll_AndTheLateAnswerIsDropped()
        {
            using var source = new CancellationTokenSource();
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!", source.Token);
            source.Cancel();
            Assert.That(sent.IsCompleted, Is.False, "before Poll");
            phone.Poll();
            Assert.That(sent.IsCanceled, Is.True, "after Poll");

            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
            Assert.That(phone.Poll(), Is.EqualTo(1));
        }

        [Test]
        public void Cancel_BeforeTheCall_SendsNothing()
        {
            Assert.That(phone.GetDaemonStatusAsync(new CancellationToken(canceled: true)).IsCanceled, Is.True);
            Assert.That(link.Methods, Is.Empty);
        }

        [Test]
        public void Cancel_AfterTheAnswer_ChangesNothing()
        {
            using var source = new CancellationTokenSource();
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!", source.Token);
            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
            phone.Poll();
            source.Cancel();
            phone.Poll();

            Assert.That(sent.Result, Is.EqualTo(17));
        }

        [Test]
        public void Dispose_WhileRequestsWait_FailsThemAndSaysSo()
        {
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
            phone.Dispose();

            Assert.That(Assert.ThrowsAsync<MosisException>(() => sent)!.Code, Is.EqualTo(ErrorCode.ShuttingDown));
            Assert.That(link.IsDisposed, Is.True);
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

        [Test]
        public void PollThread_RaisesEventsAndCompletesTasks_WithoutPoll()
        {
            using var raised = new ManualResetEventSlim();
            Thread? thread = null;
            phone.StateChanged += _ =>
            {
                thread = Thread.CurrentThread;
                raised.Set();
            };
            phone.StartPollThread();
            link.State(MosisClientState.Ready);
            Assert.That(raised.Wait(Limit), Is.True);
            Assert.That(thread!.Name, Is.EqualTo("mosis poll"));

            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
            Assert.That(sent.Wait(Limit), Is.True);
            Assert.That(() => phone.Poll(), Throws.InvalidOperationException);
        }

        [Test]
        public void PollThread_DoesNotRunWhatFollowsAnAwait()
        {
            phone.StartPollThread();
            async Task<string?> Game()
            {
                await phone.SendMessageAsync("bob", "Hello!").ConfigureAwait(false);
                return Thread.CurrentThread.Name;
            }
            Task<string?> game = Game();
            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });

            Assert.That(game.Wait(Limit), Is.True);
            Assert.That(game.Result, Is.Not.EqualTo("mosis poll"));
        }

        [Test]
        public void PollThread_Cancel_EndsTheTask()
        {
            phone.StartPollThread();
            using var source = new CancellationTokenSource();
            Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!", source.Token);
            source.Cancel();

            Assert.That(() => sent.Wait(Limit), Throws.TypeOf<AggregateException>().With.InnerException.TypeOf<TaskCanceledException>());
        }

        [Test]
        public void PollThread_StartedTwiceOrAfterARequest_IsRefused()
        {
            phone.SendMessageAsync("bob", "Hello!");
            Assert.That(() => phone.StartPollThread(), Throws.InvalidOperationException);
            link.Answer(link.LastId, new MessageSendResult { MessageId = 17 });
            phone.Poll();
            phone.StartPollThread();
            Assert.That(() => phone.StartPollThread(), Throws.InvalidOperationException);
        }

        [Test]
        public void PollThread_DisposeInsideAHandler_EndsIt()
        {
            using var disposed = new ManualResetEventSlim();
            phone.StateChanged += _ =>
            {
                phone.Dispose();
                disposed.Set();
            };
            phone.StartPollThread();
            link.State(MosisClientState.Ready);

            Assert.That(disposed.Wait(Limit), Is.True);
        }

        [Test]
        public void Requests_FromManyThreads_AreAllAnswered()
        {
            const int PerThread = 200;
            var answers = new Task<ulong>[4 * PerThread];
            var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                for (int index = 0; index < PerThread; index++)
                {
                    answers[(number * PerThread) + index] = phone.SendMessageAsync("bob", "Hello!");
                }
            })).ToArray();
            foreach (Thread thread in threads)
            {
                thread.Start();
            }
            // Answers go out while requests still come in: an answer may be there before the request is in the client's table.
            ulong answered = 0;
            while (threads.Any(thread => thread.IsAlive) || answered < link.LastId)
            {
                for (ulong last = link.LastId; answered < last;)
                {
                    link.Answer(++answered, new MessageSendResult { MessageId = answered });
                }
                phone.Poll();
            }
            while (phone.Poll() > 0)
            {
            }

            Assert.That(answers.All(task => task.IsCompleted), Is.True);
            Assert.That(answers.Select(task => task.Result).Distinct().Count(), Is.EqualTo(answers.Length));
        }

        private static PeerInfo Peer(string id, string name) => new PeerInfo { PeerId = id, DisplayName = name, Online = true };

        private static Snapshot SnapshotOf(params PeerInfo[] peers) => new Snapshot
        {
            Sequence = 1,
            Line = new LineInfo { LineId = 1, State = LineState.Online, Server = "ws://127.0.0.1:8080", PhoneId = "ada", DisplayName = "Ada" },
            Peers = peers,
        };

        private static void WithoutContext(Action action)
        {
            SynchronizationContext? before = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                action();
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }
    }
}
