namespace LacEdge.Interop.Cases;

/// <summary>A column of the matrix.</summary>
internal enum Check
{
    /// <summary>IPCP opens: the subscriber has an address of the LNS.</summary>
    Ipcp,
    Ping,
    /// <summary>1 MiB to an echo service behind the LNS comes back unchanged.</summary>
    Transfer,
    /// <summary>Frames as large as the subscriber's line and the LNS agreed on pass unfragmented.</summary>
    LargestFrame,
    /// <summary>A second subscriber joins the tunnel of the first.</summary>
    SharedTunnel,
    /// <summary>What the row is for beyond LNS, authentication and lines.</summary>
    Feature,
    /// <summary>The subscriber's LCP Terminate-Request and PADT end the call at the LNS.</summary>
    HangUp,
    /// <summary>The LNS hangs up; the subscriber sees it at once.</summary>
    LnsHangUp,
    /// <summary>A PADT alone ends the call at the LNS, by CDN.</summary>
    Padt,
    /// <summary>A subscriber who lost its state dials again at once: the old session is ended, not the new one refused.</summary>
    Redial,
    /// <summary>The LNS closes the tunnel; its subscribers see it at once and come back over a new one.</summary>
    LnsStop,
    /// <summary>The LNS, and nobody before it, refuses a wrong password, and the subscriber learns it as such.</summary>
    WrongPassword,
    /// <summary>An LNS that lost its state is found by HELLO; the subscriber is told and can dial again.</summary>
    Restart,
    /// <summary>SIGTERM ends every tunnel by StopCCN and every subscriber by PADT.</summary>
    Shutdown,
    /// <summary>An access concentrator that lost its state tells the subscriber of a session of old that it is over.</summary>
    Crash,
    /// <summary>A wrong tunnel secret opens no tunnel, and the subscriber is hung up on.</summary>
    TunnelSecret,
    /// <summary>The log names who ended each session and why, and holds no secret.</summary>
    Log,
    /// <summary>Everything sent is decoded by tshark without a complaint.</summary>
    Tshark,
}

internal enum Verdict { Passed, Failed, Unsupported, NotApplicable }

internal sealed record CheckResult(Verdict Verdict, string Reason = "");

/// <summary>A check did not hold; the message says what was seen instead.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
