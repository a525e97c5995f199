// The binding on the real library, without a daemon: creation, refusals, threads, disposal.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class NativeClientTests
    {
        private TestPhones phones = null!;

        [OneTimeSetUp]
        public void MakeFolders() => phones = new TestPhones();

        [OneTimeTearDown]
        public void RemoveFolders() => phones.Dispose();

        [TestCase("", TestName = "Create_WithAnEmptyApp_IsInvalidArgument")]
        [TestCase("x", 129, TestName = "Create_WithAnOverlongApp_IsInvalidArgument")]
        public void Create_WithAWrongApp_IsInvalidArgument(string app, int times = 1)
        {
            string name = string.Concat(Enumerable.Repeat(app, times));
            var error = Assert.Throws<MosisException>(() => new MosisClient(new MosisClientOptions(name)))!;
            Assert.That(error.Code, Is.EqualTo(ErrorCode.InvalidArgument));
            Assert.That(error.Message, Is.Not.Empty);
        }

        [Test]
        public void Create_WithABadProfile_IsInvalidArgument()
        {
            var options = new MosisClientOptions("test") { Profile = "../elsewhere" };
            Assert.That(Assert.Throws<MosisException>(() => new MosisClient(options))!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        }

        [Test]
        public void Create_WithTextThatCCannotCarry_IsTheCallersMistake()
        {
            Assert.Throws<ArgumentException>(() => new MosisClient(new MosisClientOptions("a\0b")));
            Assert.Throws<ArgumentException>(() => new MosisClient(new MosisClientOptions("test") { DisplayName = "\udc00" }));
            Assert.Throws<ArgumentNullException>(() => new MosisClient(null!));
            Assert.Throws<ArgumentNullException>(() => new MosisClientOptions(null!));
        }

        [Test]
        public void Create_WithADaemonThatIsNotThere_EndsInFailed()
        {
            string before = Environment.GetEnvironmentVariable("MOSIS_DAEMON")!;
            TestPhones.SetEnvironment("MOSIS_DAEMON", "/nonexistent/mosisd");
            try
            {
                using var phone = new MosisClient(new MosisClientOptions("test") { Profile = "nodaemon" });
                MosisStateChange? change = null;
                phone.StateChanged += now => change = now;
                Task<ulong> sent = phone.SendMessageAsync("bob", "Hello!");
                TestPhones.PollUntil(() => phone.State == MosisClientState.Failed && sent.IsCompleted, "the client has failed", phone);

                Assert.That(change!.Error, Is.EqualTo(ErrorCode.DaemonNotFound));
                Assert.That(change.Text, Does.Contain("/nonexistent/mosisd"));
                Assert.That(sent.IsFaulted, Is.True, "every accepted request is answered");
                Assert.That(Assert.ThrowsAsync<MosisException>(() => phone.GetDaemonStatusAsync())!.Message, Does.Contain("/nonexistent/mosisd"));
            }
            finally
            {
                TestPhones.SetEnvironment("MOSIS_DAEMON", before);
            }
        }

        [Test]
        public void Requests_ThatBreakTheSchema_FailAtOnce()
        {
            using MosisClient phone = WithoutDaemon();
            Task<ulong>[] wrong =
            {
                phone.SendMessageAsync(new string('p', 129), "Hello!"),
                phone.SendMessageAsync("bob", new string('x', 65537)),
                phone.SendMessageAsync("bob", "a\0b"),
            };

            Assert.That(wrong.Select(task => ((MosisException)task.Exception!.InnerException!).Code), Is.All.EqualTo(ErrorCode.InvalidArgument));
        }

        [Test]
        public void Requests_WithinTheLimits_Wait()
        {
            using MosisClient phone = WithoutDaemon();
            Task<ulong>[] right =
            {
                phone.SendMessageAsync(new string('p', 128), "Hello!"),
                phone.SendMessageAsync("bob", string.Concat(Enumerable.Repeat("☎é𝄞", 65536 / 9))),
                phone.SendMessageAsync("bob", new string('x', 65536)),
            };
            phone.Poll();

            Assert.That(right.Any(task => task.IsCompleted), Is.False);
            Assert.That(phone.GetLinkStatistics().RequestsPending, Is.EqualTo(3));
            Assert.That(phone.State, Is.EqualTo(MosisClientState.Connecting));
        }

        [Test]
        public void Requests_BeyondTheQueue_AreRefused()
        {
            var options = new MosisClientOptions("test") { Profile = "waiting", StartDaemon = false, RequestQueueLimit = 2 };
            using var phone = new MosisClient(options);
            _ = phone.SendMessageAsync("bob", "one");
            _ = phone.SendMessageAsync("bob", "two");

            Assert.That(Assert.ThrowsAsync<MosisException>(() => phone.SendMessageAsync("bob", "three"))!.Code, Is.EqualTo(ErrorCode.QueueFull));
        }

        [Test]
        public void Requests_WithoutADaemon_FailAtTheirDeadline()
        {
            var options = new MosisClientOptions("test") { Profile = "waiting", StartDaemon = false, RequestDeadlineMs = 50 };
            using var phone = new MosisClient(options);
            Task<DaemonStatusResult> asked = phone.GetDaemonStatusAsync();
            TestPhones.PollUntil(() => asked.IsCompleted, "the deadline has passed", phone);

            Assert.That(((MosisException)asked.Exception!.InnerException!).Code, Is.EqualTo(ErrorCode.DeadlineExceeded));
        }

        [Test]
        public void Dispose_OnAnotherThread_NeverPullsTheClientAway()
        {
            for (int round = 0; round < 20; round++)
            {
                MosisClient phone = WithoutDaemon();
                using var polling = new ManualResetEventSlim();
                Task game = Task.Run(() =>
                {
                    try
                    {
                        while (true)
                        {
                            phone.Poll();
                            _ = phone.SendMessageAsync("bob", "Hello!");
                            polling.Set();
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        // What the loop waits for.
                    }
                });
                Assert.That(polling.Wait(TestPhones.Limit), Is.True);
                phone.Dispose();
                Assert.That(game.Wait(TestPhones.Limit), Is.True);
            }
        }

        [Test]
        public void Dispose_Forgotten_IsMadeUpByTheRuntime()
        {
            var reference = new WeakReference(null);
            // On a thread of its own: nothing of it is left on a stack that the collector scans.
            var forgetting = new Thread(() => reference.Target = WithoutDaemon());
            forgetting.Start();
            forgetting.Join();
            TestPhones.PollUntil(
                () =>
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    return !reference.IsAlive;
                },
                "the client is collected");
        }

        [Test]
        public void PollThread_OnTheRealLibrary_FailsARequestAtItsDeadline()
        {
            var options = new MosisClientOptions("test") { Profile = "waiting", StartDaemon = false, RequestDeadlineMs = 50 };
            using var phone = new MosisClient(options);
            phone.StartPollThread();

            Task<DaemonStatusResult> asked = phone.GetDaemonStatusAsync();
            Assert.That(() => asked.Wait(TestPhones.Limit), Throws.TypeOf<AggregateException>().With.InnerException.TypeOf<MosisException>());
        }

        private static MosisClient WithoutDaemon() => new MosisClient(new MosisClientOptions("test") { Profile = "waiting", StartDaemon = false });
    }
}
