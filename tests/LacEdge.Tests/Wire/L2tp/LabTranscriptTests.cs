using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using static LacEdge.Tests.Wire.L2tp.Vectors;

namespace LacEdge.Tests.Wire.L2tp;

/// <summary>Packets of a published lab log of a hardware LAC and LNS (tunnel secret "hello").</summary>
public sealed class LabTranscriptTests
{
    private readonly byte[] _buffer = new byte[200];

    [Fact]
    public void LAB_1_Scccn()
    {
        const string hex = "C802002AD7E600000001000180080000000000038016000000 0D9639531841AC22E3103E208EF7D90989";
        var message = Message(hex);
        Assert.Equal((55270, 0, 1, 1, MessageType.Scccn), (message.TunnelId, message.SessionId, message.Ns, message.Nr, message.Type));
        Assert.Equal(42, Header(Hex(hex)).Length);
        Assert.True(TunnelAuthentication.Verify(message.Type, "hello"u8, Hex("98B296C28429E7ADC767237A45F31040"), message.ChallengeResponse));

        Span<byte> response = stackalloc byte[16];
        TunnelAuthentication.Respond(MessageType.Scccn, "hello"u8, Hex("98B296C28429E7ADC767237A45F31040"), response);
        Assert.Equal(Hex(hex), Messages.Scccn(_buffer, 55270, response, 1, 1).ToArray());
    }

    [Fact]
    public void LAB_2_Icrp()
    {
        const string hex = "C802001C4518000700010003800800000000000B80080000000E002D";
        var message = Message(hex);
        Assert.Equal((17688, 7, 1, 3, MessageType.Icrp), (message.TunnelId, message.SessionId, message.Ns, message.Nr, message.Type));
        Assert.Equal((ushort)45, message.AssignedSessionId);
        Assert.Equal(Hex(hex), Messages.Icrp(_buffer, 17688, 7, 45, 1, 3).ToArray());
    }

    [Fact]
    public void LAB_3_Cdn_with_its_Avps_in_another_order()
    {
        const string hex = "C8020026D7E6002D00040002800800000000000E80080000000E0007800A00000001000100 00";
        var message = Message(hex);
        Assert.Equal((55270, 45, 4, 2, MessageType.Cdn), (message.TunnelId, message.SessionId, message.Ns, message.Nr, message.Type));
        Assert.Equal(((ushort)7, 1, 0), (message.AssignedSessionId!.Value, message.ResultCode.Result, message.ResultCode.Error));

        var writer = new AvpWriter(_buffer, MessageType.Cdn, 55270, 45, 4, 2);
        writer.UInt16(AvpType.AssignedSessionId, 7);
        writer.ResultCode(new ResultCode(CdnResult.LossOfCarrier));
        Assert.Equal(Hex(hex), writer.Finish().ToArray());
    }

    [Fact]
    public void LAB_4_StopCcn()
    {
        const string hex = "C8020024451800000002000580080000000000048008000000 09D7E68008000000010001";
        var message = Message(hex);
        Assert.Equal((17688, 0, 2, 5, MessageType.StopCcn), (message.TunnelId, message.SessionId, message.Ns, message.Nr, message.Type));
        Assert.Equal(((ushort)55270, 1), (message.AssignedTunnelId!.Value, message.ResultCode.Result));
        Assert.Equal(Hex(hex), Messages.StopCcn(_buffer, 17688, 55270, new ResultCode(1), 2, 5).ToArray());
    }

    [Fact]
    public void LAB_5_Zlb()
    {
        var header = Header(Hex("C802000CD7E6000000050003"));
        Assert.True(header.IsZlb);
        Assert.Equal((55270, 0, 5, 3), (header.TunnelId, header.SessionId, header.Ns, header.Nr));
        Assert.Equal(Hex("C802000CD7E6000000050003"), AvpWriter.Zlb(_buffer, 55270, 0, 5, 3).ToArray());
    }

    [Fact]
    public void LAB_6_proxy_Avps()
    {
        var iccn = new Iccn
        {
            TxConnectSpeed = 100_000_000,
            FramingType = Framings.Synchronous,
            LastSentLcpConfReq = Hex("0305C223050506109D08F2"),
            LastReceivedLcpConfReq = Hex("05066EE4E865"),
            Authentication = new ProxyAuthenAvps
            {
                Type = ProxyAuthenType.Chap,
                Identifier = 6,
                Name = "2500-1"u8,
                Challenge = Hex("5D0D008CB1677CF8BC354556321A7A74"),
                Response = Hex("CA1CC2E4FA6899E8DF1B695C0A80883E"),
            },
        };
        var octets = iccn.Write(_buffer, 55270, 45, 3, 2);
        const string avps = "00110000001b0305c223050506109d08f2" + "000c0000001c05066ee4e865" + "00080000001d0002" + "000c0000001e323530302d31"
            + "00160000001f5d0d008cb1677cf8bc354556321a7a74" + "0008000000200006" + "001600000021ca1cc2e4fa6899e8df1b695c0a80883e";
        Assert.EndsWith(avps, ToHex(octets), StringComparison.Ordinal);

        var message = Message(ToHex(octets));
        Assert.Equal((byte)6, message.ProxyAuthenId);
        var expected = System.Security.Cryptography.MD5.HashData([6, .. "cisco"u8, .. message.ProxyAuthenChallenge]);
        Assert.Equal(expected, message.ProxyAuthenResponse.ToArray());
        Assert.Equal("2500-1", PrintableText.From(message.ProxyAuthenName));
    }
}
