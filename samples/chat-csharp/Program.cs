// A game that chats: a loop at 60 Hz that polls the phone once per frame, and does with it what a player typed meanwhile.
using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Mosis;
using Mosis.Samples.Chat;

Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine($"{error.Message}\n{Options.Usage}");
    return 2;
}

var log = new Log(options.Script);
using var phone = new MosisClient(new MosisClientOptions("chat-csharp")
{
    Profile = options.Profile,
    Server = options.Server,
    PhoneId = options.Id,
    DisplayName = options.Name,
});
phone.StateChanged += c => log.Write("client.state", new { c.State, c.Error, c.Text, c.DaemonPid });
phone.LineChanged += l => log.Write("line.changed", new { l.State, l.Server, id = l.PhoneId, l.Error, l.Text });
phone.PeerChanged += p => log.Write("peer.changed", new { peer = p.PeerId, name = p.DisplayName, p.Online });
phone.MessageReceived += m => log.Write("message.received", new { peer = m.PeerId, m.Text, id = m.MessageId });
phone.MessageChanged += c => log.Write("message.changed", new { peer = c.PeerId, id = c.MessageId, c.State, c.Confirmed, c.Reason, c.Text });
phone.IdentityChanged += c => log.Write("peer.identityChanged", new { peer = c.PeerId, c.Fingerprint });

var typed = new ConcurrentQueue<string>();
bool running = true;
new Thread(ReadInput) { IsBackground = true, Name = "stdin" }.Start();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    Volatile.Write(ref running, false);
};

var frame = Stopwatch.StartNew();
while (Volatile.Read(ref running))
{
    frame.Restart();
    phone.Poll();
    while (typed.TryDequeue(out string? line))
    {
        Do(line);
    }
    // Here a game would move and draw; we only wait for the next frame.
    Thread.Sleep(Math.Max(0, 16 - (int)frame.ElapsedMilliseconds));
}
return 0;

void ReadInput()
{
    while (Console.ReadLine() is string line)
    {
        typed.Enqueue(line);
    }
    typed.Enqueue("quit");
}

void Do(string line)
{
    bool isText = !options.Script && options.Peer != null && line != "quit";
    string[] words = isText ? ["send", options.Peer!, line] : line.Split(' ', 3);
    switch (words)
    {
        case ["send", string peer, string text]:
            _ = Report(line, () => SendAsync(peer, text));
            break;
        case ["stats", string peer]:
            _ = Report(line, async () => log.Write("stats", new { peer, statistics = await phone.GetStatisticsAsync(peer) }));
            break;
        case ["status"]:
            _ = Report(line, StatusAsync);
            break;
        case ["quit"]:
            Volatile.Write(ref running, false);
            break;
        default:
            log.Write("error", new { command = line, text = "Commands: send PEER TEXT | stats PEER | status | quit" });
            break;
    }
}

async Task SendAsync(string peer, string text) =>
    log.Write("message.accepted", new { peer, text, id = await phone.SendMessageAsync(peer, text) });

async Task StatusAsync()
{
    DaemonStatusResult s = await phone.GetDaemonStatusAsync();
    log.Write("status", new { daemon = new { s.Version, s.Pid, s.Profile, s.UptimeMs, s.ResidentBytes, sessions = s.Sessions.Count, s.OutboxMessages } });
}

// A failed request is one line in the log, never the end of the game.
async Task Report(string command, Func<Task> request)
{
    try
    {
        await request();
    }
    catch (MosisException error)
    {
        log.Write("error", new { command, error.Code, text = error.Message });
    }
}
