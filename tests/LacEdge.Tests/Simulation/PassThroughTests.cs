using LacEdge.Core.Config;
using LacEdge.Lab.Peers;
using LacEdge.Simulator;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Tests.Simulation;

/// <summary>From ICCN on the link belongs to subscriber and LNS.</summary>
public sealed class PassThroughTests
{
    [Theory]
    [InlineData(AuthenticationProtocol.Pap, PppProtocol.Pap, true)]
    [InlineData(AuthenticationProtocol.Pap, PppProtocol.Pap, false)]
    [InlineData(AuthenticationProtocol.ChapMd5, PppProtocol.Chap, true)]
    [InlineData(AuthenticationProtocol.ChapMd5, PppProtocol.Chap, false)]
    public void PROXY_007_after_Iccn_nothing_is_changed_left_out_or_added(AuthenticationProtocol authentication, PppProtocol protocol, bool throughCore)
    {
        var scenario = Scenario.Up(
            new ScenarioOptions { Mode = LnsMode.Renegotiate, Authentication = authentication, ThroughCore = throughCore }, 1);
        scenario.PingAll();

        var since = scenario.Passed.SkipWhile(p => !IsIccn(p)).ToList();
        string[] Ppp(Side side) => [.. since.Where(p => p.Side == side).Select(PppOf).Where(ppp => ppp.Length > 0).Select(Convert.ToHexString)];
        var (fromLns, fromSubscriber) = (Ppp(Side.FromLns), Ppp(Side.FromSubscriber));
        Assert.Equal(fromLns, Ppp(Side.ToSubscriber));
        Assert.Equal(fromSubscriber, Ppp(Side.ToLns));
        // It was worth looking at: LCP and authentication once more, both ways.
        foreach (var frames in (string[][])[fromLns, fromSubscriber])
        {
            Assert.Contains(frames, ppp => ppp.StartsWith($"{(ushort)PppProtocol.Lcp:X4}01", StringComparison.Ordinal));
            Assert.Contains(frames, ppp => ppp.StartsWith($"{(ushort)protocol:X4}", StringComparison.Ordinal));
        }

        scenario.AssertClean();
    }

    private static bool IsIccn(Passed passed) =>
        passed.Side == Side.ToLns && L2tpHeader.TryParse(passed.Octets, out var header, out _) && header is { IsControl: true, IsZlb: false }
        && ControlMessageParser.Parse(header, []).Type == MessageType.Iccn;

    /// <summary>From the protocol field on; empty: no PPP.</summary>
    private static byte[] PppOf(Passed passed)
    {
        if (passed.Side is Side.FromLns or Side.ToLns)
        {
            if (!L2tpHeader.TryParse(passed.Octets, out var header, out _) || header.IsControl) return [];
            return header.Payload is [0xFF, 0x03, .. var ppp] ? ppp.ToArray() : header.Payload.ToArray();
        }

        if (!EthernetFrame.TryParse(passed.Octets, out var frame, out _) || frame.EtherType != EtherType.PppoeSession) return [];
        return PppoePacket.TryParse(frame.Payload, out var packet, out _) ? packet.Payload.ToArray() : [];
    }
}
