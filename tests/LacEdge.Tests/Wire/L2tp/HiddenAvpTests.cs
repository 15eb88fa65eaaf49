using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Wire.L2tp;

public sealed class HiddenAvpTests
{
    private const string Rv = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", Rv5 = "a5a5a5a5a5";
    private const string Ha1 = "4010000000211ad6dc967d55eb70c136", Ha7 = "40100000002117a8dea7971af3dbf0f3";
    private const string LongName = "737562736372696265723030303140766572792d6c6f6e672d7265616c6d2e6578616d706c652e6e6574";

    public static TheoryData<string, ushort, string, string, string, string> Cases => new()
    {
        { "HA-1", 33, Rv, "70617373776f7264", "", Ha1 },
        {
            "HA-2", 30, Rv, LongName, "deadbeef",
            "40360000001ec0b019eada6a9f6e6fb92ee60e2fe7fd88ea0284b980e9e1e06d570ed0aec324f46692dd4b3995417becb5614e464635"
        },
        { "HA-3", 9, Rv, "1234", "", "c00a000000091845dbf4" },
        { "HA-4", 11, Rv, "000102030405060708090a0b0c0d", "", "c0160000000beb440fc382660faac1a1fbbc984efdf8" },
        { "HA-5", 11, Rv, "000102030405060708090a0b0c0d0e", "", "c0170000000beb450fc382660faac1a1fbbc984efdf868" },
        { "HA-6", 22, Rv, "", "", "c008000000167813" },
        { "HA-7", 33, Rv5, "70617373776f7264", "", Ha7 },
        { "HA-8", 15, Rv, "00000001", "000102030405060708090a0b", "c0180000000fa7af21199ace2e68fb684241c51c97d9e5d5" },
    };

    /// <summary>l2tpns closes the tunnel for less.</summary>
    [Fact]
    public void Where_all_is_hidden_no_hidden_value_is_shorter_than_8_octets()
    {
        const int Before = 12 + 8 + 22;     // header, Message Type, Random Vector
        var manner = new AvpManner { Secret = Vectors.HiddenSecret, RandomVector = Vectors.Hex(Rv) };
        var writer = new AvpWriter(new byte[200], MessageType.Icrq, 1, manner: manner);
        writer.UInt16(AvpType.AssignedSessionId, 0x1234);
        writer.UInt32(AvpType.CallSerialNumber, 1);
        var avps = writer.Finish()[Before..].ToArray();
        Assert.Equal("c00e0000000e", Vectors.ToHex(avps.AsSpan(0, 6)));
        Assert.Equal("c00e0000000f", Vectors.ToHex(avps.AsSpan(14, 6)));
        Assert.Equal(28, avps.Length);
        Assert.True(HiddenAvp.TryReveal(14, Vectors.HiddenSecret, Vectors.Hex(Rv), avps.AsSpan(6, 8), out var length, out _));
        Assert.Equal("0002123400000000", Vectors.ToHex(avps.AsSpan(6, 8)));
        Assert.Equal(2, length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HIDE_001_vectors_encode(string name, ushort type, string vector, string value, string padding, string avp)
    {
        Span<byte> buffer = new byte[200];
        var writer = new AvpWriter(buffer, MessageType.Hello, 0);
        writer.RandomVector(Vectors.Hex(vector));
        var start = writer.Finish().Length;
        writer.Hidden((AvpType)type, Vectors.Hex(value), Vectors.HiddenSecret, Vectors.Hex(padding));
        Assert.True(writer.Ok);
        Assert.True(avp == Vectors.ToHex(writer.Finish()[start..]), name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HIDE_001_vectors_decode(string name, ushort type, string vector, string value, string padding, string avp)
    {
        var subformat = Vectors.Hex(avp)[6..];
        Assert.True(HiddenAvp.TryReveal(type, Vectors.HiddenSecret, Vectors.Hex(vector), subformat, out var length, out var error), error.ToString());
        Assert.Equal(value, Vectors.ToHex(subformat.AsSpan(2, length)));
        Assert.True(padding == Vectors.ToHex(subformat.AsSpan(2 + length)), name);
    }

    [Fact]
    public void HIDE_002_the_nearest_preceding_random_vector_applies_HA_9()
    {
        var rv = "8016 0000 0024" + Rv;
        var rv5 = "800b 0000 0024" + Rv5;
        var iccn = "8008 0000 0000 000c 800a 0000 0018 00000001 800a 0000 0013 00000001";

        var first = Vectors.MessageOf(iccn + rv + Ha1 + rv5 + Ha7, Vectors.HiddenSecret);
        Assert.Equal(default, first.Problem);
        Assert.Equal(DecodeError.None, first.Ignored);
        Assert.Equal("password", PrintableText.From(first.ProxyAuthenResponse));

        var second = Vectors.MessageOf(iccn + rv + rv5 + Ha7, Vectors.HiddenSecret);
        Assert.Equal("password", PrintableText.From(second.ProxyAuthenResponse));

        var behind = Vectors.MessageOf(iccn + rv5 + Ha1 + rv, Vectors.HiddenSecret);
        Assert.Equal(DecodeError.AvpHiddenLength, behind.Ignored);
        Assert.False(behind.Has(AvpType.ProxyAuthenResponse));
    }

    [Fact]
    public void HIDE_003_a_decoded_length_beyond_the_value_is_refused()
    {
        var subformat = Vectors.Hex(Ha1)[6..];
        Assert.False(HiddenAvp.TryReveal(33, "wrong"u8, Vectors.RandomVector, subformat, out var length, out var error));
        Assert.Equal(DecodeError.AvpHiddenLength, error);
        Assert.Equal(0xfc75, length);
        Assert.Equal("fc75cbeef6f7571b0456", Vectors.ToHex(subformat));

        Assert.False(HiddenAvp.TryReveal(33, "wrong"u8, Vectors.RandomVector, new byte[1], out _, out error));
        Assert.Equal(DecodeError.AvpHiddenLength, error);
        Assert.False(HiddenAvp.TryReveal(33, "wrong"u8, Vectors.RandomVector, default, out _, out error));
        Assert.Equal(DecodeError.AvpHiddenLength, error);
    }

    [Theory]
    // Type 33 is optional: ignored.
    [InlineData("", "hidden-secret", Ha1, DecodeError.None, DecodeError.AvpHiddenWithoutVector)]
    [InlineData("8016 0000 0024" + Rv, "", Ha1, DecodeError.None, DecodeError.AvpHiddenWithoutSecret)]
    [InlineData("8016 0000 0024" + Rv, "wrong", Ha1, DecodeError.None, DecodeError.AvpHiddenLength)]
    // Type 15 is mandatory: ends the session.
    [InlineData("", "hidden-secret", "c0180000000fa7af21199ace2e68fb684241c51c97d9e5d5", DecodeError.AvpHiddenWithoutVector, DecodeError.None)]
    [InlineData("8016 0000 0024" + Rv, "", "c0180000000fa7af21199ace2e68fb684241c51c97d9e5d5", DecodeError.AvpHiddenWithoutSecret, DecodeError.None)]
    [InlineData("8016 0000 0024" + Rv, "wrong", "c0180000000fa7af21199ace2e68fb684241c51c97d9e5d5", DecodeError.AvpHiddenLength, DecodeError.None)]
    // Host Name must not be hidden.
    [InlineData("8016 0000 0024" + Rv, "hidden-secret", "c009 0000 0007 000161", DecodeError.AvpMustNotBeHidden, DecodeError.None)]
    public void HIDE_004_what_cannot_be_revealed_matters_with_the_M_bit_only(
        string vector, string secret, string avp, DecodeError problem, DecodeError ignored)
    {
        var iccn = "8008 0000 0000 000c 800a 0000 0018 00000001 800a 0000 0013 00000001";
        var message = Vectors.MessageOf(iccn + vector + avp, Vectors.Ascii(secret));
        Assert.Equal(problem, message.Problem.Error);
        Assert.Equal(ignored, message.Ignored);
        Assert.True(message.IsSessionMessage);
    }

    [Fact]
    public void The_writer_hides_only_what_may_be_hidden_and_only_behind_a_vector()
    {
        Assert.Throws<InvalidOperationException>(() =>
            new AvpWriter(new byte[100], MessageType.Iccn, 1).Hidden(AvpType.ProxyAuthenName, "x"u8, "s"u8));
        Assert.Throws<ArgumentException>(() => new AvpWriter(new byte[100], MessageType.Sccrq, 1).Hidden(AvpType.HostName, "x"u8, "s"u8));

        AvpType[] never =
        [
            AvpType.MessageType, AvpType.ResultCode, AvpType.ProtocolVersion, AvpType.TieBreaker, AvpType.HostName,
            AvpType.ReceiveWindowSize, AvpType.Q931CauseCode, AvpType.RandomVector, AvpType.SequencingRequired,
        ];
        foreach (var row in AvpTable.All)
        {
            if (row.Vendor == 0 && row.Recognized) Assert.True(row.MayHide != never.Contains((AvpType)row.Type), row.Name);
        }
    }
}
