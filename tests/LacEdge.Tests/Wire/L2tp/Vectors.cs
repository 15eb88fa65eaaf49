using System.Text;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Wire.L2tp;

/// <summary>The inputs that the L2TP vectors share.</summary>
internal static class Vectors
{
    public const ushort LacTunnel = 0x1a2b, LnsTunnel = 0x3c4d, LacSession = 0x1111, LnsSession = 0x2222;

    public static byte[] TunnelSecret => "tunnel-secret"u8.ToArray();
    public static byte[] HiddenSecret => "hidden-secret"u8.ToArray();
    public static byte[] RandomVector => Hex("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    public static byte[] LacChallenge => Hex("000102030405060708090a0b0c0d0e0f");
    public static byte[] LnsChallenge => Hex("f0e1d2c3b4a5968778695a4b3c2d1e0f");

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
    public static string ToHex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static L2tpHeader Header(byte[] datagram)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out var error), error.ToString());
        return header;
    }

    /// <summary>A good message.</summary>
    public static ControlMessage Message(string hex, byte[]? secret = null)
    {
        var message = ControlMessageParser.Parse(Header(Hex(hex)), secret);
        Assert.Equal(default, message.Problem);
        return message;
    }

    /// <summary>A control message with these AVPs, as the LNS would send it.</summary>
    public static ControlMessage MessageOf(string avps, byte[]? secret = null)
    {
        var payload = Hex(avps);
        var datagram = new byte[L2tpHeader.ControlSize + payload.Length];
        var writer = new WireWriter(datagram);
        L2tpHeader.WriteControl(ref writer, LacTunnel, LacSession, 1, 2);
        writer.WriteBytes(payload);
        L2tpHeader.PatchControlLength(ref writer, 0);
        return ControlMessageParser.Parse(Header(datagram), secret);
    }
}
