using LacEdge.Core.Config;
using LacEdge.Core.Steering;

namespace LacEdge.Tests.Steering;

public sealed class RealmTableTests
{
    private static readonly RealmTable _table = new(
    [
        Isp("one", "isp1.example", "*.isp1.example"),
        Isp("two", "*.dsl.isp1.example", "gold.isp1.example"),
        Isp("three", "isp3"),
    ]);

    [Theory]
    [InlineData("isp1.example", "one")]
    [InlineData("a.isp1.example", "one")]
    [InlineData("a.b.isp1.example", "one")]
    [InlineData("a.dsl.isp1.example", "two")]
    [InlineData("dsl.isp1.example", "one")]
    [InlineData("gold.isp1.example", "two")]
    [InlineData("x.gold.isp1.example", "one")]
    [InlineData("isp3", "three")]
    [InlineData("xisp1.example", null)]
    [InlineData(".isp1.example", null)]
    [InlineData("a.isp3", null)]
    [InlineData("example", null)]
    [InlineData(".", null)]
    [InlineData("*.isp1.example", "one")]
    public void The_exact_realm_comes_first_then_the_longest_suffix(string realm, string? isp) =>
        Assert.Equal(isp, _table.Find(realm, true)?.Name);

    private static IspConfig Isp(string name, params string[] realms) => new() { Name = name, Realms = [.. realms], Tunnel = "t" };
}
