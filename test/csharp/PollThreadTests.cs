// The client that polls by itself, without the native library.
using System;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class PollThreadTests : ClientFixture
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

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
    }
}
