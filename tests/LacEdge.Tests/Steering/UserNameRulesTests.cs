using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Steering;
using LacEdge.Wire;

namespace LacEdge.Tests.Steering;

/// <summary>User names by the rules of an access service.</summary>
public sealed class UserNameRulesTests
{
    [Theory]
    [InlineData("@", RealmPosition.Suffix, "bob@home@isp1", "bob@home", "isp1")]
    [InlineData("@%", RealmPosition.Suffix, "bob@home%isp1", "bob@home", "isp1")]
    [InlineData("@%", RealmPosition.Suffix, "bob%isp1@home", "bob%isp1", "home")]
    [InlineData("%", RealmPosition.Suffix, "bob@isp1", "bob@isp1", null)]
    [InlineData("/", RealmPosition.Prefix, "isp1/bob/home", "bob/home", "isp1")]
    [InlineData("\\", RealmPosition.Prefix, @"ISP1\bob", "bob", "isp1")]
    [InlineData("/\\", RealmPosition.Prefix, @"isp1\bob/home", "bob/home", "isp1")]
    [InlineData("#", RealmPosition.Suffix, "bob#isp1", "bob", "isp1")]
    [InlineData("@", RealmPosition.Suffix, "bob@", "bob", null)]
    [InlineData("/", RealmPosition.Prefix, "/bob", "bob", null)]
    [InlineData("@", RealmPosition.Suffix, "@isp1", "", "isp1")]
    [InlineData("@", RealmPosition.Suffix, "", "", null)]
    public void AUTH_006_The_realm_stands_behind_the_last_or_before_the_first_delimiter(
        string delimiters, RealmPosition position, string octets, string user, string? realm)
    {
        var name = Name(octets, new UserNameConfig { Delimiters = delimiters, Realm = position });
        Assert.Equal((user, realm), (Encoding.UTF8.GetString(name.UserPart), name.Realm));
    }

    [Theory]
    [InlineData("bob", true, "isp9.example")]
    [InlineData("bob@", true, "isp9.example")]
    [InlineData("bob", false, "ISP9.example")]
    [InlineData("bob@isp1", true, "isp1")]
    public void Names_without_a_realm_have_the_default_realm(string octets, bool ignoreCase, string realm) =>
        Assert.Equal(realm, Name(octets, new UserNameConfig { DefaultRealm = "ISP9.example", IgnoreCase = ignoreCase }).Realm);

    [Theory]
    [InlineData("bob@ISP1.example", true, "isp1.example", true)]
    [InlineData("bob@Isp1.Example", true, "isp1.example", true)]
    [InlineData("bob@Isp1.Example", false, "Isp1.Example", true)]
    [InlineData("bob@isp1.example", false, "isp1.example", false)]
    [InlineData("bob@x.DSL.example", false, "x.DSL.example", true)]
    [InlineData("bob@x.dsl.example", false, "x.dsl.example", false)]
    [InlineData("bob@X.dsl.Example", true, "x.dsl.example", true)]
    public void AUTH_006_Case_is_ignored_or_must_be_that_of_the_configuration(string octets, bool ignoreCase, string realm, bool found)
    {
        var table = new RealmTable([new IspConfig { Name = "one", Realms = ["Isp1.Example", "*.DSL.example"], Tunnel = "t" }]);
        var name = Name(octets, new UserNameConfig { IgnoreCase = ignoreCase });
        Assert.Equal((realm, found), (name.Realm, table.Find(name.Realm!, name.IgnoreCase) is not null));
    }

    [Fact]
    public void AUTH_006_Nothing_is_changed_unless_told_so()
    {
        byte[] octets = [.. "Bob@ISP1.Example"u8, 0, 0xFF];
        var name = new UserName(Bytes.Wrap(octets), new UserNameRules(new UserNameConfig()));
        Assert.Equal((Bytes.Wrap(octets), Bytes.Wrap(octets)), (name.ToLns(), name.ToRadius()));
    }

    [Theory]
    [InlineData("bob@isp1", "bob")]
    [InlineData("bob@", "bob")]
    [InlineData("bob", "bob")]
    // A name of no octets would be nobody's.
    [InlineData("@isp1", "@isp1")]
    public void The_realm_can_be_stripped(string octets, string expected) =>
        Assert.Equal(expected, ToLns(octets, new NameRewriteConfig { StripRealm = true }));

    [Theory]
    [InlineData("bob@isp1", "bob@isp2", "@isp1$", "@isp2")]
    [InlineData("bob@isp3", "bob@isp3", "@isp1$", "@isp2")]
    [InlineData("bob@isp1", "isp1/bob", "^(.*)@(.*)$", "$2/$1")]
    [InlineData("bob@isp1", "bob.isp1", "^(?<user>.*)@", "${user}.")]
    // The first match only.
    [InlineData("aaa", "baa", "a", "b")]
    [InlineData("bob@isp1", "x", ".*", "x")]
    [InlineData("m\u00fcller@isp1", "mueller@isp1", "\u00fc", "ue")]
    [InlineData("bob@isp1", "bob@isp1", ".*", "")]
    [InlineData("bob@isp1", "b$b@isp1", "o", "$$")]
    public void The_first_match_of_a_rule_is_replaced(string octets, string expected, string match, string replace) =>
        Assert.Equal(expected, ToLns(octets, new NameRewriteConfig { Rules = [new NameRule(match, replace)] }));

    [Theory]
    [InlineData("bob@isp1", "1")]
    [InlineData("eve@isp1", "2@isp1")]
    [InlineData("mallory", "mallory")]
    public void The_first_rule_that_matches_is_the_only_one(string octets, string expected) => Assert.Equal(
        expected, ToLns(octets, new NameRewriteConfig { Rules = [new NameRule("^bob.*", "1"), new NameRule("^...(?:@|$)", "2@"), new NameRule("[12]", "3")] }));

    [Fact]
    public void The_realm_is_stripped_before_the_rules() => Assert.Equal(
        "bob@isp2", ToLns("bob@isp1", new NameRewriteConfig { StripRealm = true, Rules = [new NameRule("$", "@isp2")] }));

    [Fact]
    public void LNS_and_RADIUS_have_their_own_rules()
    {
        var name = Name("bob@isp1", new UserNameConfig
        {
            ToLns = new NameRewriteConfig { StripRealm = true },
            ToRadius = new NameRewriteConfig { Rules = [new NameRule("isp1", "isp2")] },
        });
        Assert.Equal(("bob", "bob@isp2"), (Text(name.ToLns()), Text(name.ToRadius())));
        Assert.Equal(("bob@isp1", "isp1"), (name.Printable, name.Realm));
    }

    [Fact]
    public void AUTH_008_Rules_leave_a_name_that_is_no_text_as_it_is()
    {
        byte[] octets = [0xFF, 0xC3, 0x28, .. "@isp1"u8];
        var config = new NameRewriteConfig { Rules = [new NameRule(".", "x")] };
        Assert.Equal(Bytes.Wrap(octets), Name(octets, new UserNameConfig { ToLns = config }).ToLns());
        // Stripping works on octets.
        Assert.Equal(Bytes.Hex("FFC328"), Name(octets, new UserNameConfig { ToLns = config with { StripRealm = true } }).ToLns());
    }

    [Fact]
    public void AUTH_008_A_rule_that_would_leave_more_than_255_octets_is_not_applied()
    {
        var config = new NameRewriteConfig { Rules = [new NameRule("@", "@@")] };
        var fits = new string('a', 248) + "@isp1";
        Assert.Equal(255, Encoding.UTF8.GetByteCount(ToLns(fits + "b", config)));
        Assert.Equal(fits + "bc", ToLns(fits + "bc", config));
        Assert.Equal(new string('a', 255), ToLns(new string('a', 255), new NameRewriteConfig { Rules = [new NameRule("^(.*)$", "$1$1$1$1$1$1$1$1")] }));
    }

    [Fact]
    public void AUTH_008_An_expression_with_nested_repeats_takes_no_longer_than_the_name()
    {
        var config = new NameRewriteConfig { Rules = [new NameRule("^(a+)+$", "x"), new NameRule("b$", "c")] };
        Assert.Equal(new string('a', 254) + "c", ToLns(new string('a', 254) + "b", config));
    }

    private static string ToLns(string octets, NameRewriteConfig config) => Text(Name(octets, new UserNameConfig { ToLns = config }).ToLns());
    private static string Text(Bytes octets) => Encoding.UTF8.GetString(octets.Span);
    private static UserName Name(string octets, UserNameConfig config) => Name(Encoding.UTF8.GetBytes(octets), config);
    private static UserName Name(byte[] octets, UserNameConfig config) => new(Bytes.Wrap(octets), new UserNameRules(config));
}
