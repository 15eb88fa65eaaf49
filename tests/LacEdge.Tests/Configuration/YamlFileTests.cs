using LacEdge.Configuration;
using LacEdge.Core.Config;

namespace LacEdge.Tests.Configuration;

public sealed class YamlFileTests
{
    [Fact]
    public void Nodes_keep_their_places()
    {
        var root = Parse("node:\n  name: lac1\n  list: [a, \"b\"]\n")!;
        var node = Assert.IsType<MappingNode>(root.Find("node")!.Value);
        Assert.Equal("1:1", At(root.Find("node")!.Place));
        Assert.Equal(("2:3", "2:9"), (At(node.Find("name")!.Place), At(node.Find("name")!.Value.Place)));
        var list = Assert.IsType<SequenceNode>(node.Find("list")!.Value);
        Assert.Equal(["3:10", "3:13"], list.Items.Select(item => At(item.Place)));
        Assert.Equal(["a", "b"], list.Items.Select(item => ((ScalarNode)item).Text));
    }

    [Theory]
    [InlineData("a:", true)]
    [InlineData("a: ~", true)]
    [InlineData("a: null", true)]
    [InlineData("a: ''", false)]
    [InlineData("a: 'null'", false)]
    [InlineData("a: no", false)]
    public void Nothing_is_told_from_empty_text(string yaml, bool isNull) => Assert.Equal(isNull, Parse(yaml)!.Find("a")!.Value.IsNull);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    public void An_empty_file_is_an_empty_mapping(string yaml) => Assert.Empty(Parse(yaml)!.Entries);

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal("1:1", At(Parse([0xEF, 0xBB, 0xBF, (byte)'a', (byte)':'], new ConfigProblems())!.Find("a")!.Place));

    [Theory]
    [InlineData("a: b: c", "f:1:5: error: cannot be read as YAML: While scanning a plain scalar value, found invalid mapping")]
    [InlineData("{ a: [1,2 }", "f:1:11: error: cannot be read as YAML: While parsing a flow sequence, did not find expected ',' or ']'")]
    [InlineData("node: [\n  a, b\nx: y", "f:2:4: error: cannot be read as YAML: malformed near here")]
    [InlineData("a: \"x", "f:1:4: error: cannot be read as YAML: While scanning a quoted scalar, found unexpected end of stream")]
    [InlineData("a:\n  - b\n c: d", "f:3:2: error: cannot be read as YAML: While parsing a block mapping, did not find expected key")]
    [InlineData("- a", "f:1:1: error: expected a mapping (key: value), found a list")]
    [InlineData("word", "f:1:1: error: expected a mapping (key: value), found a value")]
    [InlineData("a: 1\na: 2\nb: 1\nb: 1", "f:2:1: error: the key 'a' stands here twice; first at f:1:1\nf:4:1: error: the key 'b' stands here twice; first at f:3:1")]
    [InlineData("a: &x 1\nb: *x", "f:1:4: error: anchors are not supported\nf:2:4: error: aliases are not supported")]
    [InlineData("a: !foo 1", "f:1:4: error: tags are not supported")]
    [InlineData("? [a]\n: b", "f:1:3: error: a key is a word, not a list")]
    [InlineData("a: b\n---\nc: d", "f:2:1: error: a second YAML document begins here; a file holds one")]
    public void What_is_no_plain_YAML_mapping_is_refused_with_its_place(string yaml, string expected)
    {
        var problems = new ConfigProblems();
        Parse(System.Text.Encoding.UTF8.GetBytes(yaml), problems);
        Assert.Equal(expected, string.Join('\n', problems.Sorted));
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused_with_its_place()
    {
        var problems = new ConfigProblems();
        Assert.Null(Parse([(byte)'a', (byte)'\n', 0xC3, 0xBC, 0xFF], problems));
        Assert.Equal("f:2:2: error: not UTF-8 text", Assert.Single(problems.Sorted).ToString());
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var problems = new ConfigProblems();
        Assert.Null(Parse(System.Text.Encoding.UTF8.GetBytes(new string('[', 10_000)), problems));
        Assert.Equal("f:1:34: error: cannot be read as YAML: nested too deeply", Assert.Single(problems.Sorted).ToString());
    }

    [Fact]
    public void No_prefix_and_no_changed_letter_of_a_configuration_throws()
    {
        var text = System.Text.Encoding.UTF8.GetBytes(ConfigText.Valid("lns: { address: 192.0.2.1 }", "x: [\"a\", 'b', {c: d}]"));
        for (var i = 0; i < text.Length; i++)
        {
            Parse(text.AsSpan(0, i), new ConfigProblems());
            foreach (var letter in "{]:,'-\n")
            {
                var changed = text.ToArray();
                changed[i] = (byte)letter;
                ConfigText.Read(System.Text.Encoding.UTF8.GetString(changed));
            }
        }
    }

    private static string At(ConfigPlace place) => $"{place.Line}:{place.Column}";
    private static MappingNode? Parse(string yaml) => Parse(System.Text.Encoding.UTF8.GetBytes(yaml), new ConfigProblems());
    private static MappingNode? Parse(ReadOnlySpan<byte> yaml, ConfigProblems problems) => YamlFile.Parse("f", yaml, problems);
}
