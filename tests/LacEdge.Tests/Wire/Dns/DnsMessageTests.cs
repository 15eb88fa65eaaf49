using LacEdge.Wire;
using LacEdge.Wire.Dns;

namespace LacEdge.Tests.Wire.Dns;

public sealed class DnsMessageTests
{
    // lns.isp1.example
    private const string Name = "036c6e7304697370310765" + "78616d706c6500";
    private const string Ok = "00078180", AskA = Name + "00010001", Here = "c00c";
    private static readonly DnsQuestion _a = new("lns.isp1.example", DnsType.A);

    [Fact]
    public void Addresses_and_the_least_TTL_are_read()
    {
        var answer = Read(_a, Ok + Counts(1, 2) + AskA + Here + A(300, "c6336409") + Here + A(37, "c633640a"));
        Assert.Equal((DnsRcode.NoError, 37u), (answer.Rcode, answer.Ttl));
        Assert.Equal(["198.51.100.9", "198.51.100.10"], answer.Addresses.Select(one => one.ToString()));
    }

    [Fact]
    public void An_alias_is_followed_and_its_TTL_counts()
    {
        // lns.isp1.example CNAME x.isp1.example (pointer to isp1.example at 16), x.isp1.example A
        var answer = Read(_a, Ok + Counts(1, 2) + AskA + Here + "00050001" + "0000000a" + "0004" + "0178c010" + "0178c010" + A(300, "c6336409"));
        Assert.Equal(10u, answer.Ttl);
        Assert.Equal("198.51.100.9", Assert.Single(answer.Addresses).ToString());
    }

    [Fact]
    public void Records_of_other_names_types_and_classes_are_passed_over()
    {
        var others = "0178c010" + A(1, "01010101") + Here + "00100001" + "00000001" + "0002" + "0161" + Here + "00010003" + "00000001" + "0004" + "02020202";
        var answer = Read(_a, Ok + Counts(1, 4) + AskA + others + Here + A(60, "c6336409"));
        Assert.Equal((60u, "198.51.100.9"), (answer.Ttl, Assert.Single(answer.Addresses).ToString()));
    }

    [Fact]
    public void DNS_001_a_TTL_with_the_top_bit_set_counts_as_0() =>
        Assert.Equal(0u, Read(_a, Ok + Counts(1, 1) + AskA + Here + "00010001" + "80000001" + "0004" + "c6336409").Ttl);

    [Theory]
    [InlineData("00078183", 900, 300, 300)]
    [InlineData("00078180", 200, 300, 200)]
    [InlineData("00078183", 900, -1, 0)]
    public void DNS_002_nothing_holds_for_the_lesser_of_the_SOAs_TTL_and_its_minimum(string header, int ttl, int minimum, int holds)
    {
        var soa = "c010" + "00060001" + $"{ttl:x8}" + "0016" + "0000" + new string('0', 32) + $"{minimum:x8}";
        var answer = Read(_a, header + "0001" + "0000" + "0001" + "0000" + AskA + soa);
        Assert.True(answer.IsEmpty);
        Assert.Equal((uint)holds, answer.Ttl);
    }

    [Fact]
    public void DNS_002_without_SOA_nothing_is_not_kept() => Assert.Equal(0u, Read(_a, "00078183" + Counts(1, 0) + AskA).Ttl);

    [Fact]
    public void Services_are_read()
    {
        var srv = "055f6c327470045f756470" + Name;
        var question = new DnsQuestion("_l2tp._udp.lns.isp1.example", DnsType.Srv);
        var answer = Read(question, Ok + Counts(1, 2) + srv + "00210001"
            + "c00c" + "00210001" + "00000064" + "000a" + "000a" + "0005" + "06a5" + "0162c01b" + "c00c" + "00210001" + "00000032" + "0007" + "00140000000000");
        Assert.Equal(50u, answer.Ttl);
        Assert.Equal<DnsService>([new DnsService(10, 5, 1701, "b.isp1.example"), new DnsService(20, 0, 0, "")], answer.Services);
    }

    [Theory]
    [InlineData("0007", DecodeError.DnsTruncated)]
    // A question, a cut response, another opcode, no question, another name, another type.
    [InlineData("00070100" + "0001000000000000" + AskA, DecodeError.DnsNotAnswer)]
    [InlineData("00078380" + "0001000000000000" + AskA, DecodeError.DnsNotAnswer)]
    [InlineData("00079180" + "0001000000000000" + AskA, DecodeError.DnsNotAnswer)]
    [InlineData("00078180" + "0000000000000000", DecodeError.DnsNotAnswer)]
    [InlineData("00078180" + "0001000000000000" + "0000010001", DecodeError.DnsNotAnswer)]
    [InlineData("00078180" + "0001000000000000" + Name + "001c0001", DecodeError.DnsNotAnswer)]
    // Pointers to themselves, forwards, and beyond the end; labels of reserved kinds.
    [InlineData("00078180" + "0001000000000000" + "c00c" + "00010001", DecodeError.DnsName)]
    [InlineData("00078180" + "0001000000000000" + "c010" + "00010001" + "00", DecodeError.DnsName)]
    [InlineData("00078180" + "0001000000000000" + "ffff" + "00010001", DecodeError.DnsName)]
    [InlineData("00078180" + "0001000000000000" + "4161" + "00010001", DecodeError.DnsName)]
    [InlineData("00078180" + "0001000100000000" + AskA + Here + "00010001" + "00000001" + "0005" + "c6336409", DecodeError.DnsTruncated)]
    [InlineData("00078180" + "0001000100000000" + AskA + Here + "00010001" + "00000001" + "0003" + "c63364", DecodeError.DnsRecord)]
    // lns.isp1.example is an alias of itself.
    [InlineData("00078180" + "0001000100000000" + AskA + Here + "00050001" + "00000001" + "0002" + Here, DecodeError.DnsAliases)]
    public void DNS_004_what_is_no_whole_answer_to_the_question_is_refused(string message, DecodeError error)
    {
        Assert.False(DnsMessage.TryParse(Convert.FromHexString(message), _a, out var answer, out var found));
        Assert.Null(answer);
        Assert.Equal(error, found);
    }

    [Fact]
    public void DNS_004_a_name_of_more_than_255_octets_is_refused()
    {
        var labels = string.Concat(Enumerable.Repeat("3f" + new string('6', 126), 4));
        Assert.False(DnsMessage.TryParse(Convert.FromHexString(Ok + Counts(1, 0) + labels + "00" + "00010001"), _a, out _, out var error));
        Assert.Equal(DecodeError.DnsName, error);
    }

    [Fact]
    public void No_damage_throws()
    {
        var message = Convert.FromHexString(Ok + Counts(1, 2) + AskA + Here + A(300, "c6336409") + Here + A(37, "c633640a"));
        for (var at = 0; at < message.Length; at++)
        {
            DnsMessage.TryParse(message.AsSpan(0, at), _a, out _, out _);
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = message.ToArray();
                damaged[at] ^= (byte)(1 << bit);
                DnsMessage.TryParse(damaged, _a, out _, out _);
            }
        }
    }

    private static string Counts(int questions, int answers) => $"{questions:x4}{answers:x4}00000000";
    private static string A(int ttl, string address) => $"00010001{ttl:x8}0004{address}";

    private static DnsAnswer Read(DnsQuestion question, string message)
    {
        Assert.True(DnsMessage.TryParse(Convert.FromHexString(message), question, out var answer, out var error), error.ToString());
        return answer!;
    }
}
