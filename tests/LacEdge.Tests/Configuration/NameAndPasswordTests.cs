namespace LacEdge.Tests.Configuration;

/// <summary>User names before their time, and passwords in the clear.</summary>
public sealed class NameAndPasswordTests
{
    private const string Needs =
        "lacedge.yaml:5:5: error: access.residential.steering: with {0} no user name is known: steering list 'main' must lead there without "
        + "'realm', 'user', 'realm-table' and names in 'radius'";

    [Theory]
    [InlineData("partial-termination: never", "'partial-termination: never'", "[ { to: [ { realm-table: {} } ] } ]")]
    [InlineData("authentication: [none]", "'authentication: [none]'", "[ { to: [ { realm-table: {} } ] } ]")]
    [InlineData("partial-termination: never", "'partial-termination: never'", "[ { to: [ { isp: isp1 }, { realm-table: {} } ] } ]")]
    [InlineData("partial-termination: never", "'partial-termination: never'", "[ { match: { realm: x }, to: [ { isp: isp1 } ] }, { to: [ { isp: isp1 } ] } ]")]
    [InlineData("partial-termination: never", "'partial-termination: never'", "[ { match: { user: 'a*' }, to: [ { isp: isp1 } ] }, { to: [ { isp: isp1 } ] } ]")]
    public void Steering_without_names_must_not_need_names(string access, string why, string rules) =>
        Assert.Equal(Needs.Replace("{0}", why, StringComparison.Ordinal), ConfigText.Problems(With(access, rules)));

    [Theory]
    [InlineData("partial-termination: never", "[ { to: [ { isp: isp1 } ] } ]")]
    [InlineData("authentication: [none]", "[ { match: { circuit-id: 'OLT*' }, to: [ { isp: isp1 } ] }, { to: [ { lns: 192.0.2.1, tunnel: wholesale } ] } ]")]
    [InlineData("authentication: [none]", "[ { match: { access: business, realm: x }, to: [ { realm-table: {} } ] }, { to: [ { isp: isp1 } ] } ]")]
    public void Steering_by_line_needs_none(string access, string rules)
    {
        Assert.Equal("", ConfigText.Problems(With(access, rules)));
    }

    [Theory]
    [InlineData("authentication: [chap, pap]", true)]
    [InlineData("ac-name: ac", true)]
    [InlineData("authentication: [ms-chap-v2, pap]", true)]
    [InlineData("authentication: [chap, eap]", false)]
    public void PROXY_006_PAP_towards_a_tunnel_without_a_secret_is_warned_of(string access, bool warned)
    {
        string[] expected =
            ["lacedge.yaml:15:3: warning: tunnels.wholesale: without a secret the PAP passwords of access service 'residential' cross to the LNS in the clear"];
        Assert.Equal(warned ? expected : [], ConfigText.Read(ConfigText.Valid(access)).Problems.Select(problem => problem.ToString()));
        var secret = ConfigText.Valid(access).Replace("wholesale: {}", "wholesale: { secret: { env: S } }", StringComparison.Ordinal);
        Assert.Empty(ConfigText.Read(secret).Problems);
    }

    private static string With(string access, string rules) =>
        ConfigText.Valid(access).Replace("[ { to: [ { realm-table: {} } ] } ]", rules, StringComparison.Ordinal);
}
