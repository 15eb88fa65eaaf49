using System.Text;
using LacEdge.Core.Ppp;

namespace LacEdge.Tests.Core.Ppp;

public sealed class PppAutomatonTests
{
    /// <summary>The two halves of the table in RFC 1661 section 4.1, as printed there.</summary>
    private const string AsPrinted = """
              | State
              |    0         1         2         3         4         5
        Events| Initial   Starting  Closed    Stopped   Closing   Stopping
        ------+-----------------------------------------------------------
         Up   |    2     irc,scr/6     -         -         -         -
         Down |    -         -         0       tls/1       0         1
         Open |  tls/1       1     irc,scr/6     3r        5r        5r
         Close|    0       tlf/0       2         2         4         4
              |
          TO+ |    -         -         -         -       str/4     str/5
          TO- |    -         -         -         -       tlf/2     tlf/3
              |
         RCR+ |    -         -       sta/2 irc,scr,sca/8   4         5
         RCR- |    -         -       sta/2 irc,scr,scn/6   4         5
         RCA  |    -         -       sta/2     sta/3       4         5
         RCN  |    -         -       sta/2     sta/3       4         5
              |
         RTR  |    -         -       sta/2     sta/3     sta/4     sta/5
         RTA  |    -         -         2         3       tlf/2     tlf/3
              |
         RUC  |    -         -       scj/2     scj/3     scj/4     scj/5
         RXJ+ |    -         -         2         3         4         5
         RXJ- |    -         -       tlf/2     tlf/3     tlf/2     tlf/3
              |
         RXR  |    -         -         2         3         4         5

              | State
              |    6         7         8           9
        Events| Req-Sent  Ack-Rcvd  Ack-Sent    Opened
        ------+-----------------------------------------
         Up   |    -         -         -           -
         Down |    1         1         1         tld/1
         Open |    6         7         8           9r
         Close|irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
              |
          TO+ |  scr/6     scr/6     scr/8         -
          TO- |  tlf/3p    tlf/3p    tlf/3p        -
              |
         RCR+ |  sca/8   sca,tlu/9   sca/8   tld,scr,sca/8
         RCR- |  scn/6     scn/7     scn/6   tld,scr,scn/6
         RCA  |  irc/7     scr/6x  irc,tlu/9   tld,scr/6x
         RCN  |irc,scr/6   scr/6x  irc,scr/8   tld,scr/6x
              |
         RTR  |  sta/6     sta/6     sta/6   tld,zrc,sta/5
         RTA  |    6         6         8       tld,scr/6
              |
         RUC  |  scj/6     scj/7     scj/8       scj/9
         RXJ+ |    6         6         8           9
         RXJ- |  tlf/3     tlf/3     tlf/3   tld,irc,str/5
              |
         RXR  |    6         7         8         ser/9
        """;

    private static readonly string[] _rowNames =
    [
        " Up   ", " Down ", " Open ", " Close", "  TO+ ", "  TO- ", " RCR+ ", " RCR- ", " RCA  ", " RCN  ",
        " RTR  ", " RTA  ", " RUC  ", " RXJ+ ", " RXJ- ", " RXR  ",
    ];

    /// <summary>In the order of <see cref="PppAction"/>.</summary>
    private static readonly string[] _actionNames =
        ["tlu", "tld", "tls", "tlf", "irc", "zrc", "scr", "sca", "scn", "str", "sta", "scj", "ser"];

    [Fact]
    public void The_table_prints_as_in_RFC_1661()
    {
        var printed = new StringBuilder();
        const string names = " Initial   Starting  Closed    Stopped   Closing   Stopping";
        Print(printed, "    0         1         2         3         4         5", names, 59, 0, 5);
        printed.Append('\n');
        Print(printed, "    6         7         8           9", " Req-Sent  Ack-Rcvd  Ack-Sent    Opened", 41, 6, 9);
        Assert.Equal(AsPrinted.Split('\n').Select(Squeeze), printed.ToString().TrimEnd().Split('\n').Select(Squeeze));
    }

    [Fact]
    public void The_restart_timer_runs_exactly_where_a_timeout_is_defined()
    {
        foreach (var state in Enum.GetValues<PppState>())
        {
            Assert.Equal(PppAutomaton.RestartTimerRuns(state), PppAutomaton.Next(state, PppEvent.TimeoutRetry) is not null);
            Assert.Equal(PppAutomaton.RestartTimerRuns(state), PppAutomaton.Next(state, PppEvent.TimeoutFinal) is not null);
        }
    }

    private static void Print(StringBuilder text, string numbers, string names, int rule, int first, int last)
    {
        text.Append("      | State\n      |").Append(numbers).Append("\nEvents|").Append(names);
        text.Append("\n------+").Append('-', rule).Append('\n');
        foreach (var @event in Enum.GetValues<PppEvent>())
        {
            if (@event is PppEvent.TimeoutRetry or PppEvent.ReceiveConfigureRequestGood or PppEvent.ReceiveTerminateRequest
                or PppEvent.ReceiveUnknownCode or PppEvent.ReceiveEchoOrDiscard) text.Append("      |\n");
            text.Append(_rowNames[(int)@event]).Append('|');
            for (var state = first; state <= last; state++) text.Append(' ').Append(Cell((PppState)state, @event));
            text.Append('\n');
        }
    }

    /// <summary>Rebuilt from actions and next state, so that the footnote letter is all that comes from the text.</summary>
    private static string Cell(PppState state, PppEvent @event)
    {
        if (PppAutomaton.Next(state, @event) is not { } transition) return "-";
        var actions = transition.Actions.ToArray().Select(action => _actionNames[(int)action]);
        var slash = transition.Actions.IsEmpty ? "" : "/";
        return $"{string.Join(',', actions)}{slash}{(int)transition.Next}{Footnote(transition)}";
    }

    private static string Footnote(PppTransition transition) => char.IsAsciiLetter(transition.Cell[^1]) ? transition.Cell[^1..] : "";

    private static string Squeeze(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0) return line;
        return line[..(bar + 1)] + " " + string.Join(' ', line[(bar + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
