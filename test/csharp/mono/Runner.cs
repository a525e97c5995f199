// Runs the tests of this assembly with NUnit's engine in process. Parameters: words, of which a test's full name must hold one.
// The last line is JSON for scripts/suites/jsonLine.ts: {"passed":3,"failed":1,"skipped":0,"failures":["name: what happened"]}
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

internal static class Runner
{
    private static int Main(string[] words)
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(Assembly.GetExecutingAssembly(), new Dictionary<string, object>());
        ITestResult result = runner.Run(new Progress(), Filter(words));
        var failures = new List<string>();
        Collect(result, failures);
        Console.WriteLine(
            $"{{\"passed\":{result.PassCount},\"failed\":{result.FailCount},\"skipped\":{result.SkipCount + result.InconclusiveCount},"
            + $"\"failures\":[{string.Join(",", failures.Select(Quoted))}]}}");
        return result.FailCount == 0 && failures.Count == 0 && (result.PassCount > 0 || words.Length > 0) ? 0 : 1;
    }

    private static TestFilter Filter(string[] words)
    {
        if (words.Length == 0)
        {
            return TestFilter.Empty;
        }
        IEnumerable<string> names = words.Select(word => $"<test re='1'>{Escaped(word)}</test>");
        return TestFilter.FromXml($"<filter><or>{string.Concat(names)}</or></filter>");
    }

    /// <summary>A word as regular expression inside XML.</summary>
    private static string Escaped(string word) => System.Security.SecurityElement.Escape(System.Text.RegularExpressions.Regex.Escape(word))!;

    /// <summary>Failed tests, and fixtures whose set-up or tear-down failed.</summary>
    private static void Collect(ITestResult result, List<string> failures)
    {
        foreach (ITestResult child in result.Children)
        {
            Collect(child, failures);
        }
        bool itself = !result.Test.IsSuite || result.ResultState.Site == FailureSite.SetUp || result.ResultState.Site == FailureSite.TearDown;
        if (itself && result.ResultState.Status == TestStatus.Failed)
        {
            failures.Add($"{result.FullName}: {result.Message}\n{result.StackTrace}");
        }
    }

    /// <summary>A line when a test begins and when it ends: after a crash the last line names it.</summary>
    private sealed class Progress : ITestListener
    {
        /// <summary>Kept, because NUnit puts a writer of its own into Console while tests run.</summary>
        private readonly TextWriter terminal = Console.Out;

        public void TestStarted(ITest test)
        {
            if (!test.IsSuite)
            {
                terminal.WriteLine($"run          {test.FullName}");
            }
        }

        public void TestFinished(ITestResult result)
        {
            if (!result.Test.IsSuite)
            {
                terminal.WriteLine($"{result.ResultState.Status,-12} {result.FullName} ({result.Duration * 1000:0} ms) {result.Message}");
            }
        }

        public void TestOutput(TestOutput output) => terminal.Write(output.Text);

        public void SendMessage(TestMessage message) => terminal.WriteLine(message.Message);
    }

    private static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (char c in text)
        {
            json.Append(c == '"' || c == '\\' ? "\\" + c : c < ' ' ? $"\\u{(int)c:x4}" : c.ToString());
        }
        return json.Append('"').ToString();
    }
}
