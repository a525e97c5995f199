// Runs the tests of this assembly with NUnit's engine in process.
using System;
using System.Collections.Generic;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

internal static class Runner
{
    private static int Main()
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(Assembly.GetExecutingAssembly(), new Dictionary<string, object>());
        ITestResult result = runner.Run(TestListener.NULL, TestFilter.Empty);
        Print(result);
        Console.WriteLine($"{result.PassCount} passed, {result.FailCount} failed, {result.SkipCount} skipped");
        return result.FailCount == 0 && result.PassCount > 0 ? 0 : 1;
    }

    private static void Print(ITestResult result)
    {
        foreach (ITestResult child in result.Children)
        {
            Print(child);
        }
        if (!result.Test.IsSuite)
        {
            string detail = result.ResultState.Status == TestStatus.Failed ? $"\n{result.Message}\n{result.StackTrace}" : "";
            Console.WriteLine($"{result.ResultState.Status,-8}{result.FullName}{detail}");
        }
    }
}
