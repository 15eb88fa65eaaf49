using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Pppoe;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Tests.Core.Pppoe;

/// <summary>AC-Cookies over restarts and changes of keys.</summary>
public sealed class CookieTests
{
    private static readonly MacAddress _mac = new(0x020000000001);
    private static readonly Instant _start = Instant.Zero + TimeSpan.FromHours(30);

    private static AcCookie Cookies(string key, byte seed = 1, params string[] interfaces)
    {
        using var random = new RandomStreams(Enumerable.Repeat(seed, RandomStreams.SeedSize).ToArray());
        return new AcCookie(key.Length > 0 ? Secret.FromText(key) : default, random[RandomPurpose.CookieKey], interfaces);
    }

    private static byte[] Write(AcCookie cookies, Instant now, int group = 0)
    {
        var cookie = new byte[AcCookie.Size];
        cookies.Write(cookie, group, _mac, VlanStack.Untagged, now);
        return cookie;
    }

    private static bool IsValid(AcCookie cookies, byte[] cookie, Instant now, int group = 0) =>
        cookies.IsValid(cookie, group, _mac, VlanStack.Untagged, now);

    [Fact]
    public void PPPOE_016_With_a_key_cookies_survive_a_restart_even_if_interfaces_have_come_before_theirs()
    {
        var cookie = Write(Cookies("key", 1, "eth1"), _start);
        var later = _start + TimeSpan.FromSeconds(3);
        Assert.True(IsValid(Cookies("key", 2, "eth1"), cookie, later));
        Assert.True(IsValid(Cookies("key", 2, "eth0", "eth1"), cookie, later, 1));
        Assert.False(IsValid(Cookies("key", 2, "eth0", "eth1"), cookie, later, 0));
        Assert.False(IsValid(Cookies("other", 1, "eth1"), cookie, later));
    }

    [Fact]
    public void PPPOE_016_Without_a_key_they_do_not()
    {
        var cookie = Write(Cookies("", 1, "eth1"), _start);
        Assert.True(IsValid(Cookies("", 1, "eth1"), cookie, _start));
        Assert.False(IsValid(Cookies("", 2, "eth1"), cookie, _start));
    }

    [Fact]
    public void PPPOE_016_A_cookie_is_good_for_half_a_minute_at_least_and_a_minute_at_most_also_where_the_key_changes()
    {
        var cookies = Cookies("key", 1, "eth1");
        // Over three changes of the key, forth and back in the two that are kept.
        for (var at = _start; at < _start + TimeSpan.FromHours(3); at += TimeSpan.FromSeconds(7))
        {
            var cookie = Write(cookies, at);
            Assert.True(IsValid(cookies, cookie, at + TimeSpan.FromSeconds(30)));
            Assert.False(IsValid(cookies, cookie, at + TimeSpan.FromSeconds(60)));
        }
    }

    [Fact]
    public void PPPOE_016_In_the_first_slot_after_boot_there_is_none_before_it()
    {
        var cookies = Cookies("key", 1, "eth1");
        Assert.True(IsValid(cookies, Write(cookies, Instant.Zero), Instant.Zero));
        Assert.False(IsValid(cookies, new byte[AcCookie.Size], Instant.Zero));
    }
}
