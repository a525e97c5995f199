// The real library in a world of its own: temporary runtime and data folders, so that no test meets the phone of who runs it.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Mosis.Tests
{
    /// <summary>
    /// Folders and programs of one fixture. The library reads the C environment, which is not the one that .NET shows: hence setenv.
    /// </summary>
    internal sealed class TestPhones : IDisposable
    {
        public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
        private const int Sigterm = 15;
        private readonly TemporaryFolder folder = new TemporaryFolder("phones");

        public TestPhones()
        {
            SetEnvironment("MOSIS_RUNTIME_DIR", Path.Combine(folder.Path, "run"));
            SetEnvironment("MOSIS_DATA_DIR", Path.Combine(folder.Path, "data"));
            SetEnvironment("MOSIS_DAEMON", Repository.At("daemon/bin/mosisd"));
            string library = Repository.At("bindings/native/build/dev/libmosis.so");
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MOSIS_LIBRARY")))
            {
                Assert.That(library, Does.Exist, "The native library is not built: npm run setup.");
                Environment.SetEnvironmentVariable("MOSIS_LIBRARY", library);
            }
        }

        /// <summary>A client of a profile of its own. Polled by the test.</summary>
        public MosisClient Client(string profile, string? server = null)
        {
            var options = new MosisClientOptions("test-csharp") { Profile = profile, Server = server, PhoneId = $"phone-{profile}", DisplayName = $"{profile}’s phone" };
            return new MosisClient(options);
        }

        /// <summary>A client whose line is online.</summary>
        public MosisClient OnlineClient(string profile, string server)
        {
            MosisClient client = Client(profile, server);
            PollUntil(() => client.Line?.State == LineState.Online, $"{profile} is online", client);
            return client;
        }

        /// <summary>Sets a variable of this process for the native side as well.</summary>
        public static void SetEnvironment(string name, string value)
        {
            Environment.SetEnvironmentVariable(name, value);
            Assert.That(setenv(name, value, 1), Is.Zero);
        }

        /// <summary>Polls the clients until the condition holds; fails the test with the text after <see cref="Limit"/>.</summary>
        public static void PollUntil(Func<bool> condition, string what, params MosisClient[] clients)
        {
            var waited = Stopwatch.StartNew();
            while (!condition())
            {
                if (waited.Elapsed > Limit)
                {
                    Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}\n{string.Join("\n", clients.Select(Describe))}");
                }
                int handled = 0;
                foreach (MosisClient client in clients)
                {
                    handled += client.Poll();
                }
                if (handled == 0)
                {
                    // A frame of a game, not a guess how long something takes.
                    Thread.Sleep(1);
                }
            }
        }

        private static string Describe(MosisClient client)
        {
            MosisLinkStatistics link = client.GetLinkStatistics();
            return $"{client.State}, line {client.Line?.State} {client.Line?.Text}, peers {client.Peers.Count}; requests pending {link.RequestsPending}, "
                + $"sent {link.RequestsSent}, answers {link.ResponsesReceived}, events {link.EventsReceived}, queued {link.EventsQueued}, malformed {link.Malformed}, reconnects {link.Reconnects}";
        }

        /// <summary>Polls until the Task is done and returns its result.</summary>
        public static T Await<T>(Task<T> task, params MosisClient[] clients)
        {
            PollUntil(() => task.IsCompleted, "the Task is done", clients);
            return task.GetAwaiter().GetResult();
        }

        /// <summary>Stops the daemons that run in these folders, and removes them.</summary>
        public void Dispose()
        {
            int[] daemons = RunningDaemons();
            foreach (int pid in daemons)
            {
                // −1: it has ended between the look and the signal.
                _ = kill(pid, Sigterm);
            }
            PollUntil(() => daemons.All(pid => !Directory.Exists($"/proc/{pid}")), "the daemons have ended");
            folder.Dispose();
        }

        private int[] RunningDaemons()
        {
            string run = Path.Combine(folder.Path, "run");
            return Directory.Exists(run)
                ? Directory.GetFiles(run, "endpoint.json", SearchOption.AllDirectories).Select(file => int.Parse(Regex.Match(File.ReadAllText(file), "\"pid\":\\s*(\\d+)").Groups[1].Value)).ToArray()
                : Array.Empty<int>();
        }

        [DllImport("libc", CallingConvention = CallingConvention.Cdecl)]
        private static extern int kill(int pid, int signal);

        [DllImport("libc", CallingConvention = CallingConvention.Cdecl)]
        private static extern int setenv([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
    }
}
