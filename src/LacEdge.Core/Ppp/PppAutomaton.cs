namespace LacEdge.Core.Ppp;

/// <summary>States of the option negotiation automaton, numbered as in RFC 1661 section 4.2.</summary>
public enum PppState : byte { Initial, Starting, Closed, Stopped, Closing, Stopping, ReqSent, AckRcvd, AckSent, Opened }

/// <summary>Events of RFC 1661 section 4.3 in the order of its table.</summary>
public enum PppEvent : byte
{
    Up, Down, Open, Close,
    /// <summary>TO+: the restart timer expired with the restart counter above zero.</summary>
    TimeoutRetry,
    /// <summary>TO-: it expired with the counter at zero.</summary>
    TimeoutFinal,
    /// <summary>RCR+: an acceptable Configure-Request.</summary>
    ReceiveConfigureRequestGood,
    /// <summary>RCR-: one to Nak or to Reject.</summary>
    ReceiveConfigureRequestBad,
    ReceiveConfigureAck,
    /// <summary>RCN: Configure-Nak or Configure-Reject.</summary>
    ReceiveConfigureNakOrReject,
    ReceiveTerminateRequest,
    ReceiveTerminateAck,
    ReceiveUnknownCode,
    /// <summary>RXJ+: a Code-Reject or Protocol-Reject that can be lived with.</summary>
    ReceiveHarmlessReject,
    /// <summary>RXJ-: one that ends the link.</summary>
    ReceiveFatalReject,
    /// <summary>RXR: Echo-Request, Echo-Reply or Discard-Request.</summary>
    ReceiveEchoOrDiscard,
}

/// <summary>Actions of RFC 1661 section 4.4.</summary>
public enum PppAction : byte
{
    ThisLayerUp, ThisLayerDown, ThisLayerStarted, ThisLayerFinished,
    InitializeRestartCount, ZeroRestartCount,
    SendConfigureRequest, SendConfigureAck, SendConfigureNakOrReject,
    SendTerminateRequest, SendTerminateAck, SendCodeReject, SendEchoReply,
}

/// <summary>One cell of the table: what to do, in this order, and where that leads.</summary>
public sealed class PppTransition
{
    private readonly PppAction[] _actions;

    internal PppTransition(PppAction[] actions, PppState next, string cell)
    {
        _actions = actions;
        Next = next;
        Cell = cell;
    }

    public ReadOnlySpan<PppAction> Actions => _actions;
    public PppState Next { get; }
    /// <summary>The cell as the RFC prints it, with its footnote letter: p (passive option), r (restart option), x (crossed
    /// connection).</summary>
    public string Cell { get; }

    public override string ToString() => Cell;
}

/// <summary>The option negotiation automaton of RFC 1661 section 4 as pure data. LCP and every NCP run on it.</summary>
public static class PppAutomaton
{
    /// <summary>RFC 1661 section 4.1. A cell reads "actions/next state"; "-" marks an event that cannot occur.</summary>
    private const string Table = """
        State  0      1          2          3              4      5      6          7          8          9
        Up     2      irc,scr/6  -          -              -      -      -          -          -          -
        Down   -      -          0          tls/1          0      1      1          1          1          tld/1
        Open   tls/1  1          irc,scr/6  3r             5r     5r     6          7          8          9r
        Close  0      tlf/0      2          2              4      4      irc,str/4  irc,str/4  irc,str/4  tld,irc,str/4
        TO+    -      -          -          -              str/4  str/5  scr/6      scr/6      scr/8      -
        TO-    -      -          -          -              tlf/2  tlf/3  tlf/3p     tlf/3p     tlf/3p     -
        RCR+   -      -          sta/2      irc,scr,sca/8  4      5      sca/8      sca,tlu/9  sca/8      tld,scr,sca/8
        RCR-   -      -          sta/2      irc,scr,scn/6  4      5      scn/6      scn/7      scn/6      tld,scr,scn/6
        RCA    -      -          sta/2      sta/3          4      5      irc/7      scr/6x     irc,tlu/9  tld,scr/6x
        RCN    -      -          sta/2      sta/3          4      5      irc,scr/6  scr/6x     irc,scr/8  tld,scr/6x
        RTR    -      -          sta/2      sta/3          sta/4  sta/5  sta/6      sta/6      sta/6      tld,zrc,sta/5
        RTA    -      -          2          3              tlf/2  tlf/3  6          6          8          tld,scr/6
        RUC    -      -          scj/2      scj/3          scj/4  scj/5  scj/6      scj/7      scj/8      scj/9
        RXJ+   -      -          2          3              4      5      6          6          8          9
        RXJ-   -      -          tlf/2      tlf/3          tlf/2  tlf/3  tlf/3      tlf/3      tlf/3      tld,irc,str/5
        RXR    -      -          2          3              4      5      6          7          8          ser/9
        """;

    private const int StateCount = 10;
    private const int EventCount = 16;
    private static readonly PppTransition?[] Transitions = Parse();

    /// <summary>What the event does in the state; null where the RFC says that it cannot occur.</summary>
    public static PppTransition? Next(PppState state, PppEvent @event) => Transitions[(int)@event * StateCount + (int)state];

    /// <summary>The restart timer runs in these states only (RFC 1661 section 4.6).</summary>
    public static bool RestartTimerRuns(PppState state) =>
        state is PppState.Closing or PppState.Stopping or PppState.ReqSent or PppState.AckRcvd or PppState.AckSent;

    private static PppTransition?[] Parse()
    {
        var transitions = new PppTransition?[EventCount * StateCount];
        var rows = Table.Split('\n');
        for (var row = 1; row < rows.Length; row++)
        {
            var cells = rows[row].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            for (var state = 0; state < StateCount; state++) transitions[(row - 1) * StateCount + state] = ParseCell(cells[state + 1]);
        }

        return transitions;
    }

    private static PppTransition? ParseCell(string cell)
    {
        if (cell == "-") return null;
        var slash = cell.IndexOf('/', StringComparison.Ordinal);
        var actions = slash < 0 ? [] : Array.ConvertAll(cell[..slash].Split(','), ParseAction);
        return new PppTransition(actions, (PppState)(cell[slash + 1] - '0'), cell);
    }

    private static PppAction ParseAction(string name) => name switch
    {
        "tlu" => PppAction.ThisLayerUp,
        "tld" => PppAction.ThisLayerDown,
        "tls" => PppAction.ThisLayerStarted,
        "tlf" => PppAction.ThisLayerFinished,
        "irc" => PppAction.InitializeRestartCount,
        "zrc" => PppAction.ZeroRestartCount,
        "scr" => PppAction.SendConfigureRequest,
        "sca" => PppAction.SendConfigureAck,
        "scn" => PppAction.SendConfigureNakOrReject,
        "str" => PppAction.SendTerminateRequest,
        "sta" => PppAction.SendTerminateAck,
        "scj" => PppAction.SendCodeReject,
        "ser" => PppAction.SendEchoReply,
        _ => throw new InvalidOperationException($"unknown action {name}"),
    };
}
