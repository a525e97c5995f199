// The real library in a world of its own: temporary runtime and data folders, so that no test meets the phone of who runs it.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
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

        public string RuntimeFolder => Path.Combine(folder.Path, "run");

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
                    Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}");
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

        /// <summary>Polls until the Task is done and returns its result.</summary>
        public static T Await<T>(Task<T> task, params MosisClient[] clients)
        {
            PollUntil(() => task.IsCompleted, "the Task is done", clients);
            return task.GetAwaiter().GetResult();
        }

        public void Dispose() => folder.Dispose();

        [DllImport("libc", CallingConvention = CallingConvention.Cdecl)]
        private static extern int setenv([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
    }
}
