using System.Text.RegularExpressions;
using LacEdge.Interop.Cases;
using LacEdge.Interop.Cases.Features;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>A subscriber's account.</summary>
internal sealed record Subscriber(int Number, string User, string Password)
{
    public const string Realm = "isp1.example";
    public const string WrongPassword = "not-the-password";
    /// <summary>All that LNSes know.</summary>
    public static readonly Subscriber[] Accounts =
        [.. Enumerable.Range(1, Fleet.Most).Select(number => new Subscriber(number, $"sub{number}@{Realm}", $"password-of-sub{number}"))];
    public static readonly Subscriber First = Accounts[0];
    public static readonly Subscriber Second = Accounts[1];
    public static readonly Subscriber[] All = [First, Second];

    /// <summary>A line with name and password for each, as the peers' scripts read it.</summary>
    public static Task WriteAccountsAsync(string file) => File.WriteAllLinesAsync(file, Accounts.Select(each => $"{each.User} {each.Password}"));
}

/// <summary>The guest with all lines: pppd over the kernel's PPPoE.</summary>
internal sealed class SubscriberGuest(Guest guest)
{
    private const int NicCount = 4;

    private readonly List<string> _logs = [];

    public static async Task<SubscriberGuest> BootAsync(LabNetwork lab)
    {
        TagBridge.Start(lab, "line3", "switch3", [], AccessLines.ForeignTags);
        TagBridge.Start(lab, "line4", "switch4", LineInformation.Tag, "");
        return new(await Guest.BootAsync(
            lab, lab.Access, "subscribers", "subscriber.sh",
            [.. Enumerable.Range(1, NicCount).Select(nic => new GuestNic($"line{nic}", AccessLine.MacOf(nic)))]));
    }

    /// <summary>Dials; the link comes up, or ends, in its own time.</summary>
    /// <param name="name">What for, in the log's file name.</param>
    /// <param name="password">Another one than the account's.</param>
    public Link Dial(Subscriber subscriber, InteropCase row, string name, string? password = null)
    {
        var line = row.LineOf(subscriber);
        var log = $"{_logs.Count + 1:00}-{name}-sub{subscriber.Number}.log";
        _logs.Add(log);
        // pppd would take any protocol that it is offered.
        string[] others = [.. _protocols.Where(each => each.Authentication != row.Authentication).Select(each => $"refuse-{each.Name}")];
        var ended = guest.RunAsync(
            $"dial {log} {subscriber.Number} {line.Device} {subscriber.User} {password ?? subscriber.Password} "
            + $"mru {line.Mru} mtu {line.Mru} {string.Join(' ', others)}");
        return new(guest, subscriber, line, log, ended);
    }

    private static readonly (Authentication? Authentication, string Name)[] _protocols =
    [
        (Authentication.Pap, "pap"), (Authentication.Chap, "chap"), (null, "mschap"), (Authentication.MsChapV2, "mschap-v2"), (Authentication.Eap, "eap"),
    ];

    /// <summary>One echo for each of the first so many subscribers.</summary>
    public async Task PingFromAllAsync(int count, string host)
    {
        if (await guest.RunAsync($"for each in $(seq {count}); do ping -q -c 1 -w 3 -I wan$each {host} || return 1; done") != 0)
            throw new CheckFailedException($"not all of {count} subscribers get an echo from {host}");
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
internal sealed partial class Link(Guest guest, Subscriber subscriber, AccessLine line, string log, Task<int> ended)
{
    private static readonly TimeSpan UpTime = TimeSpan.FromSeconds(20);

    public Subscriber Subscriber => subscriber;
    public string Interface => $"wan{subscriber.Number}";
    public bool HasEnded => ended.IsCompleted;
    public string Log => guest.ReadShared(log);
    /// <summary>It was told that name or password are wrong.</summary>
    public bool HeardRefusal => Refusal().IsMatch(Log);
    /// <summary>The subscriber's address, once the link is up.</summary>
    public string Address { get; private set; } = "";

    /// <exception cref="CheckFailedException">pppd ended, or IPCP did not open in time.</exception>
    public async Task<Link> UpAsync()
    {
        await Poll.UntilAsync(() => HasEnded || RemoteAddress().IsMatch(Log), UpTime);
        if (!RemoteAddress().IsMatch(Log))
        {
            var state = HasEnded ? $"pppd ended with {await ended}" : "no answer";
            throw new CheckFailedException($"sub{subscriber.Number} is not online: {state}");
        }
        Address = LocalAddress().Match(Log).Groups[1].Value;
        return this;
    }

    /// <summary>pppd's exit status.</summary>
    /// <exception cref="CheckFailedException">It is still there.</exception>
    public async Task<int> EndAsync(TimeSpan timeout) =>
        await Task.WhenAny(ended, Task.Delay(timeout)) == ended
            ? await ended
            : throw new CheckFailedException($"sub{subscriber.Number} is still online after {timeout.TotalSeconds:0} s");

    public async Task PingAsync(string host)
    {
        if (await guest.RunAsync($"ping -q -c 3 -i 0.2 -W 2 -I {Interface} {host}") != 0)
            throw new CheckFailedException($"sub{subscriber.Number} gets no echo from {host}");
    }

    /// <summary>An echo of the largest size, not to be fragmented.</summary>
    /// <returns>The size: the MTU of the subscriber's interface.</returns>
    public async Task<int> PingLargestAsync(string host)
    {
        var mtu = int.Parse(await guest.DoAsync($"cat /sys/class/net/{Interface}/mtu"), null);
        const int Headers = 28;     // IP and ICMP
        if (await guest.RunAsync($"ping -q -c 2 -i 0.2 -W 2 -M do -s {mtu - Headers} -I {Interface} {host}") != 0)
            throw new CheckFailedException($"sub{subscriber.Number} gets no echo of {mtu} octets from {host}");
        return mtu;
    }

    /// <summary>Frames of a session that may be over: nobody waits for an answer.</summary>
    public Task SendAsync(string host) => guest.RunAsync($"ping -q -c 2 -i 0.2 -W 1 -I {Interface} {host}");

    public async Task EchoPayloadAsync(string host)
    {
        if (await guest.RunAsync($"timeout 20 bash -c '. ./peer.sh; echo_payload {subscriber.Number} {host}'") != 0)
            throw new CheckFailedException($"1 MiB through {host} came back damaged or not at all");
    }

    /// <summary>LCP Terminate-Request and PADT.</summary>
    public Task HangUpAsync() => guest.DoAsync($"hangup {subscriber.Number}");

    /// <summary>PADT alone.</summary>
    public Task VanishAsync() => guest.DoAsync($"vanish {subscriber.Number} {line.Device} {log}");

    /// <summary>Not a word to anybody.</summary>
    public Task CrashAsync() => guest.DoAsync($"crash {subscriber.Number}");

    [GeneratedRegex("authentication failed|peer reports authentication failure")]
    private static partial Regex Refusal();

    [GeneratedRegex("local +IP address ([0-9.]+)")]
    private static partial Regex LocalAddress();

    [GeneratedRegex("remote IP address ([0-9.]+)")]
    private static partial Regex RemoteAddress();
}
