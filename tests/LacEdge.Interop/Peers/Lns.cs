using LacEdge.Interop.Cases;
using LacEdge.Interop.Host;

namespace LacEdge.Interop.Peers;

/// <summary>A real LNS, of whatever make.</summary>
internal abstract class Lns
{
    public abstract string Address { get; }

    /// <summary>A host behind the LNS that answers echo requests and has an echo service (TCP port 7).</summary>
    public const string HostBehind = "198.51.100.1";

    /// <summary>How subscribers' addresses begin.</summary>
    public abstract string Pool { get; }

    /// <summary>It answers a wrong password by PAP Nak or CHAP Failure; otherwise by CDN alone.</summary>
    public abstract bool NamesWrongPassword { get; }

    /// <summary>Starts afresh, without any tunnel.</summary>
    public abstract Task StartAsync(InteropCase row);

    /// <summary>The MRU that it asks subscribers to keep to.</summary>
    public abstract int MruOf(InteropCase row);

    /// <summary>Dies and starts again, without a word to anybody.</summary>
    public abstract Task ForgetEverythingAsync();

    public abstract Task StopAsync();

    /// <summary>How many subscribers are online.</summary>
    public abstract Task<int> CountSessionsAsync();

    public abstract Task HangUpAsync(Link link);

    /// <summary>Ends its only tunnel by StopCCN, and takes new ones.</summary>
    public abstract Task CloseTunnelAsync();

    public abstract void CopyLogs(string folder);

    /// <exception cref="CheckFailedException">The LNS still holds another number of sessions.</exception>
    public async Task ExpectSessionsAsync(int expected, TimeSpan timeout)
    {
        var count = 0;
        if (!await Poll.UntilAsync(async () => (count = await CountSessionsAsync()) == expected, timeout))
            throw new CheckFailedException($"the LNS holds {count} sessions, not {expected}");
    }
}
