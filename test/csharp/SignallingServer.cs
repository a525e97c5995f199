// The real signalling server as a child process, on a port that is free.
using System;
using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Mosis.Tests
{
    internal sealed class SignallingServer : IDisposable
    {
        private readonly Process process;

        public SignallingServer()
        {
            string node = Repository.At("node_modules/node/bin/node");
            Assert.That(node, Does.Exist, "The npm packages are not installed: npm run setup.");
            var start = new ProcessStartInfo(node, $"{Repository.At("server/signalling/main.ts")} --port 0 --json") { RedirectStandardOutput = true, UseShellExecute = false };
            process = Process.Start(start)!;
            string? line = process.StandardOutput.ReadLine();
            Match url = Regex.Match(line ?? "", "\"url\":\"([^\"]+)\"");
            Assert.That(url.Success, Is.True, $"The signalling server said: {line}");
            Url = url.Groups[1].Value;
        }

        public string Url { get; }

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
