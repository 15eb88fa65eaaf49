using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;
using LacEdge.Core.Ppp;
using LacEdge.Core.Steering;
using LacEdge.Wire;

namespace LacEdge.Tests.Core.Lac;

/// <summary>What each authentication becomes in AVPs 29 to 33.</summary>
public sealed class ProxyFormTests
{
    private static readonly Bytes _name = Bytes.Copy("alice@isp.example"u8);

    private static readonly UserName _user =
        new(_name, new UserNameRules(new UserNameConfig { ToLns = new NameRewriteConfig { StripRealm = true } }));
    private static readonly Bytes _toLns = Bytes.Copy("alice"u8);

    private static Credentials Presented(AuthenticationProtocol protocol, int challenge, int response) =>
        new(protocol, 0x2A, _name, Of(challenge), Of(response));

    private static Bytes Of(int size) => Bytes.Copy(new byte[size]);

    private static ProxyAuthentication Form(Credentials credentials, ProxyMsChapV2 msChapV2 = ProxyMsChapV2.Omit, ProxyEap eap = ProxyEap.Omit) =>
        ProxyForm.Of(credentials, _user, PeerProfile.Default with { ProxyMsChapV2 = msChapV2, ProxyEap = eap });

    [Theory]
    [InlineData(AuthenticationProtocol.Pap, 3, 0, 10)]
    [InlineData(AuthenticationProtocol.ChapMd5, 2, 16, 16)]
    [InlineData(AuthenticationProtocol.MsChapV1, 5, 8, 49)]
    public void PROXY_002_003_004_what_RFC_2661_has_a_type_for_goes_as_it_is(AuthenticationProtocol protocol, ushort type, int challenge, int response) =>
        Assert.Equal(new ProxyAuthentication(type, 0x2A, _toLns, Of(challenge), Of(response)), Form(Presented(protocol, challenge, response)));

    [Fact]
    public void PROXY_005_MS_CHAPv2_and_EAP_are_omitted_by_default()
    {
        Assert.Same(ProxyAuthentication.Omitted, Form(Presented(AuthenticationProtocol.MsChapV2, 16, 49)));
        Assert.Same(ProxyAuthentication.Omitted, Form(Presented(AuthenticationProtocol.Eap, 0, 0)));
    }

    [Fact]
    public void PROXY_005_without_authentication_and_MS_CHAPv2_where_told_so_are_type_4()
    {
        var none = new ProxyAuthentication(4, 0, default, default, default);
        Assert.Equal(none, Form(Credentials.Nameless));
        Assert.Equal(none, Form(Presented(AuthenticationProtocol.MsChapV2, 16, 49), ProxyMsChapV2.None));
    }

    [Fact]
    public void PROXY_005_EAP_where_told_so_is_type_7_with_the_very_response()
    {
        var form = Form(Presented(AuthenticationProtocol.Eap, 0, 0), eap: ProxyEap.Type7);
        Assert.Equal(((ushort)7, (byte)0x2A, _toLns), (form.Type!.Value, form.Identifier, form.Name));
        Assert.Equal("022a001601616c696365406973702e6578616d706c65", form.Response.ToString());
        Assert.True(form.Challenge.IsEmpty);
    }
}
