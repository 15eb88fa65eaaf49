using System.Reflection;
using LacEdge.Core.Forwarding;

namespace LacEdge.Linux.Tests;

/// <summary>Every switch of a tunnel's data policy, with the octets that it changes in this data plane.</summary>
public sealed class DataSwitchTests
{
    private const string Echo = "c0210901000800000000";
    private const string TcpSyn = "c00000500000000100000000" + "6002ffff";

    private static readonly DataPolicy _p = DataPolicy.Default;

    private sealed record Row(string Switch, DataPolicy Base, DataPolicy Changed, Func<ForwardingRig, string> Sent, string Before, string After);

    private static readonly Row[] _rows =
    [
        new("AddressAndControl", _p, _p with { AddressAndControl = false }, rig => Up(rig, Echo), "00023c4d3003ff03" + Echo, "00023c4d3003" + Echo),
        new("AlwaysSequenced", _p, _p with { AlwaysSequenced = true }, rig => Up(rig, Echo), "00023c4d3003ff03" + Echo, "08023c4d300300000000ff03" + Echo),
        new("ReorderWindow", _p with { ReorderTime = TimeSpan.FromSeconds(1) }, _p with { ReorderTime = TimeSpan.FromSeconds(1), ReorderWindow = 1 },
            rig => Down(rig, TimeSpan.Zero, 0, 2, 1, 3), "0 2 3", "0 1 2 3"),
        new("ReorderTime", _p with { ReorderWindow = 4, ReorderTime = TimeSpan.FromMilliseconds(1) },
            _p with { ReorderWindow = 4, ReorderTime = TimeSpan.FromSeconds(10) }, rig => Down(rig, TimeSpan.FromMilliseconds(100), 0, 2, 1, 3), "0 2 3", "0 1 2 3"),
        new("Dscp", _p, _p with { Dscp = 46 }, rig => TrafficClass(rig, Echo), "00", "b8"),
        new("PathMtu", _p, _p with { PathMtu = 576 }, Fragmented, "0", "1"),
        new("MaxMssIpv4", _p, _p with { MaxMssIpv4 = 1400 },
            rig => Up(rig, "0021" + "4500002c00004000400600000a0000010a000002" + TcpSyn + "000000000204" + "05b4")[^12..], "00000204" + "05b4", "00000204" + "0578"),
        new("MaxMssIpv6", _p, _p with { MaxMssIpv6 = 1380 },
            rig => Up(rig, "0057" + "6000000000180640" + new string('0', 64) + TcpSyn + "000000000204" + "05a0")[^12..], "00000204" + "05a0", "00000204" + "0564"),
    ];

    public static TheoryData<string> Switches => [.. _rows.Select(row => row.Switch)];

    [Fact]
    public void Every_switch_has_a_row() => Assert.Equal(
        typeof(DataPolicy).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Order(), _rows.Select(row => row.Switch).Order());

    [RootTheory]
    [MemberData(nameof(Switches))]
    public void The_octets_that_a_switch_changes(string name)
    {
        var row = _rows.Single(one => one.Switch == name);
        foreach (var property in typeof(DataPolicy).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.Name != name))
            Assert.Equal(property.GetValue(row.Base), property.GetValue(row.Changed));
        Assert.Equal((row.Before, row.After), (With(row.Base, row.Sent), With(row.Changed, row.Sent)));
    }

    private static string With(DataPolicy data, Func<ForwardingRig, string> sent)
    {
        using var rig = new ForwardingRig(data: data);
        rig.Splice(3);
        return sent(rig);
    }

    private static string Up(ForwardingRig rig, string ppp)
    {
        rig.SendFromSubscriber(ForwardingRig.FrameUp(3, ppp));
        return rig.NextAtLns();
    }

    /// <summary>The numbers that arrive of those that the LNS sends, up to the last one; it pauses before the third.</summary>
    private static string Down(ForwardingRig rig, TimeSpan pause, params int[] numbers)
    {
        foreach (var (i, ns) in numbers.Index())
        {
            if (i == 2) Thread.Sleep(pause);
            rig.SendFromLns($"080211112003{ns:x4}0000ff030021{ns:x4}");
        }

        var arrived = new List<string>();
        while (arrived.Count == 0 || arrived[^1] != $"{numbers[^1]}") arrived.Add($"{Convert.ToInt32(rig.NextAtSubscriber()[^4..], 16)}");
        return string.Join(' ', arrived);
    }

    private static string TrafficClass(ForwardingRig rig, string ppp)
    {
        Up(rig, ppp);
        return $"{rig.NextOnWire()[1]:x2}";
    }

    /// <summary>How many of a long and a short message are counted as fragmented.</summary>
    private static string Fragmented(ForwardingRig rig)
    {
        Up(rig, "0021" + new string('5', 2 * 1000));
        Up(rig, Echo);
        return $"{rig.DataPlane.ReadStatistics()[ForwardingReason.Fragmented]}";
    }
}
