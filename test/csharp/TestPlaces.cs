// Where things are for tests: the repository, temporary folders, programs that are run to their end.
using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Mosis.Tests
{
    internal static class Repository
    {
        /// <summary>Absolute path of something in the repository, from wherever the tests run.</summary>
        public static string At(string path) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", path));

        private static string ThisFile([CallerFilePath] string path = "") => path;
    }

    /// <summary>A folder below /tmp that is gone afterwards. Short, because socket paths may have 107 bytes at most.</summary>
    internal sealed class TemporaryFolder : IDisposable
    {
        public TemporaryFolder(string name)
        {
            Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mosis-csharp-{name}-{Guid.NewGuid().ToString("N").Substring(0, 8)}");
            Directory.CreateDirectory(Path);
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    internal static class Programs
    {
        /// <summary>Runs a program to its end and returns its standard output; anything but exit code 0 within 4 minutes fails the test.</summary>
        public static string Run(string program, string arguments, Action<ProcessStartInfo>? prepare = null)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            prepare?.Invoke(start);
            using Process process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(240_000))
            {
                process.Kill();
                Assert.Fail($"{program} {arguments} did not end within 4 minutes.");
            }
            Assert.That(process.ExitCode, Is.Zero, $"{program} {arguments}\n{output}\n{errors.Result}");
            return output;
        }
    }
}
