using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using static LacEdge.Tests.Wire.L2tp.Vectors;

namespace LacEdge.Tests.Wire.L2tp;

/// <summary>Messages as bytes: encoding gives exactly these, decoding what they mean.</summary>
public sealed class MessageVectorTests
{
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void LP_1_Sccrq_L2TP_016_L2TP_032()
    {
        const string hex = "c8020077000000000000000080080000000000018008000000020100800a00000003000000038016000000076c6163312e6578616d706c652e6e6574"
            + "8008000000091a2b80080000000a001080160000000b000102030405060708090a0b0c0d0e0f0008000000060100000d000000084c616345646765";
        var sccrq = new StartControlConnection
        {
            HostName = "lac1.example.net",
            AssignedTunnelId = LacTunnel,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = 16,
            Challenge = LacChallenge,
            FirmwareRevision = 0x0100,
            VendorName = "LacEdge",
        };
        Assert.Equal(hex, ToHex(sccrq.WriteSccrq(_buffer)));

        var message = Message(hex);
        Assert.Equal(MessageType.Sccrq, message.Type);
        Assert.Equal((0, 0, 0, 0), (message.TunnelId, message.SessionId, message.Ns, message.Nr));
        Assert.Equal((ushort)0x0100, message.ProtocolVersion);
        Assert.Equal(3u, message.FramingCapabilities);
        Assert.Equal("lac1.example.net", PrintableText.From(message.HostName));
        Assert.Equal(LacTunnel, message.AssignedTunnelId);
        Assert.Equal((ushort)16, message.ReceiveWindowSize);
        Assert.Equal(LacChallenge, message.Challenge.ToArray());
        Assert.Equal((ushort)0x0100, message.FirmwareRevision);
        Assert.Equal("LacEdge", PrintableText.From(message.VendorName));
        Assert.Null(message.BearerCapabilities);
        Assert.False(message.IsSessionMessage);
    }

    [Fact]
    public void LP_2_Sccrp()
    {
        const string hex = "c80200781a2b00000000000180080000000000028008000000020100800a00000003000000038016000000076c6e73312e6578616d706c652e6e6574"
            + "8008000000093c4d80080000000a000880160000000bf0e1d2c3b4a5968778695a4b3c2d1e0f80160000000d6c0da2faf7a397aa3f88f55061ea9134";
        var sccrp = new StartControlConnection
        {
            HostName = "lns1.example.net",
            AssignedTunnelId = LnsTunnel,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = 8,
            Challenge = LnsChallenge,
            ChallengeResponse = Hex("6c0da2faf7a397aa3f88f55061ea9134"),
        };
        Assert.Equal(hex, ToHex(sccrp.WriteSccrp(_buffer, LacTunnel, 0, 1)));

        var message = Message(hex);
        Assert.Equal(MessageType.Sccrp, message.Type);
        Assert.Equal(LnsTunnel, message.AssignedTunnelId);
        Assert.Equal(LnsChallenge, message.Challenge.ToArray());
        Assert.True(TunnelAuthentication.Verify(message.Type, TunnelSecret, LacChallenge, message.ChallengeResponse));
    }

    [Fact]
    public void LP_3_Scccn()
    {
        const string hex = "c802002a3c4d000000010001800800000000000380160000000d6339904a85f1a08ba0a9ff823aa23c50";
        Assert.Equal(hex, ToHex(Messages.Scccn(_buffer, LnsTunnel, Hex("6339904a85f1a08ba0a9ff823aa23c50"), 1, 1)));
        var message = Message(hex);
        Assert.Equal((MessageType.Scccn, 1, 1), (message.Type, message.Ns, message.Nr));
        Assert.True(TunnelAuthentication.Verify(message.Type, TunnelSecret, LnsChallenge, message.ChallengeResponse));
    }

    [Fact]
    public void LP_4_Zlb()
    {
        const string hex = "c802000c1a2b000000010002";
        Assert.Equal(hex, ToHex(AvpWriter.Zlb(_buffer, LacTunnel, 0, 1, 2)));
        var header = Header(Hex(hex));
        Assert.True(header.IsZlb);
        Assert.Equal((LacTunnel, (ushort)1, (ushort)2), (header.TunnelId, header.Ns, header.Nr));
    }

    [Fact]
    public void LP_5_Icrq_with_access_line_Avps_L2TP_008()
    {
        const string hex = "c80200a03c4d000000020001800800000000000a80080000000e1111800a0000000f00000001800a00000012000000018017000000163032"
            + "3a30303a30303a30303a30303a30318011000000156973702e6578616d706c6500150de90001414e312065746820312f323a313030000e0de900025355422d"
            + "30303432000e0de9008100000000000fa000000e0de900820000000000fa000000090de90090010200";
        var icrq = new Icrq
        {
            AssignedSessionId = LacSession,
            CallSerialNumber = 1,
            BearerType = Bearers.Digital,
            CallingNumber = "02:00:00:00:00:01",
            CalledNumber = "isp.example",
        };
        var writer = new AvpWriter(_buffer, MessageType.Icrq, LnsTunnel, 0, 2, 1);
        icrq.Write(ref writer);
        writer.Vendor(AvpTable.DslForum, 1, "AN1 eth 1/2:100"u8);
        writer.Vendor(AvpTable.DslForum, 2, "SUB-0042"u8);
        writer.Vendor(AvpTable.DslForum, 129, Hex("00000000000fa000"));
        writer.Vendor(AvpTable.DslForum, 130, Hex("0000000000fa0000"));
        writer.Vendor(AvpTable.DslForum, 144, Hex("010200"));
        Assert.Equal(hex, ToHex(writer.Finish()));
        Assert.True(writer.Ok);

        var message = Message(hex);
        Assert.Equal((MessageType.Icrq, true), (message.Type, message.IsSessionMessage));
        Assert.Equal(LacSession, message.AssignedSessionId);
        Assert.Equal(1u, message.CallSerialNumber);
        Assert.Equal(1u, message.BearerType);
        Assert.Equal("02:00:00:00:00:01", PrintableText.From(message.CallingNumber));
        Assert.Equal("isp.example", PrintableText.From(message.CalledNumber));
        Assert.Null(message.ProtocolVersion);
        Assert.Null(message.PhysicalChannelId);
    }

    [Fact]
    public void LP_6_Icrp()
    {
        const string hex = "c802001c1a2b111100010003800800000000000b80080000000e2222";
        Assert.Equal(hex, ToHex(Messages.Icrp(_buffer, LacTunnel, LacSession, LnsSession, 1, 3)));
        var message = Message(hex);
        Assert.Equal((MessageType.Icrp, LacSession, LnsSession), (message.Type, message.SessionId, message.AssignedSessionId));
    }

    [Fact]
    public void LP_7_Iccn_with_Pap()
    {
        const string hex = "c802009d3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000100000001a010405dc"
            + "05060a0b0c0d00140000001b010405d40304c02305060badcafe00100000001c010405d405060a0b0c0d00080000001d000300170000001e616c69636540"
            + "6973702e6578616d706c650008000000200001001000000021776f6e6465726c616e64";
        Assert.Equal(hex, ToHex(Pap(true, default).Write(_buffer, LnsTunnel, LnsSession, 3, 2)));

        var message = Message(hex);
        Assert.Equal(MessageType.Iccn, message.Type);
        Assert.Equal((16_384_000u, 1_024_000u, 1u), (message.TxConnectSpeed!.Value, message.RxConnectSpeed!.Value, message.FramingType!.Value));
        Assert.Equal("010405dc05060a0b0c0d", ToHex(message.InitialReceivedLcpConfReq));
        Assert.Equal("010405d40304c02305060badcafe", ToHex(message.LastSentLcpConfReq));
        Assert.Equal("010405d405060a0b0c0d", ToHex(message.LastReceivedLcpConfReq));
        Assert.Equal(((ushort)3, (byte)1), (message.ProxyAuthenType!.Value, message.ProxyAuthenId!.Value));
        Assert.Equal("alice@isp.example", PrintableText.From(message.ProxyAuthenName));
        Assert.Equal("wonderland", PrintableText.From(message.ProxyAuthenResponse));
        Assert.False(message.Has(AvpType.ProxyAuthenChallenge));
        Assert.False(message.SequencingRequired);
    }

    [Fact]
    public void LP_8_Iccn_with_hidden_Pap()
    {
        const string hex = "c80200ab3c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000140000001b010405d4"
            + "0304c02305060badcafe00100000001c010405d405060a0b0c0d00080000001d00038016000000240f1e2d3c4b5a69788796a5b4c3d2e1f0401900000"
            + "01e229de5ab82a9b8f0aaccd586933f6aeb9ee6e400080000002000014016000000216c0225e37988aff1c99cfecb1f512dec";
        Assert.Equal(hex, ToHex(Pap(false, RandomVector).Write(_buffer, LnsTunnel, LnsSession, 3, 2)));

        var message = Message(hex, TunnelSecret);
        Assert.Equal("alice@isp.example", PrintableText.From(message.ProxyAuthenName));
        Assert.Equal("wonderland", PrintableText.From(message.ProxyAuthenResponse));
        Assert.Equal("010405d405060a0b0c0d", ToHex(message.LastReceivedLcpConfReq));
    }

    [Fact]
    public void LP_9_Iccn_with_Chap()
    {
        const string hex = "c80200c03c4d222200030002800800000000000c800a0000001800fa0000800a0000001300000001000a00000026000fa00000100000001a010405dc"
            + "05060a0b0c0d00150000001b010405d40305c2230505060badcafe00100000001c010405d405060a0b0c0d00080000001d000200170000001e616c6963"
            + "65406973702e6578616d706c6500160000001f101112131415161718191a1b1c1d1e1f000800000020002a001600000021e19a9463414757c0fd809ea3"
            + "977b7730800600000027";
        var iccn = new Iccn
        {
            TxConnectSpeed = 16_384_000,
            RxConnectSpeed = 1_024_000,
            FramingType = Framings.Synchronous,
            InitialReceivedLcpConfReq = Hex("010405dc05060a0b0c0d"),
            LastSentLcpConfReq = Hex("010405d40305c2230505060badcafe"),
            LastReceivedLcpConfReq = Hex("010405d405060a0b0c0d"),
            Authentication = new ProxyAuthenAvps
            {
                Type = ProxyAuthenType.Chap,
                Identifier = 0x2a,
                Name = "alice@isp.example"u8,
                Challenge = Hex("101112131415161718191a1b1c1d1e1f"),
                Response = Hex("e19a9463414757c0fd809ea3977b7730"),
            },
            SequencingRequired = true,
        };
        Assert.Equal(hex, ToHex(iccn.Write(_buffer, LnsTunnel, LnsSession, 3, 2)));

        var message = Message(hex);
        Assert.Equal(((ushort)2, (byte)0x2a), (message.ProxyAuthenType!.Value, message.ProxyAuthenId!.Value));
        Assert.Equal("101112131415161718191a1b1c1d1e1f", ToHex(message.ProxyAuthenChallenge));
        Assert.Equal("e19a9463414757c0fd809ea3977b7730", ToHex(message.ProxyAuthenResponse));
        Assert.True(message.SequencingRequired);
    }

    [Fact]
    public void LP_10_Cdn_with_disconnect_cause_L2TP_057()
    {
        const string hex = "c802004b3c4d222200040002800800000000000e800f000000010003000061646d696e80080000000e111100200000002e0003c021014c4350205465"
            + "726d696e6174652d52657175657374";
        var result = new ResultCode(CdnResult.Administrative, L2tpErrorCode.None, "admin");
        var cause = new DisconnectCause(3, 0xc021, 1, "LCP Terminate-Request");
        Assert.Equal(hex, ToHex(Messages.Cdn(_buffer, LnsTunnel, LnsSession, LacSession, result, cause, 4, 2)));

        var message = Message(hex);
        Assert.Equal((MessageType.Cdn, LacSession), (message.Type, message.AssignedSessionId));
        Assert.Equal((3, 0), (message.ResultCode.Result, message.ResultCode.Error));
        Assert.Equal("admin", PrintableText.From(message.ResultCode.Text));
        Assert.True(message.HasDisconnectCause);
        Assert.Equal((3, 0xc021, 1), (message.DisconnectCause.Code, message.DisconnectCause.Protocol, message.DisconnectCause.Direction));
        Assert.Equal("LCP Terminate-Request", PrintableText.From(message.DisconnectCause.Text));
        Assert.Equal("administrative reasons (3), admin", AvpText.Result(message.ResultCode, message.Type));
    }

    [Fact]
    public void LP_11_Cdn_for_an_unknown_Avp()
    {
        const string hex = "c80200301a2b111100020004800800000000000e8014000000010002000841565020302f3432343280080000000e2222";
        var result = new ResultCode(CdnResult.GeneralError, L2tpErrorCode.UnknownMandatoryAvp, "AVP 0/4242");
        Assert.Equal(hex, ToHex(Messages.Cdn(_buffer, LacTunnel, LacSession, LnsSession, result, null, 2, 4)));
        var message = Message(hex);
        Assert.Equal((2, 8), (message.ResultCode.Result, message.ResultCode.Error));
        Assert.False(message.HasDisconnectCause);
    }

    [Fact]
    public void LP_12_StopCcn_without_an_error_code_L2TP_013()
    {
        const string hex = "c80200243c4d00000005000280080000000000048008000000091a2b8008000000010006";
        Assert.Equal(hex, ToHex(Messages.StopCcn(_buffer, LnsTunnel, LacTunnel, new ResultCode(6), 5, 2)));
        var message = Message(hex);
        Assert.Equal((MessageType.StopCcn, LacTunnel), (message.Type, message.AssignedTunnelId));
        Assert.Equal((6, 0, 0), (message.ResultCode.Result, message.ResultCode.Error, message.ResultCode.Text.Length));
    }

    [Fact]
    public void LP_13_Hello()
    {
        const string hex = "c80200143c4d0000000400028008000000000006";
        Assert.Equal(hex, ToHex(Messages.Hello(_buffer, LnsTunnel, 4, 2)));
        Assert.Equal(MessageType.Hello, Message(hex).Type);
    }

    [Fact]
    public void LP_14_Sli()
    {
        const string hex = "c80200241a2b11110002000480080000000000108010000000230000ffffffffffffffff";
        Assert.Equal(hex, ToHex(Messages.Sli(_buffer, LacTunnel, LacSession, uint.MaxValue, uint.MaxValue, 2, 4)));
        var message = Message(hex);
        Assert.Equal(MessageType.Sli, message.Type);
        Assert.Equal("0000ffffffffffffffff", ToHex(message.Accm));
    }

    [Fact]
    public void Wen_carries_six_counts()
    {
        var wen = Messages.Wen(_buffer, LnsTunnel, LnsSession, [1, 2, 3, 4, 5, 6], 7, 8);
        const string hex = "c80200343c4d222200070008800800000000000f8020000000220000000000010000000200000003000000040000000500000006";
        Assert.Equal(hex, ToHex(wen));
        Assert.Equal("0000000000010000000200000003000000040000000500000006", ToHex(Message(hex).CallErrors));
    }

    [Fact]
    public void LP_15_other_Avps()
    {
        static string Avp(AvpType type, string value)
        {
            var writer = new AvpWriter(new byte[100], MessageType.Hello, 0);
            writer.Octets(type, Hex(value));
            return ToHex(writer.Finish()[20..]);
        }

        Assert.Equal("000e000000050102030405060708", Avp(AvpType.TieBreaker, "0102030405060708"));
        Assert.Equal("000c0000004c000300002710", Avp(AvpType.FailoverCapability, "000300002710"));
        Assert.Equal("80100000004d000000001a2b00003c4d", Avp(AvpType.TunnelRecovery, "000000001a2b00003c4d"));
        Assert.Equal("80100000004f00000000111100002222", Avp(AvpType.FailoverSessionState, "00000000111100002222"));
        Assert.Equal("000600000067", Avp(AvpType.EcnCapability, ""));
        Assert.Equal("00080000002fb800", Avp(AvpType.Ccds, "b800"));
        Assert.Equal("000600000062", Avp(AvpType.ConnectSpeedUpdateEnable, ""));
    }

    [Fact]
    public void LP_16_connect_speed_updates_are_optional_messages()
    {
        const string csun = "c80200263c4d000000050002000800000000001c0012000000610000222201312d00001e8480";
        var writer = new AvpWriter(_buffer, MessageType.Csun, LnsTunnel, 0, 5, 2);
        writer.Octets(AvpType.ConnectSpeedUpdate, Hex("0000222201312d00001e8480"));
        Assert.Equal(csun, ToHex(writer.Finish()));

        const string csurq = "c80200261a2b000000020005000800000000001d001200000061000011110000000000000000";
        writer = new AvpWriter(_buffer, MessageType.Csurq, LacTunnel, 0, 2, 5);
        writer.Octets(AvpType.ConnectSpeedUpdate, Hex("000011110000000000000000"));
        Assert.Equal(csurq, ToHex(writer.Finish()));

        Assert.True(Message(csun).IsUnknown);
        Assert.True(Message(csurq).IsUnknown);
    }

    private static Iccn Pap(bool initial, ReadOnlySpan<byte> vector) => new()
    {
        TxConnectSpeed = 16_384_000,
        RxConnectSpeed = 1_024_000,
        FramingType = Framings.Synchronous,
        InitialReceivedLcpConfReq = initial ? Hex("010405dc05060a0b0c0d") : default,
        LastSentLcpConfReq = Hex("010405d40304c02305060badcafe"),
        LastReceivedLcpConfReq = Hex("010405d405060a0b0c0d"),
        Authentication = new ProxyAuthenAvps
        {
            Type = ProxyAuthenType.Pap,
            Identifier = 1,
            Name = "alice@isp.example"u8,
            Response = "wonderland"u8,
            Secret = TunnelSecret,
            RandomVector = vector,
            ResponsePadding = new byte[4],
        },
    };
}
