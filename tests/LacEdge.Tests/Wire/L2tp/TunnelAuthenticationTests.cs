using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Wire.L2tp;

public sealed class TunnelAuthenticationTests
{
    [Theory]
    [InlineData("TA-1", 2, "hello", "545A2343FBE20EA08BCA7B56E4A7D29E", "7C358F7A7BA21957C07801195DCADFA6")]
    [InlineData("TA-2", 3, "hello", "98B296C28429E7ADC767237A45F31040", "9639531841AC22E3103E208EF7D90989")]
    [InlineData("TA-3", 2, "tunnel-secret", "000102030405060708090a0b0c0d0e0f", "6c0da2faf7a397aa3f88f55061ea9134")]
    [InlineData("TA-4", 3, "tunnel-secret", "f0e1d2c3b4a5968778695a4b3c2d1e0f", "6339904a85f1a08ba0a9ff823aa23c50")]
    [InlineData("TA-5", 2, "tunnel-secret", "aa", "7fc282d34fde6519a913bc577b3c85eb")]
    [InlineData("TA-6", 3, "x", "000000000000000000000000000000000000000000000000", "c194d81085cceca42c115b2a15a54188")]
    public void Response_vectors(string name, ushort carrier, string secret, string challenge, string expected)
    {
        var response = new byte[TunnelAuthentication.ResponseSize];
        TunnelAuthentication.Respond((MessageType)carrier, Vectors.Ascii(secret), Vectors.Hex(challenge), response);
        Assert.True(Vectors.Hex(expected).AsSpan().SequenceEqual(response), name);
        Assert.True(TunnelAuthentication.Verify((MessageType)carrier, Vectors.Ascii(secret), Vectors.Hex(challenge), response));
    }

    [Fact]
    public void L2TP_038_challenges_and_secrets_of_any_length_are_supported()
    {
        foreach (var size in new[] { 1, 17, 495, 600, 1017 })
        {
            var octets = new byte[size];
            Array.Fill(octets, (byte)0x5a);
            var expected = System.Security.Cryptography.MD5.HashData([2, .. octets, .. octets]);
            Assert.True(TunnelAuthentication.Verify(MessageType.Sccrp, octets, octets, expected));
        }
    }

    [Fact]
    public void A_response_for_another_message_type_secret_or_length_is_wrong()
    {
        var good = Vectors.Hex("6c0da2faf7a397aa3f88f55061ea9134");
        Assert.True(TunnelAuthentication.Verify(MessageType.Sccrp, Vectors.TunnelSecret, Vectors.LacChallenge, good));
        Assert.False(TunnelAuthentication.Verify(MessageType.Scccn, Vectors.TunnelSecret, Vectors.LacChallenge, good));
        Assert.False(TunnelAuthentication.Verify(MessageType.Sccrp, Vectors.HiddenSecret, Vectors.LacChallenge, good));
        Assert.False(TunnelAuthentication.Verify(MessageType.Sccrp, Vectors.TunnelSecret, Vectors.LnsChallenge, good));
        Assert.False(TunnelAuthentication.Verify(MessageType.Sccrp, Vectors.TunnelSecret, Vectors.LacChallenge, good.AsSpan(0, 15)));
        Assert.False(TunnelAuthentication.Verify(MessageType.Sccrp, Vectors.TunnelSecret, Vectors.LacChallenge, default));
    }
}
