using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using static LacEdge.Tests.Core.Pppoe.PppoeHarness;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>Lines whose sessions keep ending at once.</summary>
public sealed class LockoutTests
{
    private const string AnyName = "01010000";
    private static readonly LockoutConfig _config = new()
    {
        After = 3,
        Short = TimeSpan.FromSeconds(30),
        First = TimeSpan.FromSeconds(1),
        Longest = TimeSpan.FromSeconds(10),
    };

    private static PppoeHarness Server() => new(Unlimited with { Lockout = _config }, Service("residential", ["untagged", "any"]));

    private static bool Answers(PppoeHarness server, string client = Client, string vlans = "")
    {
        server.Receive(Discovery(Broadcast, client, "09", "0000", AnyName, vlans));
        return server.Sent().Length == 1;
    }

    /// <summary>A session that lasts so long.</summary>
    private static void Fail(PppoeHarness server, double seconds = 1, bool blamed = true, string vlans = "")
    {
        server.Dial(vlans: vlans);
        server.Now += TimeSpan.FromSeconds(seconds);
        server.Server.SessionEnded(server.Last!, blamed, server.Now);
        server.Server.Close(server.Last!, false, "", server.Now);
    }

    [Fact]
    public void A_line_that_fails_in_a_loop_is_not_answered_and_each_time_for_twice_as_long()
    {
        var server = Server();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Answers(server));
            Fail(server);
        }

        foreach (var seconds in (int[])[1, 2, 4, 8, 10, 10])
        {
            Assert.False(Answers(server));
            server.Now += TimeSpan.FromSeconds(seconds - 0.001);
            Assert.False(Answers(server));
            server.Now += TimeSpan.FromSeconds(0.001);
            Assert.True(Answers(server));
            Fail(server);
        }

        Assert.Equal(12ul, server.Counters[DropReason.LockedOut]);
    }

    [Fact]
    public void A_PADR_of_a_locked_line_is_not_answered_either_and_other_lines_are()
    {
        var server = Server();
        for (var i = 0; i < 2; i++) Fail(server);
        var cookie = server.Cookie();
        Fail(server);
        server.Receive(Padr(cookie));
        server.SentNothing();
        Assert.Equal(1ul, server.Counters[DropReason.LockedOut]);
        Assert.True(Answers(server, "020000000002"));
        Assert.True(Answers(server, vlans: "81000007"));
        // It is the line that is locked out, not its priority.
        Assert.False(Answers(server, vlans: "8100e000"));
    }

    [Fact]
    public void A_session_that_lasts_clears_the_count_and_one_that_ended_through_no_fault_of_its_own_does_not_count()
    {
        var server = Server();
        for (var i = 0; i < 2; i++) Fail(server);
        Fail(server, blamed: false);
        Assert.True(Answers(server));
        Fail(server, 30, blamed: false);
        for (var i = 0; i < 2; i++) Fail(server);
        Assert.True(Answers(server));
        Fail(server);
        Assert.False(Answers(server));
    }

    [Fact]
    public void Failures_that_are_long_past_are_forgotten()
    {
        var server = Server();
        for (var i = 0; i < 2; i++) Fail(server);
        server.Now += TimeSpan.FromSeconds(10);
        for (var i = 0; i < 2; i++) Fail(server);
        Assert.True(Answers(server));
        Fail(server);
        Assert.False(Answers(server));
    }

    [Fact]
    public void Locked_lines_are_listed_and_cleared_by_MAC_or_all()
    {
        var server = Server();
        for (var i = 0; i < 3; i++) Fail(server, vlans: "81000007");
        var line = Assert.Single(server.Server.LockedOut(server.Now));
        Assert.Equal(
            new LockedOutLine(0, VlanStack.Single(new VlanTag(0x8100, 7)), Mac(Client), 3, server.Now + TimeSpan.FromSeconds(1)), line);
        server.Server.ClearLockout(Mac("020000000002"));
        Assert.False(Answers(server, vlans: "81000007"));
        server.Server.ClearLockout(Mac(Client));
        Assert.True(Answers(server, vlans: "81000007"));
        Assert.Empty(server.Server.LockedOut(server.Now));
        for (var i = 0; i < 3; i++) Fail(server);
        server.Server.ClearLockout(null);
        Assert.True(Answers(server));
    }

    [Fact]
    public void Zero_never_locks_anybody_out()
    {
        var server = new PppoeHarness(Unlimited with { Lockout = _config with { After = 0 } });
        for (var i = 0; i < 100; i++) Fail(server);
        Assert.True(Answers(server));
    }

    [Fact]
    public void The_longest_lockout_is_never_exceeded()
    {
        var lockout = new Lockout(_config with { After = 1, First = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromMinutes(7) });
        var now = Instant.Zero;
        for (var i = 0; i < 100; i++)
        {
            lockout.SessionEnded(1, Ended(1), true, now);
            Assert.Equal(now + TimeSpan.FromMinutes(i == 0 ? 5 : 7), Assert.Single(lockout.Lines(now)).Until);
        }
    }

    [Fact]
    public void In_a_full_set_the_line_goes_that_would_be_forgotten_first()
    {
        var lockout = new Lockout(_config with { After = 2 });
        const ulong step = Lockout.Capacity / Lockout.Ways;
        // All in one set. The second line is locked out, the others have failed once.
        for (var i = 0ul; i < Lockout.Ways; i++) lockout.SessionEnded(i * step, Ended(i), true, Instant.Zero + TimeSpan.FromMilliseconds(i));
        lockout.SessionEnded(step, Ended(1), true, Instant.Zero + TimeSpan.FromMilliseconds(10));
        for (var i = 10ul; i < 13; i++) lockout.SessionEnded(i * step, Ended(i), true, Instant.Zero + TimeSpan.FromMilliseconds(10 + i));
        var now = Instant.Zero + TimeSpan.FromMilliseconds(100);
        Assert.True(lockout.Holds(step, now));
        Assert.Equal(1ul, Assert.Single(lockout.Lines(now)).Mac.Value);
        // The first one was forgotten: this is its first failure again.
        lockout.SessionEnded(0, Ended(0), true, now);
        Assert.False(lockout.Holds(0, now));
    }

    private static PppoeSession Ended(ulong mac) => new()
    {
        AccessGroup = 0,
        SessionId = 1,
        Subscriber = new MacAddress(mac),
        Vlans = VlanStack.Untagged,
        Service = Service("residential", ["untagged"]).Service,
        ServiceName = Bytes.Empty,
        HostUniq = Bytes.Empty,
        MaxPayload = 1492,
        OpenedAt = Instant.Zero,
    };
}
