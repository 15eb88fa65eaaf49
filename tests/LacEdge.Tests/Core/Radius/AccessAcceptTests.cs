using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Radius;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Core.Radius;

public sealed class AccessAcceptTests
{
    private const string RequestAuthenticator = "00112233445566778899aabbccddeeff";
    /// <summary>Two tagged sets: tag 1 IPv4, preference 10; tag 2 IPv6, preference 5; each with its Tunnel-Password (secret "radius-secret").</summary>
    private const string TwoSets = "025100c61eba430d0df69c20a7fb08eb1fe484ff50127142870e6e4f480050c75caaaa546c004006010000034106010000014310013139382e35312e3130302e31305a13016c"
        + "6163312e6578616d706c652e6e65744515018001e430832bbcb2ae2ff238b26ede5b277a520501543153060100000a400602000003410602000002430f02323030313a6462383a3a3130"
        + "452502c3d4f3f93074bf2dd0865d243c1a9820967119acffa3a0cef1becf26e12184e0c3f05306020000051905c1a55e550600000258";

    [Fact]
    public void RAD_010_RAD_012_sets_are_grouped_by_tag_and_ordered_by_preference_each_with_its_password()
    {
        var sets = Read(TwoSets, RequestAuthenticator).Sets;
        Assert.Equal(["2: 2001:db8::10 a-longer-tunnel-password", "1: 198.51.100.10 l2tp-secret"], sets.Select(set =>
            $"{set.Tag}: {Assert.Single(set.ServerEndpoints)} {Encoding.UTF8.GetString(set.Password!.Value.Span)}"));
        Assert.Equal((3u, 1u, 10u, "lac1.example.net", "T1"), (sets[1].Type, sets[1].Medium, sets[1].Preference, sets[1].ClientAuthId, sets[1].AssignmentId));
        Assert.Equal((3u, 2u, 5u, null, null), (sets[0].Type, sets[0].Medium, sets[0].Preference, sets[0].ClientAuthId, sets[0].AssignmentId));
    }

    [Theory]
    [InlineData("3139322e302e322e31", 0, "192.0.2.1")]
    [InlineData("003139322e302e322e31", 0, "192.0.2.1")]
    [InlineData("013139322e302e322e31", 1, "192.0.2.1")]
    [InlineData("1f3139322e302e322e31", 31, "192.0.2.1")]
    [InlineData("206c6e73", 0, " lns")]
    public void RAD_011_the_first_octet_of_a_text_is_a_tag_up_to_1F(string value, byte tag, string text)
    {
        var set = Assert.Single(Of(Attribute(67, value)).Sets);
        Assert.Equal((tag, text), (set.Tag, Assert.Single(set.ServerEndpoints)));
    }

    [Fact]
    public void RAD_011_numbers_and_passwords_always_have_a_tag_octet_and_one_out_of_range_means_none()
    {
        var type = Assert.Single(Of(Attribute(64, "20000003")).Sets);
        Assert.Equal(((byte)0, (uint?)3), (type.Tag, type.Type));
        // 0x45 would be an "E" of a text; here it is a tag that means nothing.
        var password = Assert.Single(Of(Attribute(69, "458001e430832bbcb2ae2ff238b26ede5b277a")).Sets);
        Assert.Equal(((byte)0, "l2tp-secret"), (password.Tag, Encoding.UTF8.GetString(password.Password!.Value.Span)));
    }

    [Theory]
    [InlineData("018001")]
    [InlineData("018001e430832bbcb2ae2ff238b26ede5b27")]
    [InlineData("018001ff30832bbcb2ae2ff238b26ede5b277a")]
    public void RAD_012_a_password_of_impossible_size_spoils_its_set(string value) =>
        Assert.Equal("its Tunnel-Password cannot be read", Assert.Single(Of(Attribute(69, value)).Sets).Fault);

    [Fact]
    public void RAD_015_what_is_no_text_spoils_its_set_and_no_other()
    {
        var sets = Of(Attribute(67, "01ff") + Attribute(67, "02") + Attribute(67, "023139322e302e322e31") + Attribute(90, "030a")).Sets;
        Assert.Equal(["its Tunnel-Server-Endpoint is no text", null, "its Tunnel-Client-Auth-ID is no text"], sets.Select(set => set.Fault));
        Assert.Equal(["192.0.2.1"], sets[1].ServerEndpoints);
    }

    [Fact]
    public void SEL_003_commas_and_spaces_stand_between_equals_and_a_slash_before_the_next_group()
    {
        // RP-5 of the vectors, with RP-4's authenticator.
        var accept = Read("0252006d658b1796f0e5243a78b94eba65099eb650120ac7462a3c09d3d4bf5f5581b06042690806c63364141a4100000009013b7670646e3a69702d6164647265737365733d"
            + "3139382e35312e3130302e31302c3139382e35312e3130302e31312f3230332e302e3131332e39", "ffeeddccbbaa99887766554433221100");
        Assert.Equal(IpAddress.Parse("198.51.100.20"), accept.FramedAddress);
        Assert.Equal(["0: 198.51.100.10 198.51.100.11", "1: 203.0.113.9"], Groups(accept.Vpdn));
        Assert.Equal(["0: a b", "1: c d", "2: e"], Groups(["ip-addresses=a b/ c,, d //e"]));
        Assert.Equal(6, VpdnPairs.Sets(["ip-addresses=a/b/c/d/e/f/g/h"]).Count);

        static IEnumerable<string> Groups(IReadOnlyList<string> pairs) =>
            VpdnPairs.Sets(pairs).Select(set => $"{set.Preference}: {string.Join(' ', set.ServerEndpoints)}");
    }

    [Fact]
    public void Pairs_of_vpdn_say_the_rest_of_the_tunnel_and_others_say_nothing()
    {
        var accept = Of(Pair("vpdn:tunnel-id=lac7") + Pair("vpdn:tunnel-type=l2tp") + Pair("ip:addr-pool=x") + Pair("vpdn:l2tp-tunnel-password=hush")
            + Pair("vpdn:ip-addresses*192.0.2.1") + Pair("vpdn:tunnel-assignment-id=gold") + Pair("vpdn:what=ever") + Pair("vpdn:") + Attribute(26, "00000009"));
        var set = Assert.Single(VpdnPairs.Sets(accept.Vpdn));
        Assert.Equal((3u, "lac7", "gold", Secret.FromText("hush")), (set.Type, set.ClientAuthId, set.AssignmentId, set.Password!.Value));
        Assert.Equal(0u, VpdnPairs.Sets(["tunnel-type=pptp", "ip-addresses=192.0.2.1"])[0].Type);
        Assert.Empty(VpdnPairs.Sets(["tunnel-id=lac7"]));
    }

    [Fact]
    public void RAD_022_random_attributes_do_no_harm()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var attributes = new byte[random.Next(200)];
            random.NextBytes(attributes);
            if (attributes.Length > 8) (attributes[0], attributes[1]) = ((byte)random.Next(60, 95), (byte)random.Next(2, attributes.Length));
            _ = VpdnPairs.Sets(Of(Convert.ToHexString(attributes)).Vpdn);
        }
    }

    internal static string Attribute(byte type, string value) => $"{type:x2}{value.Length / 2 + 2:x2}{value}";
    internal static string Text(byte type, string text, byte? tag = null) => Attribute(type, (tag is { } t ? $"{t:x2}" : "") + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)));
    internal static string Pair(string text) => Attribute(26, "00000009" + Attribute(1, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))));

    private static AccessAccept Of(string attributes) =>
        Read($"0200{attributes.Length / 2 + 20:x4}{new string('0', 32)}{attributes}", RequestAuthenticator);

    private static AccessAccept Read(string packet, string authenticator)
    {
        Assert.True(RadiusPacket.TryParse(Convert.FromHexString(packet), out var parsed, out _));
        var server = new RadiusServerConfig { Name = "r1", Address = IpAddress.Parse("203.0.113.1"), Secret = Secret.FromText("radius-secret") };
        return AccessAccept.Read(new RadiusReply(parsed, server, Convert.FromHexString(authenticator)));
    }
}
