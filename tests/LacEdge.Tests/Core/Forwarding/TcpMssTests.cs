using System.Buffers.Binary;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Ip;

namespace LacEdge.Tests.Core.Forwarding;

public sealed class TcpMssTests
{
    private const byte Syn = 0x02, SynAck = 0x12, Ack = 0x10;
    // MSS 1460; no-operation and MSS at an odd place; timestamps first.
    private const string Mss = "020405b4", OddMss = "01020405b4000000", LaterMss = "080a0000000000000000020405b40000";

    [Theory]
    [InlineData(Mss, Syn, 4)]
    [InlineData(Mss, SynAck, 4)]
    [InlineData(OddMss, Syn, 4)]
    [InlineData(LaterMss, Syn, 4)]
    [InlineData(Mss, Syn, 6)]
    [InlineData(OddMss, SynAck, 6)]
    public void A_large_MSS_of_a_SYN_becomes_smaller_and_the_checksum_stays_right(string options, byte flags, int version)
    {
        var ppp = Packet(version, flags, options);
        var whole = ppp.ToArray();
        Assert.True(TcpMss.Clamp(ppp, 1410, 1390));
        Assert.Equal(version == 4 ? 1410 : 1390, MssOf(ppp, version));
        Assert.Equal(0, Checksum(ppp, version));
        // Two octets of MSS and two of checksum at the most.
        Assert.InRange(ppp.Zip(whole).Count(pair => pair.First != pair.Second), 2, 4);
    }

    [Theory]
    [InlineData(Mss, Ack, 1410)]
    [InlineData(Mss, Syn, 1460)]
    [InlineData(Mss, Syn, 0)]
    [InlineData("", Syn, 1410)]
    [InlineData("00020405", Syn, 1410)]
    [InlineData("02ff05b4", Syn, 1410)]
    [InlineData("0200b405", Syn, 1410)]
    [InlineData("010101ff", Syn, 1410)]
    public void Everything_else_is_left_alone(string options, byte flags, int max)
    {
        foreach (var version in (int[])[4, 6])
        {
            var ppp = Packet(version, flags, options);
            var before = Convert.ToHexString(ppp);
            Assert.False(TcpMss.Clamp(ppp, (ushort)max, (ushort)max));
            Assert.Equal(before, Convert.ToHexString(ppp));
        }
    }

    [Fact]
    public void Cut_and_mangled_packets_do_no_harm()
    {
        foreach (var version in (int[])[4, 6])
        {
            var whole = Packet(version, Syn, OddMss);
            for (var length = 0; length < whole.Length; length++) TcpMss.Clamp(whole.AsSpan(0, length).ToArray(), 1000, 1000);
            for (var at = 2; at < whole.Length; at++)
            {
                foreach (var value in (byte[])[0x00, 0x01, 0x7F, 0x80, 0xFF])
                {
                    var mangled = whole.ToArray();
                    mangled[at] = value;
                    TcpMss.Clamp(mangled, 1000, 1000);
                }
            }
        }
    }

    [Theory]
    [InlineData("0021")]
    [InlineData("21")]
    public void The_protocol_field_may_be_compressed(string protocol) =>
        Assert.True(TcpMss.Clamp([.. Convert.FromHexString(protocol), .. Packet(4, Syn, Mss).AsSpan(2)], 1410, 0));

    [Theory]
    [InlineData("00fd")]
    [InlineData("0053")]
    [InlineData("c021")]
    public void Compressed_encrypted_and_control_frames_are_not_looked_into(string protocol) =>
        Assert.False(TcpMss.Clamp([.. Convert.FromHexString(protocol), .. Packet(4, Syn, Mss).AsSpan(2)], 1410, 1410));

    private static byte[] Packet(int version, byte flags, string options)
    {
        var tcp = Convert.FromHexString("c0000050" + "00000001" + "00000000" + "0000" + "ffff" + "0000" + "0000" + options);
        (tcp[12], tcp[13]) = ((byte)(tcp.Length / 4 << 4), flags);
        var ip = version == 4
            ? Convert.FromHexString("45000000" + "00004000" + "40060000" + "c6336401" + "cb007101")
            : Convert.FromHexString("60000000" + "00000640" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002");
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(version == 4 ? 2 : 4), (ushort)(version == 4 ? ip.Length + tcp.Length : tcp.Length));
        byte[] ppp = [0x00, version == 4 ? (byte)0x21 : (byte)0x57, .. ip, .. tcp];
        BinaryPrimitives.WriteUInt16BigEndian(ppp.AsSpan(2 + ip.Length + 16), Checksum(ppp, version));
        return ppp;
    }

    /// <summary>0 over a segment whose checksum is right.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> ppp, int version)
    {
        var header = version == 4 ? 20 : 40;
        var addresses = version == 4 ? ppp.Slice(14, 8) : ppp.Slice(10, 32);
        var tcp = ppp[(2 + header)..];
        var half = addresses.Length / 2;
        var sum = InternetChecksum.AddPseudoHeader(0, IpAddress.Read(addresses[..half]), IpAddress.Read(addresses[half..]), 6, tcp.Length);
        return InternetChecksum.Finish(InternetChecksum.Add(sum, tcp));
    }

    private static int MssOf(ReadOnlySpan<byte> ppp, int version)
    {
        var options = ppp[(2 + (version == 4 ? 20 : 40) + 20)..];
        return BinaryPrimitives.ReadUInt16BigEndian(options[(options.IndexOf((ReadOnlySpan<byte>)[2, 4]) + 2)..]);
    }
}
