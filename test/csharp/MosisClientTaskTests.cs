// What becomes of the Tasks of requests, without the native library.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mosis.Protocol;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class MosisClientTaskTests : ClientFixture
    {
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
