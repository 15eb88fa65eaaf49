using System.Text.RegularExpressions;
using LacEdge.Core.Events;

namespace LacEdge.Tests.Events;

public sealed class CauseTableTests
{
    [Fact]
    public void Every_cause_has_its_row() =>
        Assert.Equal(Enum.GetValues<EndCause>(), CauseTable.Rows.Select(row => row.Cause));

    [Fact]
    public void Rows_are_found_by_cause()
    {
        foreach (var cause in Enum.GetValues<EndCause>()) Assert.Equal(cause, CauseTable.Of(cause).Cause);
    }

    [Fact]
    public void Names_are_unique_kebab_case_and_follow_the_cause()
    {
        Assert.Equal(CauseTable.Rows.Count, CauseTable.Rows.Select(row => row.Name).Distinct().Count());
        foreach (var row in CauseTable.Rows)
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", row.Name);
            Assert.Equal(row.Cause.ToString(), Regex.Replace(row.Name, "(^|-)[a-z]", m => m.Value[^1..].ToUpperInvariant())
                .Replace("Stopccn", "StopCcn", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Meaning_and_next_step_are_sentences()
    {
        foreach (var text in CauseTable.Rows.SelectMany(row => new[] { row.Meaning, row.NextStep }))
        {
            Assert.EndsWith(".", text, StringComparison.Ordinal);
            Assert.True(char.IsUpper(text[0]), text);
        }
    }

    [Theory]
    [InlineData(EndCause.SubscriberPadt, 1, 1, 0, null, false)]
    [InlineData(EndCause.SubscriberTerminate, 1, 1, 0, 3, false)]
    [InlineData(EndCause.AccessInterfaceDown, 2, 1, 0, null, false)]
    [InlineData(EndCause.Operator, 6, 3, 0, 1, true)]
    [InlineData(EndCause.Shutdown, 7, 3, 0, 1, false)]
    [InlineData(EndCause.Limit, 10, 4, 0, null, true)]
    [InlineData(EndCause.CallTimeout, 15, 10, 0, null, true)]
    public void Codes_towards_the_LNS_follow_the_standards(
        EndCause cause, int terminateCause, int result, int error, int? disconnectCause, bool terminatesLcp)
    {
        var row = CauseTable.Of(cause);
        Assert.Equal((AcctTerminateCause)terminateCause, row.TerminateCause);
        Assert.Equal(new CdnCodes((ushort)result, (ushort)error), row.Cdn);
        Assert.Equal((ushort?)disconnectCause, row.DisconnectCause);
        Assert.Equal(terminatesLcp, row.TerminatesLcp);
    }

    [Theory]
    [InlineData(EndCause.LnsCdn)]
    [InlineData(EndCause.LnsStopCcn)]
    [InlineData(EndCause.LnsDead)]
    [InlineData(EndCause.TunnelTimeout)]
    [InlineData(EndCause.CallRefused)]
    public void The_LNS_is_told_nothing_about_what_it_did_itself_and_the_subscriber_is_told_politely(EndCause cause)
    {
        Assert.Null(CauseTable.Of(cause).Cdn);
        Assert.True(CauseTable.Of(cause).TerminatesLcp);
    }

    [Fact]
    public void What_the_LNS_ended_is_not_told_to_the_LNS()
    {
        foreach (var row in CauseTable.Rows.Where(row => row.By == EndParty.Lns)) Assert.Null(row.Cdn);
    }

    [Theory]
    // The PPP disconnect cause of RFC 3145 says more than the result code, which says more than the cause.
    [InlineData(3, 16, AcctTerminateCause.UserError)]
    [InlineData(3, 1, AcctTerminateCause.AdminReset)]
    [InlineData(1, 3, AcctTerminateCause.UserRequest)]
    [InlineData(1, 8, AcctTerminateCause.LostCarrier)]
    [InlineData(2, 0, AcctTerminateCause.NasError)]
    [InlineData(1, null, AcctTerminateCause.LostCarrier)]
    [InlineData(2, null, AcctTerminateCause.NasError)]
    [InlineData(3, null, AcctTerminateCause.AdminReset)]
    [InlineData(4, null, AcctTerminateCause.ServiceUnavailable)]
    [InlineData(5, null, AcctTerminateCause.ServiceUnavailable)]
    [InlineData(6, null, AcctTerminateCause.ServiceUnavailable)]
    [InlineData(99, null, AcctTerminateCause.LostService)]
    public void L2TP_057_what_the_LNS_says_refines_the_terminate_cause(int result, int? disconnectCause, AcctTerminateCause expected)
    {
        Assert.Equal(expected, CauseTable.TerminateCauseOf(EndCause.LnsCdn, (ushort)result, (ushort?)disconnectCause));
        // Only where the LNS ended the call.
        Assert.Equal(AcctTerminateCause.AdminReset, CauseTable.TerminateCauseOf(EndCause.Operator, (ushort)result, (ushort?)disconnectCause));
    }

    [Fact]
    public void Only_codes_of_L2TPv2_are_sent()
    {
        foreach (var cdn in CauseTable.Rows.Select(row => row.Cdn).OfType<CdnCodes>())
        {
            Assert.InRange(cdn.Result, 1, 11);
            Assert.Equal(cdn.Result == 2, cdn.Error != 0);
        }
    }
}
