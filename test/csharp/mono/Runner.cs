// Runs the tests of this assembly with NUnit's engine in process. Parameters: words, of which a test's full name must hold one.
// The last line is JSON for scripts/suites/jsonLine.ts: {"passed":3,"failed":1,"skipped":0,"failures":["name: what happened"]}
using System;
using System.Collections.Generic;
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
        ITestResult result = runner.Run(TestListener.NULL, Filter(words));
        var failures = new List<string>();
        Print(result, failures);
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

    private static void Print(ITestResult result, List<string> failures)
    {
        foreach (ITestResult child in result.Children)
        {
            Print(child, failures);
        }
        bool failed = result.ResultState.Status == TestStatus.Failed;
        if (failed && (!result.Test.IsSuite || result.ResultState.Site == FailureSite.SetUp || result.ResultState.Site == FailureSite.TearDown))
        {
            failures.Add($"{result.FullName}: {result.Message}\n{result.StackTrace}");
        }
        if (!result.Test.IsSuite)
        {
            Console.WriteLine($"{result.ResultState.Status,-12} {result.Duration * 1000,6:0} ms  {result.FullName}{(failed ? "\n" + result.Message : "")}");
        }
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
