using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using static LacEdge.Tests.Wire.L2tp.Vectors;

namespace LacEdge.Tests.Wire.L2tp;

public sealed class ControlMessageTests
{
    private const string Icrp = "8008 0000 0000 000b 8008 0000 000e 2222";
    private const string Sccrp = "8008 0000 0000 0002 8008 0000 0002 0100 800a 0000 0003 00000003 8009 0000 0007 6c6e73 8008 0000 0009 3c4d";
    private const string Iccn = "8008 0000 0000 000c 800a 0000 0018 00000001 800a 0000 0013 00000001";

    [Theory]
    [InlineData("c801000c3c4d000000000000", DecodeError.L2tpVersion)]
    [InlineData("c803000c3c4d000000000000", DecodeError.L2tpVersion)]
    [InlineData("c802000b3c4d0000000000", DecodeError.L2tpLength)]
    [InlineData("c80200143c4d00000000000080080000", DecodeError.L2tpLength)]
    [InlineData("880200003c4d000000000000", DecodeError.L2tpControlFlags)]
    [InlineData("c00200083c4d0000", DecodeError.L2tpControlFlags)]
    [InlineData("ca02000e3c4d0000000000000000", DecodeError.L2tpControlFlags)]
    [InlineData("c902000c3c4d000000000000", DecodeError.L2tpControlFlags)]
    [InlineData("c8", DecodeError.L2tpTruncated)]
    [InlineData("", DecodeError.L2tpTruncated)]
    public void L2TP_003_L2TP_004_bad_headers_are_refused(string hex, DecodeError expected)
    {
        Assert.False(L2tpHeader.TryParse(Hex(hex), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void L2TP_002_reserved_header_bits_and_octets_behind_Length_are_ignored()
    {
        var header = Header(Hex("fcf200143c4d0000000400028008000000000006ffff"));
        Assert.Equal(MessageType.Hello, ControlMessageParser.Parse(header, default).Type);
        Assert.Equal(8, header.Payload.Length);
    }

    [Theory]
    [InlineData(Icrp + "8008 0000 1092 0001", DecodeError.AvpUnknownMandatory, 0, 4242, "AVP 0/4242: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Icrp + "8008 0009 0065 0001", DecodeError.AvpUnknownMandatory, 9, 101, "AVP 9/101: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Sccrp + "8408 0000 000a 0010", DecodeError.AvpReservedBits, 0, 10, "AVP 0/10: reserved bits", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Sccrp + "8010 0000 004d 0000000000010000 0002", DecodeError.AvpUnknownMandatory, 0, 77, "AVP 0/77: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Sccrp + "800a 0000 003c 00000001", DecodeError.AvpUnknownMandatory, 0, 60, "AVP 0/60: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Sccrp + "8008 0000 000a 0000", DecodeError.AvpValue, 0, 10, "AVP 0/10: value", L2tpErrorCode.FieldOutOfRange)]
    [InlineData(Sccrp + "8006 0000 000b", DecodeError.AvpValue, 0, 11, "AVP 0/11: value", L2tpErrorCode.FieldOutOfRange)]
    [InlineData("8008 0000 0000 000b 8008 0000 000e 0000", DecodeError.AvpValue, 0, 14, "AVP 0/14: value", L2tpErrorCode.FieldOutOfRange)]
    [InlineData("8008 0000 0000 000b", DecodeError.AvpMissing, 0, 14, "AVP 0/14: missing", L2tpErrorCode.VendorSpecific)]
    [InlineData("8008 0000 0000 000b 8008 0de9 000e 2222", DecodeError.AvpUnknownMandatory, 3561, 14, "AVP 3561/14: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData(Icrp + "8005 0000 0007", DecodeError.AvpLength, 0, 7, "AVP 0/7: length", L2tpErrorCode.LengthWrong)]
    [InlineData(Icrp + "0000 0000 0007", DecodeError.AvpLength, 0, 7, "AVP 0/7: length", L2tpErrorCode.LengthWrong)]
    [InlineData(Icrp + "803f 0000 0007 6162", DecodeError.AvpLength, 0, 7, "AVP 0/7: length", L2tpErrorCode.LengthWrong)]
    [InlineData(Icrp + "0008 0000", DecodeError.AvpTruncated, 0, 14, "AVP 0/14: length", L2tpErrorCode.LengthWrong)]
    [InlineData("8008 0000 0000 0063", DecodeError.MessageTypeUnknown, 0, 99, "message type 99: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData("8008 0000 0000 0000", DecodeError.MessageTypeUnknown, 0, 0, "message type 0: unknown", L2tpErrorCode.UnknownMandatoryAvp)]
    [InlineData("8008 0000 0009 3c4d 8008 0000 0000 0002", DecodeError.MessageTypeMissing, 0, 0, "message type missing", L2tpErrorCode.VendorSpecific)]
    [InlineData("8008 0de9 0000 0002", DecodeError.MessageTypeMissing, 0, 0, "message type missing", L2tpErrorCode.VendorSpecific)]
    [InlineData("c008 0000 0000 0002", DecodeError.MessageTypeMissing, 0, 0, "message type missing", L2tpErrorCode.VendorSpecific)]
    [InlineData("8007 0000 0000 02", DecodeError.MessageTypeMissing, 0, 0, "message type missing", L2tpErrorCode.VendorSpecific)]
    [InlineData("80", DecodeError.MessageTypeMissing, 0, 0, "message type missing", L2tpErrorCode.VendorSpecific)]
    public void L2TP_005_006_007_009_011_problems_are_named(
        string avps, DecodeError error, ushort vendor, ushort type, string text, L2tpErrorCode code)
    {
        var message = MessageOf(avps);
        Assert.Equal(new AvpProblem(error, vendor, type), message.Problem);
        Assert.Equal(text, message.Problem.ToString());
        Assert.Equal(code, message.Problem.ErrorCode);
        Assert.False(message.IsUnknown);
    }

    [Theory]
    [InlineData(Icrp + "0008 0000 1092 0001", DecodeError.None)]
    [InlineData(Icrp + "0014 0de9 0002 5355422d303034320000 00000000", DecodeError.None)]
    [InlineData(Icrp + "0408 0000 000a 0010", DecodeError.AvpReservedBits)]
    [InlineData(Icrp + "000c 0000 004c 000300002710", DecodeError.None)]
    [InlineData(Iccn + "0008 0000 0026 fa00", DecodeError.AvpValue)]
    public void L2TP_007_L2TP_012_what_has_no_M_bit_is_ignored(string avps, DecodeError ignored)
    {
        var message = MessageOf(avps);
        Assert.Equal(default, message.Problem);
        Assert.Equal(ignored, message.Ignored);
        Assert.Null(message.RxConnectSpeed);
        Assert.Null(message.ProtocolVersion);
        Assert.Null(message.ReceiveWindowSize);
    }

    [Fact]
    public void L2TP_006_an_unknown_message_type_without_the_M_bit_is_ignorable_whatever_follows()
    {
        var message = MessageOf("0008 0000 0000 0063 8008 0000 1092 0001 8005");
        Assert.Equal(default, message.Problem);
        Assert.True(message.IsUnknown);
    }

    [Theory]
    [InlineData(AvpType.ProtocolVersion)]
    [InlineData(AvpType.FramingCapabilities)]
    [InlineData(AvpType.HostName)]
    [InlineData(AvpType.AssignedTunnelId)]
    public void L2TP_016_Sccrp_without_a_required_Avp_is_refused(AvpType missing)
    {
        string[] avps = ["8008 0000 0002 0100", "800a 0000 0003 00000003", "8009 0000 0007 6c6e73", "8008 0000 0009 3c4d"];
        AvpType[] types = [AvpType.ProtocolVersion, AvpType.FramingCapabilities, AvpType.HostName, AvpType.AssignedTunnelId];
        var message = MessageOf("8008 0000 0000 0002" + string.Concat(avps.Where((_, i) => types[i] != missing)));
        Assert.Equal(new AvpProblem(DecodeError.AvpMissing, 0, (ushort)missing), message.Problem);
    }

    [Theory]
    [InlineData("8008 0000 0001 0003", 3, 0, "")]
    [InlineData("800a 0000 0001 0003 0006", 3, 6, "")]
    [InlineData("800c 0000 0001 0003 0006 6f6b", 3, 6, "ok")]
    [InlineData("8009 0000 0001 0003 00", 3, 0, "")]
    public void L2TP_013_result_codes_of_every_length_are_read(string avp, ushort result, ushort error, string text)
    {
        var message = MessageOf("8008 0000 0000 000e 8008 0000 000e 2222" + avp);
        Assert.Equal(default, message.Problem);
        Assert.Equal((result, error, text), (message.ResultCode.Result, message.ResultCode.Error, PrintableText.From(message.ResultCode.Text)));
    }

    [Theory]
    [InlineData("000b 0000 002e 0010 c223 01", 16, 0xc223, 1)]
    [InlineData("000b 002b 002e 0010 c223 01", 16, 0xc223, 1)]
    public void L2TP_057_a_disconnect_cause_is_read_also_under_vendor_43(string avp, int code, int protocol, int direction)
    {
        var message = MessageOf("8008 0000 0000 000e 8008 0000 0001 0001 8008 0000 000e 2222" + avp);
        Assert.True(message.HasDisconnectCause);
        Assert.Equal((code, protocol, direction), (message.DisconnectCause.Code, message.DisconnectCause.Protocol, message.DisconnectCause.Direction));
    }

    [Fact]
    public void The_first_of_several_Avps_counts()
    {
        Assert.Equal((ushort)0x2222, MessageOf(Icrp + "8008 0000 000e 3333").AssignedSessionId);
    }

    [Fact]
    public void L2TP_015_values_of_1017_octets_are_read_and_nothing_longer_is_written()
    {
        var name = new string('n', Avp.MaxValueSize);
        var buffer = new byte[2000];
        var writer = new AvpWriter(buffer, MessageType.Scccn, 1);
        writer.Text(AvpType.VendorName, name);
        Assert.True(writer.Ok);
        Assert.Equal(Avp.MaxValueSize, ControlMessageParser.Parse(Header(writer.Finish().ToArray()), default).VendorName.Length);

        writer = new AvpWriter(buffer, MessageType.Scccn, 1);
        writer.Text(AvpType.VendorName, name + "n");
        Assert.False(writer.Ok);

        writer = new AvpWriter(buffer.AsSpan(0, 100), MessageType.Scccn, 1);
        writer.Text(AvpType.VendorName, name);
        Assert.False(writer.Ok);
    }

    [Fact]
    public void L2TP_010_the_table_gives_the_M_bits_of_RFC_2661()
    {
        ushort[] optional = [5, 6, 8, 25, 26, 27, 28, 29, 30, 31, 32, 33, 37, 38];
        for (ushort type = 0; type < 40; type++)
        {
            if (type == 20) Assert.Null(AvpTable.Find(0, type));
            else Assert.True(AvpTable.Get((AvpType)type).Mandatory != optional.Contains(type), $"type {type}");
        }

        Assert.Null(AvpTable.Find(0, 200));
        Assert.Null(AvpTable.Find(1, 1));
        Assert.Equal("Host Name (7)", AvpTable.NameOf(0, 7));
        Assert.Equal("AVP 4242", AvpTable.NameOf(0, 4242));
        Assert.Equal("AVP 9/101", AvpTable.NameOf(9, 101));
        Assert.Equal("Agent Remote ID (3561/2)", AvpTable.NameOf(3561, 2));
    }

    [Fact]
    public void Every_truncation_and_every_single_bit_error_is_survived()
    {
        var good = Hex("c80200ab3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000140000001b010405d4"
            + "0304c02305060badcafe00100000001c010405d405060a0b0c0d00080000001d00038016000000240f1e2d3c4b5a69788796a5b4c3d2e1f0401900000"
            + "01e229de5ab82a9b8f0aaccd586933f6aeb9ee6e400080000002000014016000000216c0225e37988aff1c99cfecb1f512dec");
        var refused = 0;
        for (var size = 0; size < good.Length; size++)
        {
            var cut = good[..size];
            if (size >= 4) (cut[2], cut[3]) = (0, (byte)size);
            if (!L2tpHeader.TryParse(cut, out var header, out _)) { refused++; continue; }
            if (!ControlMessageParser.Parse(header, TunnelSecret).Problem.IsNone) refused++;
        }

        // What remains acceptable ends at an AVP boundary behind the required ones.
        Assert.Equal(good.Length - 8, refused);

        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            if (L2tpHeader.TryParse(bad, out var header, out _)) _ = ControlMessageParser.Parse(header, TunnelSecret).Problem;
        }
    }

    [Theory]
    [InlineData(0, 0, "0001", "SCCRQ")]
    [InlineData(0, 0, "0063", "message 99")]
    [InlineData(0, 1, "00020008", "general error (2), unknown AVP with the M bit set (8)")]
    [InlineData(0, 2, "0100", "1.0")]
    [InlineData(0, 3, "00000003", "sync async")]
    [InlineData(0, 7, "6c6e730a3531", "lns\\x0a51")]
    [InlineData(0, 15, "0000002a", "42")]
    [InlineData(0, 18, "00000000", "none")]
    [InlineData(0, 29, "0003", "PAP")]
    [InlineData(0, 32, "002a", "42")]
    [InlineData(0, 35, "0000ffffffff00000000", "ffffffff 00000000")]
    [InlineData(0, 39, "", "")]
    [InlineData(0, 46, "0008c02101", "LCP echo timeout (8) protocol c021 direction 1")]
    [InlineData(3561, 129, "00000000000fa000", "1024000")]
    [InlineData(0, 24, "0102", "0102")]
    [InlineData(9, 100, "53657269616c303a30", "Serial0:0")]
    [InlineData(9, 101, "abcd", "abcd")]
    public void Values_print_by_their_shape(ushort vendor, ushort type, string value, string expected) =>
        Assert.Equal(expected, AvpText.Format(vendor, type, Hex(value), MessageType.StopCcn));

    [Fact]
    public void Hostile_text_prints_harmlessly()
    {
        Assert.Equal(@"a\x00\x1b[31m\\n\xff\xe2\x80\xae", PrintableText.From([.. "a\0\u001b[31m\\n"u8, 0xff, 0xe2, 0x80, 0xae]));
        Assert.Equal("Zürich", PrintableText.From("Zürich"u8));
        Assert.EndsWith("...", PrintableText.From(new byte[1000]), StringComparison.Ordinal);
    }
}
