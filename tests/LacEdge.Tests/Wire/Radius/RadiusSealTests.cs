using System.Text;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Wire.Radius;

/// <summary>The vectors RA and RP: computed independently, checked by tshark.</summary>
public sealed class RadiusSealTests
{
    private static readonly byte[] _secret = Encoding.ASCII.GetBytes("radius-secret");
    private static readonly byte[] _authenticator = Convert.FromHexString("00112233445566778899aabbccddeeff");
    private const string Rp1 = "015100bf00112233445566778899aabbccddeeff50124850a7db1ade56597ae99dcfe52eff0e0113616c696365406973702e6578616d706c6502229613977"
        + "9fb53b5b399ccf4a2ce6dd418f3597a3cc0ba2bd1ccd77907904582810406c0000201200c6c6163656467652d30313d0600000022570c657468313a3130302e3706060000"
        + "00020706000000011f1330323a30303a30303a30303a30303a30312c0a30303030414243441a1700000de90111414e312065746820312f323a313030";
    private const string Rp2 = "025100c61eba430d0df69c20a7fb08eb1fe484ff50127142870e6e4f480050c75caaaa546c004006010000034106010000014310013139382e35312e3130302e31305a"
        + "13016c6163312e6578616d706c652e6e65744515018001e430832bbcb2ae2ff238b26ede5b277a520501543153060100000a400602000003410602000002430f02323030"
        + "313a6462383a3a3130452502c3d4f3f93074bf2dd0865d243c1a9820967119acffa3a0cef1becf26e12184e0c3f05306020000051905c1a55e550600000258";

    [Theory]
    [InlineData("password", "851d9678e95fb3f7f1a386d1ab4db679")]
    [InlineData("0123456789abcdef", "c54dd738aa05f7a4c99ae7b3c829d31f")]
    [InlineData("", "f57ce50b9e30c193f1a386d1ab4db679")]
    [InlineData("correct horse battery", "96139779fb53b5b399ccf4a2ce6dd418f3597a3cc0ba2bd1ccd7790790458281")]
    public void RAD_005_passwords_are_hidden(string password, string expected)
    {
        var hidden = new byte[RadiusAuthentication.HiddenPasswordSize(password.Length)];
        RadiusAuthentication.HidePassword(Encoding.ASCII.GetBytes(password), _secret, _authenticator, hidden);
        Assert.Equal(expected, Convert.ToHexStringLower(hidden));
    }

    [Theory]
    [InlineData("8001e430832bbcb2ae2ff238b26ede5b277a", "l2tp-secret")]
    [InlineData("c3d4f3f93074bf2dd0865d243c1a9820967119acffa3a0cef1becf26e12184e0c3f0", "a-longer-tunnel-password")]
    [InlineData("9abceb35b7688d295573ba0dc6df1ab07bb6", "fifteen-octets!")]
    public void RAD_012_tunnel_passwords_are_read_with_the_request_authenticator(string value, string expected)
    {
        var clear = new byte[64];
        Assert.True(RadiusAuthentication.TryReadTunnelPassword(Convert.FromHexString(value), _secret, _authenticator, clear, out var size));
        Assert.Equal(expected, Encoding.ASCII.GetString(clear, 0, size));
    }

    [Theory]
    [InlineData("8001")]
    [InlineData("8001e430832bbcb2ae2ff238b26ede5b27")]
    [InlineData("8001e430832bbcb2ae2ff238b26ede5b277a00")]
    // Another salt: what comes out has an impossible size.
    [InlineData("8002e430832bbcb2ae2ff238b26ede5b277a")]
    public void RAD_012_impossible_tunnel_passwords_are_refused(string value) =>
        Assert.False(RadiusAuthentication.TryReadTunnelPassword(Convert.FromHexString(value), _secret, _authenticator, new byte[64], out _));

    [Fact]
    public void RAD_001_RAD_002_an_access_request_is_written_octet_by_octet()
    {
        Span<byte> hidden = stackalloc byte[32];
        RadiusAuthentication.HidePassword("correct horse battery"u8, _secret, _authenticator, hidden);
        var writer = new RadiusWriter(new byte[512]);
        writer.Begin(RadiusCode.AccessRequest, 0x51);
        RadiusSeal.Reserve(ref writer);
        writer.Text(1, "alice@isp.example");
        writer.Octets(2, hidden);
        writer.Address(4, LacEdge.Wire.Ip.IpAddress.Parse("192.0.2.1"));
        writer.Text(32, "lacedge-01");
        writer.Integer(61, 34);
        writer.Text(87, "eth1:100.7");
        writer.Integer(6, 2);
        writer.Integer(7, 1);
        writer.Text(31, "02:00:00:00:00:01");
        writer.Text(44, "0000ABCD");
        writer.Vendor(3561, 1, "AN1 eth 1/2:100"u8);
        Assert.True(writer.Ok);
        var packet = writer.End();
        RadiusSeal.Request(packet, _authenticator, _secret);
        Assert.Equal(Rp1, Convert.ToHexStringLower(packet));
    }

    [Fact]
    public void RAD_004_genuine_replies_are_known()
    {
        Assert.Equal(RadiusSealError.None, Check(Rp2));
        Assert.Equal(RadiusSealError.None, Check("0351003512402d4702435d5c6cdd90f0c46153e15012a924969ced03c211756d3b173c91b00f120f6e6f2073756368207265616c6d"));
    }

    [Fact]
    public void RAD_003_RAD_004_one_flipped_bit_anywhere_makes_a_reply_false()
    {
        var genuine = Convert.FromHexString(Rp2);
        for (var bit = 0; bit < genuine.Length * 8; bit++)
        {
            // Not the length: the framing has been checked by then.
            if (bit / 8 is 2 or 3) continue;
            var forged = genuine.ToArray();
            forged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(RadiusSealError.None, RadiusSeal.CheckReply(forged, _authenticator, _secret, mustBeSigned: true));
        }
    }

    [Fact]
    public void RAD_003_without_a_Message_Authenticator_a_reply_is_genuine_only_where_that_is_allowed()
    {
        var signed = Convert.FromHexString(Rp2);
        byte[] unsigned = [.. signed.AsSpan(0, 20), .. signed.AsSpan(38)];
        unsigned[3] -= 18;
        RadiusSeal.Reply(unsigned, _authenticator, _secret);
        Assert.Equal(RadiusSealError.None, RadiusSeal.CheckReply(unsigned, _authenticator, _secret, mustBeSigned: false));
        Assert.Equal(RadiusSealError.Unsigned, RadiusSeal.CheckReply(unsigned, _authenticator, _secret, mustBeSigned: true));

        // Wrong where it stands: whoever asked.
        signed[22] ^= 1;
        RadiusAuthentication.Digest(signed.ToArray(), _authenticator, _secret, signed.AsSpan(4, 16));
        Assert.Equal(RadiusSealError.MessageAuthenticator, RadiusSeal.CheckReply(signed, _authenticator, _secret, mustBeSigned: false));
    }

    [Fact]
    public void RAD_019_accounting_is_hashed_over_zeros_and_its_answer_verified()
    {
        const string start = "046000796dc03b2b2ce8b7147f0a4ffddca445bf2806000000012c0a30303030414243440113616c696365406973702e6578616d706c650406c000020129060000"
            + "000037066553f100400600000003410600000001420c003139322e302e322e314310003139382e35312e3130302e31304403311905c1a55e";
        var packet = Convert.FromHexString(start);
        packet.AsSpan(4, 16).Clear();
        RadiusSeal.HashedRequest(packet, _secret);
        Assert.Equal(start, Convert.ToHexStringLower(packet));
        var answer = Convert.FromHexString("05600014e432f9a8ba532cc27a99dce6fcc0f83f");
        Assert.Equal(RadiusSealError.None, RadiusSeal.CheckReply(answer, packet.AsSpan(4, 16), _secret, mustBeSigned: false));
    }

    [Fact]
    public void COA_002_a_disconnect_request_is_known_and_answered()
    {
        const string request = "2870004f1c772a95c00f132997adfce8102c1cab5012a86baea0c80e13db285fdcf0e30394000406c00002012c0a30303030414243440113616c696365406973"
            + "702e6578616d706c6537066553f164";
        var packet = Convert.FromHexString(request);
        Assert.Equal(RadiusSealError.None, RadiusSeal.CheckHashedRequest(packet, _secret, mustBeSigned: true));
        var writer = new RadiusWriter(new byte[64]);
        writer.Begin(RadiusCode.DisconnectNak, 0x70);
        RadiusSeal.Reserve(ref writer);
        writer.Integer(101, 503);
        var reply = writer.End();
        RadiusSeal.Reply(reply, packet.AsSpan(4, 16), _secret);
        Assert.Equal("2a70002c352f737e12aacd160114b2cfd432c7e150120a195e7779f6783d519e49dd63166d496506000001f7", Convert.ToHexStringLower(reply));

        packet[^1] ^= 1;
        Assert.Equal(RadiusSealError.Authenticator, RadiusSeal.CheckHashedRequest(packet, _secret, mustBeSigned: true));
    }

    [Fact]
    public void RAD_009_a_status_server_probe_is_signed()
    {
        var writer = new RadiusWriter(new byte[64]);
        writer.Begin(RadiusCode.StatusServer, 1);
        RadiusSeal.Reserve(ref writer);
        writer.Text(32, "lacedge-01");
        var packet = writer.End();
        var authenticator = Convert.FromHexString("0123456789abcdef0123456789abcdef");
        RadiusSeal.Request(packet, authenticator, _secret);
        Assert.Equal("0c0100320123456789abcdef0123456789abcdef5012759fa98a2db8ff7a3f73be671eeabd10200c6c6163656467652d3031", Convert.ToHexStringLower(packet));
        Assert.Equal(RadiusSealError.None, RadiusSeal.CheckReply(
            Convert.FromHexString("020100264cc491bcd8b10db2865e49c8a6c90ad25012080ff624974eb3e8960b15d2701c326f"), authenticator, _secret, mustBeSigned: true));
    }

    [Fact]
    public void RAD_022_what_does_not_fit_is_not_written()
    {
        var writer = new RadiusWriter(new byte[64]);
        writer.Begin(RadiusCode.AccessRequest, 1);
        writer.Octets(1, new byte[253]);
        Assert.False(writer.Ok);
        writer = new RadiusWriter(new byte[8192]);
        writer.Begin(RadiusCode.AccessRequest, 1);
        writer.Octets(1, new byte[254]);
        Assert.False(writer.Ok);
        writer = new RadiusWriter(new byte[8192]);
        writer.Begin(RadiusCode.AccessRequest, 1);
        for (var i = 0; i < 16; i++) writer.Octets(1, new byte[253]);
        Assert.False(writer.Ok);
        Assert.InRange(writer.End().Length, 20, RadiusPacket.MaxSize);
    }

    private static RadiusSealError Check(string hex) => RadiusSeal.CheckReply(Convert.FromHexString(hex), _authenticator, _secret, mustBeSigned: true);
}
