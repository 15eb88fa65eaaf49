using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Core.Steering;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Core.Lac;

/// <summary>What is remembered of LNSes, and of how many.</summary>
public sealed class LnsBookTests
{
    [Fact]
    public void Configured_LNSes_are_never_forgotten_others_when_there_are_too_many()
    {
        var configured = Candidate("fixed", 0x0A000001);
        var book = new LnsBook([configured]);
        Refuse(book, configured);
        for (var i = 0u; i <= LnsBook.MaxOthers; i++) Refuse(book, Candidate($"other{i}", 0xC0000000 + i));
        Assert.Single(book.Find(configured));
        Assert.Empty(book.Find(Candidate("other0", 0xC0000000)));
        Assert.Single(book.Find(Candidate("other1", 0xC0000001)));
        Assert.Single(book.Find(Candidate("last", 0xC0000000 + LnsBook.MaxOthers)));
    }

    [Fact]
    public void What_was_learned_is_of_one_address_port_and_tunnel_profile()
    {
        var one = Candidate("a", 0x0A000001);
        var book = new LnsBook([one]);
        var known = book.Of(one).Adaptation;
        Assert.Same(known, book.Of(Candidate("again", 0x0A000001)).Adaptation);
        Assert.NotSame(known, book.Of(Candidate("a", 0x0A000002)).Adaptation);
        Assert.NotSame(known, book.Of(one with { Lns = one.Lns with { Port = 1702 } }).Adaptation);
        Assert.NotSame(known, book.Of(one with { Profile = one.Profile with { Name = "other" } }).Adaptation);
    }

    [Fact]
    public void An_LNS_that_is_known_by_name_has_what_its_addresses_have()
    {
        var book = new LnsBook([]);
        var named = Candidate("lns.example", 0);
        Assert.Empty(book.Find(named));
        for (var i = 1u; i <= 3; i++) Refuse(book, Candidate("lns.example", i));
        Refuse(book, Candidate("another.example", 4));
        Assert.Equal(3, book.Find(named with { Lns = named.Lns with { Address = default } }).Count);
    }

    private static void Refuse(LnsBook book, LnsCandidate candidate) => book.Refused(
        new TunnelTarget(candidate.Profile, new UdpEndpoint(candidate.Lns.Address, candidate.Lns.Port), candidate.Lns.Name, candidate.Peer), "no", Instant.Zero);

    private static LnsCandidate Candidate(string name, uint address) => new(
        "isp", new LnsConfig { Name = name, Address = IpAddress.FromIpv4(address) }, new TunnelProfile { Name = "t", HostName = "lac1" }, PeerProfile.Default);
}
