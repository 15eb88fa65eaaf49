using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Ppp;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>After an outage everybody dials at once: what one link leaves to the garbage collector is held here, in octets.</summary>
public sealed class SetupCostTests : IPppLinkUser
{
    private readonly byte[] _request = new byte[64];
    private int _requestLength;

    [Fact]
    public void A_link_from_start_to_credentials_allocates_less_than_2_KiB()
    {
        using var random = new RandomStreams(new byte[RandomStreams.SeedSize]);
        var (timers, counters, config) = (new TimerQueue(), new LacCounters(), new PppConfig());
        SetUp(config, random, timers, counters);

        const int links = 100;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < links; i++) SetUp(config, random, timers, counters);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / links;
        Assert.InRange(each, 1, 2048);
    }

    private void SetUp(PppConfig config, RandomStreams random, TimerQueue timers, LacCounters counters)
    {
        var link = new PppLink(config, _protocols, "lacedge-01", 1492, random, timers, counters, this, 1);
        link.Start(Instant.Zero);
        link.HandleFrame(_configureRequest, Instant.Zero);
        _request[2] = 2;
        link.HandleFrame(_request.AsSpan(0, _requestLength), Instant.Zero);
        link.HandleFrame(_papRequest, Instant.Zero);
        Assert.NotNull(link.Credentials);
        link.Release();
    }

    private static readonly AuthenticationProtocol[] _protocols = [AuthenticationProtocol.Pap];
    private static readonly byte[] _configureRequest = Convert.FromHexString("c0210101000e010405d405060a0b0c0d");
    private static readonly byte[] _papRequest =
        Convert.FromHexString("c0230101002111616c696365406973702e6578616d706c650a776f6e6465726c616e64");

    void IPppLinkUser.SendPpp(PppLink link, ReadOnlySpan<byte> ppp, Instant now)
    {
        if (ppp[2] != 1) return;
        ppp.CopyTo(_request);
        _requestLength = ppp.Length;
    }

    void IPppLinkUser.CredentialsReceived(PppLink link, Instant now) { }
    void IPppLinkUser.LinkDown(PppLink link, EndCause cause, Instant now) { }
    void IPppLinkUser.LinkEnded(PppLink link, EndCause cause, string detail, Instant now) { }
}
