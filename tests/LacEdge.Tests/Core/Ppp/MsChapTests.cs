using LacEdge.Core;
using LacEdge.Core.Config;
using static LacEdge.Tests.Core.Ppp.LinkHarness;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>MS-CHAP at the LAC: challenges out, responses in; what they mean is the LNS's.</summary>
public sealed class MsChapTests
{
    /// <summary>CH-2 of the vectors (RFC 2433 B.2): no LM response, the NT response, flag "use NT".</summary>
    private const string ChallengeV1 = "102db5df085d3041";
    private const string ValueV1 = "000000000000000000000000000000000000000000000000" + "4e9d3c8f9cfd385d5bf4d3246791956ca4c351ab409a3d61" + "01";
    /// <summary>CH-3 (RFC 2759 9.2): peer challenge, eight zeros, NT response, flags.</summary>
    private const string ChallengeV2 = "5b5d7c7d7b3f2f3e3c2c602132262628";
    private const string ValueV2 = "21402324255e262a28295f2b3a337c7e" + "0000000000000000" + "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df" + "00";
    private const string User = "55736572";
    private const string Name = "6c6163656467652d3031";

    public static TheoryData<AuthenticationProtocol, string, string, string> Versions => new()
    {
        { AuthenticationProtocol.MsChapV1, "80", ChallengeV1, ValueV1 },
        { AuthenticationProtocol.MsChapV2, "81", ChallengeV2, ValueV2 },
    };

    private static LinkHarness Opened(AuthenticationProtocol protocol, string challenge)
    {
        var link = new LinkHarness(authentication: [protocol], challengeId: "2a", challenge: challenge);
        link.Open();
        return link;
    }

    private static string Challenge(string value) => Packet("c223", 1, "2a", $"{value.Length / 2:x2}{value}{Name}");
    private static string Response(string value, string id = "2a") => Packet("c223", 2, id, $"{value.Length / 2:x2}{value}{User}");

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_option_names_the_algorithm_and_challenge_and_response_have_its_sizes(
        AuthenticationProtocol protocol, string algorithm, string challenge, string value)
    {
        var link = new LinkHarness(authentication: [protocol], challengeId: "2a", challenge: challenge);
        Assert.Contains("0305c223" + algorithm, link.Open(), StringComparison.Ordinal);
        link.SentIs(Challenge(challenge));
        link.Receive(Response(value));
        link.NewsIs("credentials");
        link.SentNothing();
        var credentials = link.Link.Credentials!;
        Assert.Equal((protocol, (byte)0x2A), (credentials.Protocol, credentials.Identifier));
        Assert.Equal((User, challenge, value), (credentials.Name.ToString(), credentials.Challenge.ToString(), credentials.Response.ToString()));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void AUTH_004_A_response_that_is_not_49_octets_long_is_dropped(
        AuthenticationProtocol protocol, string algorithm, string challenge, string value)
    {
        Assert.Equal(2, algorithm.Length);
        var link = Opened(protocol, challenge);
        link.Sent();
        link.Receive(Response(value[2..]));
        link.Receive(Response(value + "00"));
        link.Receive(Response(value[..32]));
        link.NewsIs();
        Assert.Equal(3ul, link.Counters[DropReason.CredentialsMalformed]);
        link.Receive(Response(value));
        link.NewsIs("credentials");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void AUTH_003_The_same_challenge_is_repeated_and_a_response_to_another_identifier_dropped(
        AuthenticationProtocol protocol, string algorithm, string challenge, string value)
    {
        Assert.Equal(2, algorithm.Length);
        var link = Opened(protocol, challenge);
        link.Advance(6);
        link.SentIs(Challenge(challenge), Challenge(challenge), Challenge(challenge));
        link.Receive(Response(value, "29"));
        link.NewsIs();
        Assert.Equal(1ul, link.Counters[DropReason.PppIdentifierMismatch]);
    }
}
