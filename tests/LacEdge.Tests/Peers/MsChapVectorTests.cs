using LacEdge.Lab.Peers;

namespace LacEdge.Tests.Peers;

/// <summary>The peers' MS-CHAP against the vectors of the RFCs.</summary>
public sealed class MsChapVectorTests
{
    [Theory]
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void MD4_is_that_of_RFC_1320(string message, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Md4.Hash(System.Text.Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void CH_2_MS_CHAPv1()
    {
        var response = Convert.ToHexStringLower(MsChap.ResponseV1("MyPw", Convert.FromHexString("102db5df085d3041")));
        Assert.Equal(new string('0', 48) + "4e9d3c8f9cfd385d5bf4d3246791956ca4c351ab409a3d61" + "01", response);
    }

    [Fact]
    public void CH_3_MS_CHAPv2_both_ways()
    {
        var challenge = Convert.FromHexString("5b5d7c7d7b3f2f3e3c2c602132262628");
        var response = MsChap.ResponseV2("User", "clientPass", challenge, Convert.FromHexString("21402324255e262a28295f2b3a337c7e"));
        Assert.Equal(
            "21402324255e262a28295f2b3a337c7e" + "0000000000000000" + "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df" + "00",
            Convert.ToHexStringLower(response));
        Assert.Equal("S=407A5589115FD0D6209F510FE9C04566932CDA56", MsChap.AuthenticatorResponse("User", "clientPass", challenge, response));
    }
}
