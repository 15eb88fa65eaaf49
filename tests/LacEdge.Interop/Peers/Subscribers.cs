using System.Globalization;
using System.Text.RegularExpressions;
using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>A subscriber's line and account.</summary>
internal sealed record Subscriber(int Line, string User, string Password)
{
    public const string Realm = "isp1.example";
    public const string WrongPassword = "not-the-password";
    public static readonly Subscriber First = new(1, $"sub1@{Realm}", "password-of-sub1");
    public static readonly Subscriber Second = new(2, $"sub2@{Realm}", "password-of-sub2");
    public static readonly Subscriber[] All = [First, Second];

    /// <summary>A line with name and password for each, as the peers' scripts read it.</summary>
    public static Task WriteAccountsAsync(string file) => File.WriteAllLinesAsync(file, All.Select(each => $"{each.User} {each.Password}"));

    public string Mac => string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:01:{Line:x2}");
}

/// <summary>The guest with all lines: pppd over the kernel's PPPoE.</summary>
internal sealed class SubscriberGuest(Guest guest)
{
    private readonly List<string> _logs = [];

    public static async Task<SubscriberGuest> BootAsync(LabNetwork lab) => new(await Guest.BootAsync(
        lab, lab.Access, "subscribers", "subscriber.sh", [.. Subscriber.All.Select(each => new GuestNic($"line{each.Line}", each.Mac))]));

    /// <summary>Dials; the link comes up, or ends, in its own time.</summary>
    /// <param name="name">What for, in the log's file name.</param>
    /// <param name="password">Another one than the account's.</param>
    public Link Dial(Subscriber subscriber, Authentication authentication, string name, string? password = null)
    {
        var log = $"{_logs.Count + 1:00}-{name}-sub{subscriber.Line}.log";
        _logs.Add(log);
        // Refusing CHAP alone would make pppd offer the other protocols.
        var options = authentication == Authentication.Pap ? "refuse-chap refuse-mschap refuse-mschap-v2 refuse-eap" : "";
        var ended = guest.RunAsync($"dial {log} {subscriber.Line} {subscriber.User} {password ?? subscriber.Password} {options}");
        return new(guest, subscriber, log, ended);
    }

    /// <summary>Ends every pppd that still runs and moves the logs to a folder.</summary>
    public async Task FinishAsync(string folder)
    {
        await guest.DoAsync("pids=$(pidof pppd) && kill -9 $pids; true");
        foreach (var log in _logs.Where(log => File.Exists(Path.Combine(guest.Share, log))))
            File.Move(Path.Combine(guest.Share, log), Path.Combine(folder, log), overwrite: true);
        _logs.Clear();
    }
}

/// <summary>One call of a subscriber, from dialling to pppd's end.</summary>
internal sealed partial class Link(Guest guest, Subscriber subscriber, string log, Task<int> ended)
{
    private static readonly TimeSpan UpTime = TimeSpan.FromSeconds(20);

    public Subscriber Subscriber => subscriber;
    public string Interface => $"wan{subscriber.Line}";
    public bool HasEnded => ended.IsCompleted;
    public string Log => guest.ReadShared(log);
    /// <summary>The subscriber's address, once the link is up.</summary>
    public string Address { get; private set; } = "";

    /// <exception cref="CheckFailedException">pppd ended, or IPCP did not open in time.</exception>
    public async Task<Link> UpAsync()
    {
        await Poll.UntilAsync(() => HasEnded || RemoteAddress().IsMatch(Log), UpTime);
        if (!RemoteAddress().IsMatch(Log))
        {
            var state = HasEnded ? $"pppd ended with {await ended}" : "no answer";
            throw new CheckFailedException($"sub{subscriber.Line} is not online: {state}");
        }
        Address = LocalAddress().Match(Log).Groups[1].Value;
        return this;
    }

    /// <summary>pppd's exit status.</summary>
    /// <exception cref="CheckFailedException">It is still there.</exception>
    public async Task<int> EndAsync(TimeSpan timeout) =>
        await Task.WhenAny(ended, Task.Delay(timeout)) == ended
            ? await ended
            : throw new CheckFailedException($"sub{subscriber.Line} is still online after {timeout.TotalSeconds:0} s");

    public async Task PingAsync(string host)
    {
        if (await guest.RunAsync($"ping -q -c 3 -i 0.2 -W 2 -I {Interface} {host}") != 0)
            throw new CheckFailedException($"sub{subscriber.Line} gets no echo from {host}");
    }

    public async Task EchoPayloadAsync(string host)
    {
        if (await guest.RunAsync($"timeout 20 bash -c '. ./peer.sh; echo_payload {subscriber.Line} {host}'") != 0)
            throw new CheckFailedException($"1 MiB through {host} came back damaged or not at all");
    }

    /// <summary>LCP Terminate-Request and PADT.</summary>
    public Task HangUpAsync() => guest.DoAsync($"hangup {subscriber.Line}");

    /// <summary>PADT alone.</summary>
    public Task VanishAsync() => guest.DoAsync($"vanish {subscriber.Line} {log}");

    [GeneratedRegex("local +IP address ([0-9.]+)")]
    private static partial Regex LocalAddress();

    [GeneratedRegex("remote IP address ([0-9.]+)")]
    private static partial Regex RemoteAddress();
}
