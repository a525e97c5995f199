// The command line of the sample.
using System;

namespace Mosis.Samples.Chat;

internal sealed record Options(string? Profile, string? Server, string? Id, string? Name, string? Peer, bool Script)
{
    public const string Usage = """
        usage: chat-csharp [--profile P] [--server URL] [--id ID] [--name NAME] [--peer ID] [--script]
          --profile  which phone of this machine; two games that chat need two    (default)
          --server   signalling server, e.g. ws://127.0.0.1:8080
          --id       id under which others reach this phone
          --name     name that they see
          --peer     whom lines typed here are sent to
          --script   JSON lines on stdout; commands on stdin: send PEER TEXT | stats PEER | status | quit
        """;

    /// <exception cref="ArgumentException">An unknown option, or one without its value.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options(null, null, null, null, null, false);
        for (int index = 0; index < args.Length; index++)
        {
            string Value() => ++index < args.Length ? args[index] : throw new ArgumentException($"{args[index - 1]} needs a value.");
            options = args[index] switch
            {
                "--profile" => options with { Profile = Value() },
                "--server" => options with { Server = Value() },
                "--id" => options with { Id = Value() },
                "--name" => options with { Name = Value() },
                "--peer" => options with { Peer = Value() },
                "--script" => options with { Script = true },
                string other => throw new ArgumentException($"Unknown option {other}."),
            };
        }
        return options;
    }
}
