using System.Buffers;
using System.Text;
using LacEdge.Decode;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Decode;

/// <summary>Frames made by hand and what the decoder says about them, as JSON.</summary>
internal static class Sample
{
    public const string Host = "020000000001", Ac = "0200000000fe";
    public const string Padi = "ffffffffffff" + Host + "8863" + "11090000000c" + "01010000" + "0103000411223344";
    public const string LcpEcho = "c0210901000800000000";
    public const string IccnHidden =
        "c80200ab3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000140000001b010405d40304c02305060b"
        + "adcafe00100000001c010405d405060a0b0c0d00080000001d00038016000000240f1e2d3c4b5a69788796a5b4c3d2e1f040190000001e229de5ab82a9b8f0aaccd5"
        + "86933f6aeb9ee6e400080000002000014016000000216c0225e37988aff1c99cfecb1f512dec";

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static DecodedFrame Decode(LinkType linkType, string hex, FrameDecoder? decoder = null, int missing = 0) =>
        (decoder ?? new FrameDecoder()).Decode(1, new CaptureInterface(linkType, null), null, Hex(hex), missing);

    /// <summary>Without the frame number, and with single quotes for the sake of the tests' own.</summary>
    public static string Json(DecodedFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new JsonFormat(buffer);
        json.Write(frame);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).TrimEnd('\n').Replace('"', '\'').Replace("{'frame':1,", "{", StringComparison.Ordinal);
    }

    public static string Json(LinkType linkType, string hex, int missing = 0) => Json(Decode(linkType, hex, missing: missing));

    public static string Udp(string source, string destination, string payload)
    {
        var writer = new WireWriter(new byte[2000]);
        UdpHeader.WritePacket(ref writer, Endpoint(source), Endpoint(destination), Hex(payload));
        return Convert.ToHexStringLower(writer.Written);
    }

    private static UdpEndpoint Endpoint(string text) =>
        new(IpAddress.Parse(text[..text.LastIndexOf(':')].Trim('[', ']')), ushort.Parse(text[(text.LastIndexOf(':') + 1)..], null));
}
