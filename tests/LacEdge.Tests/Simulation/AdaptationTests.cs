using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Lab.Peers;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>An LNS that refuses messages for AVPs that it does not know, and subscribers who dial until they are up.</summary>
public sealed class AdaptationTests
{
    private static readonly PeerProfile _adapting = PeerProfile.Default with
    {
        Name = "adapting",
        Adapt = true,
        SubAddress = "5",
        NasPort = "Serial0:0",
        PhysicalChannel = "7",
        PrivateGroup = "gold",
        RxSpeedAlways = true,
    };

    private static Scenario Of(PeerProfile peer, Func<TunnelProfile, TunnelProfile>? tunnel = null) =>
        new(new ScenarioOptions { PeerOfA = peer, Tunnel = tunnel ?? (profile => profile) });

    /// <param name="refusals">Calls that this costs: three, and one for each guess that was wrong.</param>
    [Theory]
    [InlineData(0, 23, false, 3, AvpGroups.SubAddress, "Sub-Address (23)")]
    [InlineData(9, 100, false, 4, AvpGroups.NasPort, "NAS Port (9/100)")]
    [InlineData(0, 25, false, 5, AvpGroups.PhysicalChannel, "Physical Channel ID (25)")]
    [InlineData(0, 22, false, 8, AvpGroups.CallingNumber, "Calling Number (22)")]
    [InlineData(0, 22, true, 3, AvpGroups.CallingNumber, "Calling Number (22)")]
    [InlineData(9, 100, true, 3, AvpGroups.NasPort, "NAS Port (9/100)")]
    public void An_AVP_of_ICRQ_is_left_out_once_it_is_found(int vendor, int type, bool names, int refusals, AvpGroups leftOut, string named)
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [((ushort)vendor, (ushort)type)];
        scenario.A.NamesUnknown = names;
        Assert.Equal(refusals, DialUntilUp(scenario));
        Assert.Equal([new AdaptedMessage(MessageType.Icrq, AdaptationState.Works, leftOut, 0)], Status(scenario).Adaptations);
        Assert.Equal(
            [$"LNS lns-a does not know an AVP of ICRQ: left out from now on: {named}", $"LNS lns-a takes ICRQ without {named}"],
            scenario.Events<HostTrouble>().Select(trouble => trouble.What).TakeLast(2));

        // All that come now are up at once.
        for (var i = 0; i < 5; i++) scenario.Network.Dial(scenario.Add(100 + 2 * i));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(6, scenario.A.CallCount);
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(37, AvpGroups.PrivateGroup, 3)]
    [InlineData(38, AvpGroups.RxSpeed, 4)]
    [InlineData(27, AvpGroups.ProxyLcp, 5)]
    [InlineData(31, AvpGroups.ProxyAuthentication, 6)]
    public void An_AVP_of_ICCN_too_and_the_LNS_does_itself_what_it_is_not_told(int type, AvpGroups leftOut, int refusals)
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [(0, (ushort)type)];
        Assert.Equal(refusals, DialUntilUp(scenario));
        scenario.Network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal([new AdaptedMessage(MessageType.Iccn, AdaptationState.Works, leftOut, 0)], Status(scenario).Adaptations);
        scenario.Network.Do(scenario.Subscribers[^1], subscriber => Assert.True(subscriber.Ping(0xCB007101, 1, 1, scenario.Network.Now)));
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1ul, (ulong)scenario.Subscribers[^1].Ppp!.PingRepliesReceived);
        scenario.AssertClean();
    }

    [Theory]
    [InlineData(8, AvpGroups.VendorName, 3)]
    [InlineData(10, AvpGroups.ReceiveWindow, 6)]
    [InlineData(5, AvpGroups.TieBreaker, 5)]
    public void An_AVP_of_SCCRQ_too(int type, AvpGroups leftOut, int refusals)
    {
        var scenario = Of(_adapting, profile => profile with { TieBreaker = true });
        scenario.A.Unknown = [(0, (ushort)type)];
        Assert.Equal(refusals, DialUntilUp(scenario));
        Assert.Equal([new AdaptedMessage(MessageType.Sccrq, AdaptationState.Works, leftOut, 0)], Status(scenario).Adaptations);
        scenario.AssertClean();
    }

    [Fact]
    public void A_Challenge_is_never_left_out()
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [(0, (ushort)AvpType.Challenge)];
        scenario.A.NamesUnknown = true;
        for (var i = 0; i < 20; i++) Dial(scenario, i);
        Assert.Equal(AdaptationState.Failed, Assert.Single(Status(scenario).Adaptations).State);
        Assert.All(scenario.Lac.Core.Tunnels, tunnel => Assert.Equal(0, tunnel.SessionCount));
        Assert.Equal(0ul, scenario.A.CallsOpened);
        scenario.AssertClean();
    }

    [Fact]
    public void Without_the_switch_nothing_is_ever_left_out()
    {
        var scenario = Of(_adapting with { Adapt = false });
        scenario.A.Unknown = [(0, (ushort)AvpType.SubAddress)];
        for (var i = 0; i < 20; i++) Dial(scenario, i);
        Assert.Equal(20ul, scenario.A.CallsOpened);
        Assert.Equal(0, scenario.A.CallCount);
        Assert.Empty(Status(scenario).Adaptations);
    }

    [Fact]
    public void Subscribers_whose_calls_teach_are_up_at_the_next_LNS()
    {
        var scenario = new Scenario(new ScenarioOptions { OneIsp = true, PeerOfA = _adapting });
        scenario.A.Unknown = [(0, (ushort)AvpType.SubAddress)];
        for (var i = 0; i < 5; i++) Assert.True(Dial(scenario, i));
        Assert.Equal((2, 3), (scenario.A.CallCount, scenario.B.CallCount));
        scenario.AssertClean();
    }

    [Fact]
    public void Of_many_calls_at_once_only_those_already_under_way_are_refused()
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [(9, 100)];
        for (var i = 0; i < 30; i++) scenario.Network.Dial(scenario.Add(2 * i));
        scenario.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal([new AdaptedMessage(MessageType.Icrq, AdaptationState.Works, AvpGroups.NasPort, 0)], Status(scenario).Adaptations);
        Assert.InRange(scenario.A.CallCount, 10, 26);
        scenario.AssertClean();
    }

    [Fact]
    public void Another_LNS_gets_all_AVPs_still()
    {
        var scenario = new Scenario(new ScenarioOptions { PeerOfA = _adapting, PeerOfB = _adapting });
        scenario.A.Unknown = [(0, (ushort)AvpType.SubAddress)];
        DialUntilUp(scenario);
        scenario.Network.Dial(scenario.Add(1));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.False(HasSubAddress(scenario.A.Calls.Single()));
        Assert.True(HasSubAddress(scenario.B.Calls.Single()));
    }

    [Fact]
    public void What_was_learned_outlives_the_tunnel_and_ends_with_the_operators_word()
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [(0, (ushort)AvpType.SubAddress)];
        DialUntilUp(scenario);
        scenario.Network.Do(scenario.A, lns => lns.CloseAll(new ResultCode(StopCcnResult.ShuttingDown), scenario.Network.Now));
        scenario.Network.Run(TimeSpan.FromSeconds(40));
        Assert.True(Dial(scenario, 200));

        Assert.True(scenario.Lac.Core.HasAdaptations("lns-a"));
        Assert.False(scenario.Lac.Core.HasAdaptations("lns-b"));
        scenario.Lac.Command(new ClearAdaptations("lns-a"));
        Assert.False(scenario.Lac.Core.HasAdaptations("lns-a"));
        Assert.False(Dial(scenario, 201));
        Assert.Equal([new AdaptedMessage(MessageType.Icrq, AdaptationState.Watching, AvpGroups.None, 1)], Status(scenario).Adaptations);
    }

    [Fact]
    public void A_StopCCN_for_an_AVP_of_a_call_teaches_the_same()
    {
        var scenario = Of(_adapting);
        scenario.A.Unknown = [(0, (ushort)AvpType.SubAddress)];
        scenario.A.StopsForUnknown = true;
        // Each subscriber is given a second tunnel, so the second one has the third refusal and comes up.
        Assert.Equal(1, DialUntilUp(scenario));
        Assert.Equal([new AdaptedMessage(MessageType.Icrq, AdaptationState.Works, AvpGroups.SubAddress, 0)], Status(scenario).Adaptations);
        scenario.AssertClean();
    }

    [Fact]
    public void The_status_of_an_LNS_tells_its_state_and_last_refusal()
    {
        var scenario = new Scenario(new ScenarioOptions());
        var idle = Status(scenario);
        Assert.Equal((LnsCondition.Idle, 0, 0, null), (idle.State, idle.Sessions, idle.Tunnels, idle.LastRefusal));
        scenario.A.RefuseTunnels = new ResultCode(StopCcnResult.NotAuthorized, text: "who are you?");
        scenario.Network.Dial(scenario.Add(0));
        Assert.True(scenario.Network.RunUntil(() => Status(scenario).State == LnsCondition.HeldBack, TimeSpan.FromSeconds(5)));
        var held = Status(scenario);
        Assert.Contains("who are you?", held.LastRefusal!.Why, StringComparison.Ordinal);
        Assert.Equal(held.Why, held.LastRefusal.Why);
        Assert.InRange(held.Until - scenario.Network.Now, TimeSpan.FromSeconds(29.9), TimeSpan.FromSeconds(30));

        scenario.A.RefuseTunnels = null;
        scenario.Network.Run(TimeSpan.FromSeconds(31));
        Assert.Equal((LnsCondition.Idle, Instant.Never), (Status(scenario).State, Status(scenario).Until));
        scenario.Network.Dial(scenario.Add(2));
        Assert.True(scenario.Network.RunUntil(() => Status(scenario).State == LnsCondition.Opening, TimeSpan.FromSeconds(5)));
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        var up = Status(scenario);
        Assert.Equal((LnsCondition.Up, 1, 1), (up.State, up.Sessions, up.Tunnels));
        Assert.Equal(held.LastRefusal, up.LastRefusal);
        Assert.Equal((LnsCondition.Idle, null), (Status(scenario, 1).State, Status(scenario, 1).LastRefusal));
    }

    private static bool HasSubAddress(LnsCall call)
    {
        var avps = new AvpReader(call.Icrq.Span);
        var found = false;
        while (avps.MoveNext()) found |= avps.Current is { Vendor: 0, Type: (ushort)AvpType.SubAddress };
        return found;
    }

    private static LnsStatus Status(Scenario scenario, int number = 0) => scenario.Lac.Core.Lnses(scenario.Network.Now).ElementAt(number);

    /// <summary>How many subscribers of ISP 1 were refused before one came up.</summary>
    private static int DialUntilUp(Scenario scenario)
    {
        for (var refused = 0; refused < 50; refused++)
        {
            if (Dial(scenario, refused)) return refused;
        }

        throw new InvalidOperationException("none came up");
    }

    private static bool Dial(Scenario scenario, int number)
    {
        var subscriber = scenario.Add(2 * number);
        scenario.Network.Dial(subscriber);
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        return subscriber.State == SubscriberState.Up;
    }
}
