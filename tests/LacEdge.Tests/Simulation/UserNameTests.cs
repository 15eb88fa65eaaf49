using System.Globalization;
using System.Text;
using System.Text.Json;
using LacEdge.Api;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Linux.DataPlane;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Simulation;

/// <summary>User names on their whole way: PPP, steering, L2TP, events, API.</summary>
public sealed class UserNameTests
{
    public static TheoryData<string, string> HostileNames() => new()
    {
        { "bob\0@isp1.example", @"bob\x00" },
        { "bob\r\nsession-up: eve@isp1.example", @"bob\x0d\x0asession-up: eve" },
        { "\u001b[31mbob@isp1.example", @"\x1b[31mbob" },
        { "bob\u202e\u2028\u200b@isp1.example", @"bob\xe2\x80\xae\xe2\x80\xa8\xe2\x80\x8b" },
        { "\"},{\"user\":\"eve@isp1.example", "\"},{\"user\":\"eve" },
        { "{mac}'; DROP TABLE users --@isp1.example", "{mac}'; DROP TABLE users --" },
        { new string('a', 242) + "@isp1.example", new string('a', 242) },
        { new string('\0', 242) + "@isp1.example", string.Concat(Enumerable.Repeat(@"\x00", 242)) },
    };

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void AUTH_008_A_hostile_name_reaches_the_LNS_unchanged_and_shows_escaped(string user, string shown)
    {
        foreach (var protocol in (AuthenticationProtocol[])[AuthenticationProtocol.Pap, AuthenticationProtocol.ChapMd5])
        {
            var scenario = new Scenario(new ScenarioOptions { Authentication = protocol, Secret = "" });
            scenario.Network.Dial(scenario.Add(0, user));
            scenario.WaitAllUp(TimeSpan.FromSeconds(30));

            var call = scenario.A.Calls.Single();
            Assert.Equal(Encoding.UTF8.GetBytes(user), SetupTests.Value(call.Iccn, AvpType.ProxyAuthenName));
            Assert.Equal("isp1.example"u8.ToArray(), SetupTests.Value(call.Icrq, AvpType.CalledNumber));
            Assert.Equal(shown + "@isp1.example", scenario.Events<SessionUp>().Single().User);
            Assert.Equal(shown + "@isp1.example", UserInTheApi(scenario));
            scenario.AssertClean();
        }
    }

    [Fact]
    public void AUTH_008_A_hostile_realm_is_harmless_in_the_called_number()
    {
        var scenario = new Scenario(new ScenarioOptions { Secret = "", Service = FixedLns });
        scenario.Network.Dial(scenario.Add(0, "bob@\u001b[2J\u202e" + new string('\0', 240)));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        var called = Encoding.UTF8.GetString(SetupTests.Value(scenario.A.Calls.Single().Icrq, AvpType.CalledNumber)!);
        Assert.StartsWith(@"\x1b[2j\xe2\x80\xae\x00", called, StringComparison.Ordinal);
        Assert.True(called.Length <= 255);
        Assert.DoesNotContain(called, IsHidden);
        scenario.AssertClean();
    }

    [Fact]
    public void AUTH_006_What_the_LNS_is_told_can_be_rewritten()
    {
        var name = new UserNameConfig
        {
            Delimiters = "/",
            Realm = RealmPosition.Prefix,
            ToLns = new NameRewriteConfig { StripRealm = true, Rules = [new NameRule("^user", "customer")] },
        };
        var scenario = new Scenario(new ScenarioOptions { Secret = "", Service = service => service with { UserName = name } });
        scenario.Network.Dial(scenario.Add(0, "ISP1.example/user0"));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        // CHAP's response does not cover the name: the LNS, which asked nothing itself, has taken it.
        var call = scenario.A.Calls.Single();
        Assert.Equal("customer0"u8.ToArray(), SetupTests.Value(call.Iccn, AvpType.ProxyAuthenName));
        Assert.Equal("isp1.example"u8.ToArray(), SetupTests.Value(call.Icrq, AvpType.CalledNumber));
        Assert.Equal("ISP1.example/user0", scenario.Events<SessionUp>().Single().User);
        scenario.AssertClean();
    }

    [Fact]
    public void Names_without_a_realm_go_to_the_ISP_of_the_default_realm()
    {
        var scenario = new Scenario(new ScenarioOptions
        {
            Service = service => service with { UserName = new UserNameConfig { DefaultRealm = "isp2.example" } },
        });
        scenario.Network.Dial(scenario.Add(0, "bob"));
        scenario.WaitAllUp(TimeSpan.FromSeconds(30));
        Assert.Equal("isp2", scenario.Events<SessionUp>().Single().Isp);
    }

    [Fact]
    public void Where_case_counts_another_case_is_another_realm()
    {
        var scenario = new Scenario(new ScenarioOptions
        {
            Service = service => service with { UserName = new UserNameConfig { IgnoreCase = false } },
        });
        scenario.Network.Dial(scenario.Add(0, "bob@ISP1.example"));
        scenario.Network.RunUntil(() => scenario.Events<SessionFailed>().Count > 0, TimeSpan.FromSeconds(30));
        var failed = scenario.Events<SessionFailed>().Single();
        Assert.Equal((EndCause.RealmUnknown, "no ISP has the realm 'ISP1.example' (steering.main[0], realm-table)"), (failed.Cause, failed.Detail));
    }

    private static AccessServiceConfig FixedLns(AccessServiceConfig service) => service with
    {
        Steering = null,
        Lns = new LnsConfig { Name = "lns-a", Address = Scenario.LnsA.Address },
        Tunnel = "wholesale",
    };

    /// <summary>After a way through JSON, which must hold no character that does not show.</summary>
    private static string UserInTheApi(Scenario scenario)
    {
        using var dataPlane = new NullDataPlane();
        var page = new LacSnapshots(scenario.Lac.Core, dataPlane, scenario.Network.Now, DateTime.UnixEpoch).Sessions(null, 10);
        var json = JsonSerializer.Serialize(page, ApiJson.Default.SessionPage);
        Assert.DoesNotContain(json.Where(c => c is not ('\n' or ' ')), IsHidden);
        return JsonSerializer.Deserialize(json, ApiJson.Default.SessionPage)!.Sessions.Single().User;
    }

    private static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
