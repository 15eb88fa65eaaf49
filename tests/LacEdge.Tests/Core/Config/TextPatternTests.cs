using System.Diagnostics;
using System.Text;
using LacEdge.Core.Config;

namespace LacEdge.Tests.Core.Config;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "a", true)]
    [InlineData("?", "ab", false)]
    [InlineData("dslam1*", "dslam1 eth 1/1:100", true)]
    [InlineData("dslam1*", "dslam2 eth 1/1:100", false)]
    [InlineData("*:100", "dslam1 eth 1/1:100", true)]
    [InlineData("*:100", "dslam1 eth 1/1:1000", false)]
    [InlineData("* eth ?/*:1??", "dslam1 eth 1/12:100", true)]
    [InlineData("* eth ?/*:1??", "dslam1 eth 10/12:100", false)]
    [InlineData("a*b*c", "abbbcbc", true)]
    [InlineData("a*b*c", "abbbcb", false)]
    [InlineData("a**?", "ab", true)]
    [InlineData("a**?", "a", false)]
    [InlineData("ab", "AB", false)]
    [InlineData("ab", "abc", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("Köln*", "Köln-1", true)]
    // One octet, and this letter has two.
    [InlineData("K?ln", "Köln", false)]
    [InlineData("K??ln", "Köln", true)]
    public void Star_is_any_octets_and_question_mark_one(string pattern, string text, bool matches) =>
        Assert.Equal(matches, TextPattern.Matches(pattern, Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void No_pattern_and_text_take_long()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 500)) + "b";
        var text = Encoding.UTF8.GetBytes(new string('a', 10_000));
        var clock = Stopwatch.StartNew();
        Assert.False(TextPattern.Matches(pattern, text));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
