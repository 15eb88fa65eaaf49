using System.Security.Cryptography;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Tests.Wire.Ppp;

public sealed class PppVectorTests
{
    private const string PapRequestFrame = "c0230101002111616c696365406973702e6578616d706c650a776f6e6465726c616e64";
    private const string ChapChallenge = "c223012a001f10101112131415161718191a1b1c1d1e1f6c6163656467652d3031";
    private const string ChapResponse = "c223022a002610e19a9463414757c0fd809ea3977b7730616c696365406973702e6578616d706c65";
    private const string EapIdentityRequest = "c2270101000501";
    private const string EapIdentityResponse = "c2270201001601616c696365406973702e6578616d706c65";
    private const string ConfigureReject = "c0210401000c07020802110405dc";
    private const string ConfigureNak = "c02103020008010405d4";
    private const string ProtocolReject = "c0210803000a80570101000e";

    public static TheoryData<string> All =>
    [
        PapRequestFrame, ChapChallenge, ChapResponse, EapIdentityRequest, EapIdentityResponse,
        ConfigureReject, ConfigureNak, ProtocolReject,
    ];

    private static PppControlPacket Control(string hex)
    {
        Assert.True(PppFrame.TryParse(Convert.FromHexString(hex), out var frame, out _));
        Assert.True(PppControlPacket.TryParse(frame.Information, out var packet, out _));
        return packet;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_control_packet_read_and_written_again_is_the_same(string hex)
    {
        Assert.True(PppFrame.TryParse(Convert.FromHexString(hex), out var frame, out _));
        Assert.Equal(PppHeaderForm.Plain, frame.HeaderForm);
        var packet = Control(hex);
        var writer = new WireWriter(new byte[128]);
        PppControlPacket.Write(ref writer, frame.Protocol, packet.Code, packet.Identifier, packet.Data);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Damaged_packets_are_refused_or_read_without_harm(string hex)
    {
        foreach (var damaged in Damage.Of(hex))
        {
            if (!PppFrame.TryParse(damaged, out var frame, out var error)
                || !PppControlPacket.TryParse(frame.Information, out var packet, out error))
            {
                Assert.NotEqual(DecodeError.None, error);
                continue;
            }

            var options = new PppOptionReader(packet.Data);
            var count = 0;
            while (options.MoveNext()) Assert.True(++count <= packet.Data.Length / 2);
            if (!PapRequest.TryParse(packet.Data, out _, out error)) Assert.Equal(DecodeError.PapLength, error);
            if (!ChapValue.TryParse(packet.Data, out _, out error)) Assert.Equal(DecodeError.ChapLength, error);
        }
    }

    [Fact]
    public void PP_1_PAP_request()
    {
        var packet = Control(PapRequestFrame);
        Assert.True(PapRequest.TryParse(packet.Data, out var request, out _));
        Assert.Equal("alice@isp.example"u8, request.PeerId);
        Assert.Equal("wonderland"u8, request.Password);
        var writer = new WireWriter(new byte[64]);
        PapRequest.WriteData(ref writer, request.PeerId, request.Password);
        Assert.Equal(packet.Data, writer.Written);
    }

    [Fact]
    public void PP_2_PP_3_CH_1_CHAP_challenge_and_response()
    {
        var packet = Control(ChapChallenge);
        Assert.Equal((byte)ChapCode.Challenge, packet.Code);
        Assert.Equal(0x2A, packet.Identifier);
        Assert.True(ChapValue.TryParse(packet.Data, out var challenge, out _));
        Assert.Equal("lacedge-01"u8, challenge.Name);

        Assert.True(ChapValue.TryParse(Control(ChapResponse).Data, out var response, out _));
        Assert.Equal("alice@isp.example"u8, response.Name);
        byte[] input = [0x2A, .. "s3cret"u8, .. challenge.Value];
        Assert.Equal(MD5.HashData(input), response.Value.ToArray());

        var writer = new WireWriter(new byte[64]);
        ChapValue.WriteData(ref writer, challenge.Value, challenge.Name);
        Assert.Equal(packet.Data, writer.Written);
    }

    [Fact]
    public void PP_6_PP_7_options_of_Reject_and_Nak()
    {
        Assert.Equal("7: 8: 17:05dc", Options(Control(ConfigureReject)));
        Assert.Equal("1:05d4", Options(Control(ConfigureNak)));
    }

    [Fact]
    public void PP_8_a_PAP_name_that_runs_past_the_packet_is_refused()
    {
        Assert.False(PapRequest.TryParse(Control("c0230101000c20616c6963654069").Data, out _, out var error));
        Assert.Equal(DecodeError.PapLength, error);
    }

    [Theory]
    [InlineData("c0210105000405", DecodeError.None)]
    [InlineData("c02101050003", DecodeError.PppControlLength)]
    [InlineData("c02101050000", DecodeError.PppControlLength)]
    [InlineData("c02101050005", DecodeError.PppControlLength)]
    [InlineData("c021010500", DecodeError.PppControlTruncated)]
    public void LCP_017_Length_must_lie_between_4_and_what_came(string hex, DecodeError expected)
    {
        Assert.True(PppFrame.TryParse(Convert.FromHexString(hex), out var frame, out _));
        Assert.Equal(expected == DecodeError.None, PppControlPacket.TryParse(frame.Information, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("0100" + "05dc", DecodeError.PppOptionLength)]
    [InlineData("0101" + "05dc", DecodeError.PppOptionLength)]
    [InlineData("0105" + "05dc", DecodeError.PppOptionLength)]
    [InlineData("0104" + "05dc" + "05", DecodeError.PppOptionTruncated)]
    public void LCP_017_Option_lengths_must_fit(string options, DecodeError expected)
    {
        var reader = new PppOptionReader(Convert.FromHexString(options));
        while (reader.MoveNext()) { }
        Assert.Equal(expected, reader.Error);
    }

    [Theory]
    [InlineData("c021", 0xC021, PppHeaderForm.Plain, DecodeError.None)]
    [InlineData("ff03c021", 0xC021, PppHeaderForm.AddressAndControl, DecodeError.None)]
    [InlineData("21", 0x0021, PppHeaderForm.CompressedProtocol, DecodeError.None)]
    [InlineData("ff0321", 0x0021, PppHeaderForm.AddressAndControl, DecodeError.None)]
    [InlineData("", 0, PppHeaderForm.Plain, DecodeError.PppTruncated)]
    [InlineData("ff03", 0, PppHeaderForm.Plain, DecodeError.PppTruncated)]
    [InlineData("c0", 0, PppHeaderForm.Plain, DecodeError.PppTruncated)]
    [InlineData("c022", 0, PppHeaderForm.Plain, DecodeError.PppProtocolInvalid)]
    public void The_protocol_field_in_its_forms(string hex, int protocol, PppHeaderForm form, DecodeError expected)
    {
        Assert.Equal(expected == DecodeError.None, PppFrame.TryParse(Convert.FromHexString(hex), out var frame, out var error));
        Assert.Equal(expected, error);
        Assert.Equal((PppProtocol)protocol, frame.Protocol);
        Assert.Equal(form, frame.HeaderForm);
    }

    private static string Options(in PppControlPacket packet)
    {
        var text = new List<string>();
        var reader = new PppOptionReader(packet.Data);
        while (reader.MoveNext()) text.Add($"{reader.Current.Type}:{Convert.ToHexStringLower(reader.Current.Value)}");
        Assert.Equal(DecodeError.None, reader.Error);
        return string.Join(' ', text);
    }
}
