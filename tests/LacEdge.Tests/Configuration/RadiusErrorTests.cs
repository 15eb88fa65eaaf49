namespace LacEdge.Tests.Configuration;

/// <summary>What is wrong with RADIUS groups and with targets that ask them.</summary>
public sealed class RadiusErrorTests
{
    private const string Group = "radius: { aaa: { servers: { r1: { address: 203.0.113.1, secret: { env: S } } } } }";

    [Theory]
    [InlineData("radius: { aaa: {} }",
        "16:11: error: radius.aaa: the key 'servers' is missing|16:11: warning: radius.aaa: RADIUS group 'aaa' is not used: no steering rule asks it")]
    [InlineData("radius: { aaa: { servers: { r1: { address: 203.0.113.1 } } } }",
        "16:11: warning: radius.aaa: RADIUS group 'aaa' is not used: no steering rule asks it|16:29: error: radius.aaa.servers.r1: the key 'secret' is missing")]
    [InlineData("radius: { aaa: { servers: { r1: { address: 203.0.113.1, source-address: '2001:db8::1', secret: { env: S } } } } }",
        "16:11: warning: radius.aaa: RADIUS group 'aaa' is not used: no steering rule asks it"
        + "|16:57: error: radius.aaa.servers.r1.source-address: 203.0.113.1 cannot be reached from 2001:db8::1")]
    public void Groups(string more, string expected) => Assert.Equal(InFile(expected), ConfigText.Problems(ConfigText.Valid(more: more)));

    [Theory]
    [InlineData("radius: aab, tunnel: wholesale", "8:29: error: steering.main[0].to[0].radius: there is no RADIUS group 'aab' (did you mean 'aaa'?)"
        + "|16:11: warning: radius.aaa: RADIUS group 'aaa' is not used: no steering rule asks it")]
    [InlineData("radius: aaa", "8:21: error: steering.main[0].to[0].radius: the key 'tunnel' is missing beside 'radius'")]
    [InlineData("realm-table: {}, timeout: 5s", "8:38: error: steering.main[0].to[0].timeout: 'timeout' goes with 'radius' only"
        + "|16:11: warning: radius.aaa: RADIUS group 'aaa' is not used: no steering rule asks it")]
    [InlineData("radius: aaa, tunnel: wholesale, user-name: '{mac}', password: { env: S }, authenticate-before-forward: true",
        "8:53: error: steering.main[0].to[0].user-name: with 'authenticate-before-forward' name and password are the subscriber's own"
        + "|8:73: error: steering.main[0].to[0].password: with 'authenticate-before-forward' name and password are the subscriber's own")]
    [InlineData("radius: aaa, tunnel: wholesale, user-name: '{name}'",
        "8:64: error: steering.main[0].to[0].user-name: expected a text of at most 255 octets with some of {mac} {interface} {vlans} {outer-vlan} {inner-vlan} "
        + "{circuit-id} {remote-id} {service-name} {access} {realm} {user} {node}, found '{name}'")]
    public void Targets(string target, string expected) =>
        Assert.Equal(InFile(expected), ConfigText.Problems(ConfigText.Valid(more: Group).Replace("realm-table: {}", target, StringComparison.Ordinal)));

    [Theory]
    [InlineData("authentication: [chap, eap]", "radius: aaa, tunnel: wholesale, authenticate-before-forward: true",
        "6:5: warning: access.residential.authentication: steering list 'main' wants 'authenticate-before-forward', "
        + "and 'eap' leaves RADIUS nothing to judge: who uses it is refused")]
    [InlineData("authentication: [none]", "radius: aaa, tunnel: wholesale",
        "5:5: error: access.residential.steering: with 'authentication: [none]' no user name is known: "
        + "steering list 'main' must lead there without 'realm', 'user', 'realm-table' and names in 'radius'")]
    [InlineData("authentication: [none]", "radius: aaa, tunnel: wholesale, user-name: '{circuit-id|mac}'", "")]
    public void Services(string access, string target, string expected) =>
        Assert.Equal(InFile(expected), ConfigText.Problems(ConfigText.Valid(access, Group).Replace("realm-table: {}", target, StringComparison.Ordinal)));

    [Fact]
    public void A_password_that_RADIUS_cannot_carry_is_refused() => Assert.Contains(
        "steering.main[0].to[0].password: RADIUS takes at most 128 octets",
        ConfigText.Problems(ConfigText.Valid(more: Group).Replace(
            "realm-table: {}", $"radius: aaa, tunnel: wholesale, password: {new string('p', 129)}", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    private static string InFile(string problems) =>
        problems.Length == 0 ? "" : string.Join('\n', problems.Split('|').Select(problem => "lacedge.yaml:" + problem));
}
