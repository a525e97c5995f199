// The thread of a client that polls by itself (MosisDispatch.OwnThread).
using System;
using System.Diagnostics;
using System.Threading;

namespace Mosis
{
    /// <summary>
    /// Calls <c>poll</c> every millisecond while something goes on, every 10 ms otherwise: at rest that is 100 short calls a second, and
    /// no callback from a foreign thread is needed, which not every runtime survives.
    /// </summary>
    internal sealed class PollThread : IDisposable
    {
        private const int BusyIntervalMs = 1;
        private const int RestIntervalMs = 10;
        private const int BusyForMs = 100;

        private readonly Func<bool> poll;
        private readonly AutoResetEvent nudge = new AutoResetEvent(false);
        private readonly Thread thread;
        private volatile bool stopping;

        /// <param name="poll">Takes what is there; true when there was something, or something is awaited.</param>
        public PollThread(Func<bool> poll)
        {
            this.poll = poll;
            thread = new Thread(Run) { IsBackground = true, Name = "mosis poll" };
        }

        public void Start() => thread.Start();

        /// <summary>Polls soon: a request was made or cancelled. Any thread.</summary>
        public void Nudge()
        {
            if (!stopping)
            {
                nudge.Set();
            }
        }

        /// <summary>Waits until the thread is out of its current handler, unless that handler is what calls this.</summary>
        public void Dispose()
        {
            stopping = true;
            nudge.Set();
            if (Thread.CurrentThread != thread)
            {
                thread.Join();
            }
        }

        private void Run()
        {
            var sinceBusy = Stopwatch.StartNew();
            while (!stopping)
            {
                if (poll())
                {
                    sinceBusy.Restart();
                }
                nudge.WaitOne(sinceBusy.ElapsedMilliseconds < BusyForMs ? BusyIntervalMs : RestIntervalMs);
            }
        }
    }
}
