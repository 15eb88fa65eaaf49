using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases;

/// <summary>What each check demands of the frames that were captured during it.</summary>
internal static class WireRules
{
    private static readonly int[] ProxyLcp = [26, 27, 28];

    public static void BringUp(WireLog log, InteropCase row)
    {
        foreach (var message in new[] { Message.Sccrq, Message.Scccn, Message.Icrq, Message.Iccn })
            log.ExpectSent(message, Side.Core);
        log.ExpectSent(Message.Pado, Side.Access);
        log.ExpectSent(Message.Pads, Side.Access);
        // Nobody tells the subscriber "success" before the LNS does.
        ExpectForwarded(log, SuccessOf(row.Authentication));
        if (row.Authentication == Authentication.Pap)
            log.ExpectReceived(Message.LcpConfigureNak, Side.Access);
        if (!row.HasProxyAuthentication)
            log.ExpectReceived(Message.LcpConfigureRequest, Side.Core);
    }

    public static void SharedTunnel(WireLog log)
    {
        log.ExpectNotSent(Message.Sccrq);
        log.ExpectSent(Message.Icrq, Side.Core);
    }

    public static void HangUp(WireLog log)
    {
        log.ExpectReceived(Message.LcpTerminateRequest, Side.Access);
        ExpectCdn(log);
        ExpectPadt(log);
    }

    public static void LnsHangUp(WireLog log)
    {
        ExpectCdn(log);
        ExpectPadt(log);
    }

    public static void LnsStop(WireLog log)
    {
        log.ExpectReceived(Message.StopCcn, Side.Core);
        ExpectPadtEach(log);
        log.ExpectSent(Message.Sccrq, Side.Core);
        log.ExpectNotSent(Message.StopCcn);
    }

    public static void Padt(WireLog log)
    {
        log.ExpectReceived(Message.Padt, Side.Access);
        log.ExpectSent(Message.Cdn, Side.Core);
    }

    public static void Redial(WireLog log)
    {
        log.ExpectSent(Message.Icrq, Side.Core);
        log.ExpectSentBefore(Message.Cdn, Message.Icrq, Side.Core);
        log.ExpectNotSent(Message.Sccrq);
    }

    public static void Crash(WireLog log)
    {
        log.ExpectSent(Message.Padt, Side.Access);
        log.ExpectNotSent(Message.StopCcn);
        log.ExpectNotSent(Message.Cdn);
    }

    public static void WrongPassword(WireLog log, Authentication authentication, bool isNamed)
    {
        if (isNamed)
        {
            ExpectForwarded(log, FailureOf(authentication));
            return;
        }
        log.ExpectReceived(Message.Cdn, Side.Core);
        log.ExpectSent(Message.Padt, Side.Access);
        ExpectNoRefusal(log);
    }

    public static void Restart(WireLog log)
    {
        log.ExpectSent(Message.Hello, Side.Core);
        log.ExpectSent(Message.Padt, Side.Access);
        log.ExpectSent(Message.Sccrq, Side.Core);
    }

    public static void Shutdown(WireLog log, int subscribers)
    {
        log.ExpectSent(Message.StopCcn, Side.Core);
        ExpectPadtEach(log, subscribers);
    }

    public static void TunnelSecret(WireLog log)
    {
        log.ExpectSent(Message.Sccrq, Side.Core);
        log.ExpectSent(Message.StopCcn, Side.Core);
        log.ExpectSent(Message.Padt, Side.Access);
        log.ExpectNotSent(Message.Icrq);
        // The subscriber's account is not to blame.
        ExpectNoRefusal(log);
    }

    /// <summary>Every frame to a subscriber has the VLAN tags of its line.</summary>
    private static void Tagged(WireLog log, AccessLines lines)
    {
        var tagsOf = lines.All.ToDictionary(line => line.Mac, line => line.Tags);
        var sent = log.Frames.Where(frame => frame is { Ours: true, Side: Side.Access });
        if (sent.FirstOrDefault(frame => tagsOf.GetValueOrDefault(frame.Destination) != frame.Tags) is { } frame)
            throw new CheckFailedException($"access frame {frame.Number} ({frame.Message}) to {frame.Destination} has the tags \"{frame.Tags}\"");
    }

    /// <summary>All frames sent are well-formed, and those that must have been sent are recognised, with the AVPs that they owe.</summary>
    public static void Clean(WireLog log, InteropCase row)
    {
        Tagged(log, row.Lines);
        var troubles = log.Frames.Where(frame => frame.Ours && frame.Trouble.Length > 0).ToList();
        if (troubles is [var first, ..])
            throw new CheckFailedException(
                $"{troubles.Count} frames; {first.Side} frame {first.Number} ({first.Message}): {first.Trouble}");
        ExpectAvps(log.ExpectSent(Message.Sccrq, Side.Core), row.HasSecret ? [0, 2, 3, 7, 9, 11] : [0, 2, 3, 7, 9]);
        ExpectAvps(log.ExpectSent(Message.Icrq, Side.Core), [0, 14, 15]);
        var iccn = log.ExpectSent(Message.Iccn, Side.Core);
        int[] proxy = [.. row.IsTransparent ? [] : ProxyLcp, .. row.HasProxyAuthentication ? ProxyAvps(row.Authentication) : []];
        ExpectAvps(iccn, [0, 19, 24, .. proxy]);
        if (!row.HasProxyAuthentication && (iccn.HiddenAvps > 0 || iccn.Avps.Any(avp => avp is >= 26 and <= 33 && !proxy.Contains(avp))))
            throw new CheckFailedException($"Iccn (frame {iccn.Number}) with AVPs {string.Join(", ", iccn.Avps)}");
        ExpectAvps(log.ExpectSent(Message.Cdn, Side.Core), [0, 1, 14]);
        ExpectAvps(log.ExpectSent(Message.StopCcn, Side.Core), [0, 1, 9]);
    }

    private static int[] ProxyAvps(Authentication authentication) =>
        authentication == Authentication.Pap ? [29, 30, 32, 33] : [29, 30, 31, 32, 33];

    private static Message SuccessOf(Authentication authentication) => authentication switch
    {
        Authentication.Pap => Message.PapAck,
        Authentication.Chap or Authentication.MsChapV2 => Message.ChapSuccess,
        Authentication.Eap => Message.EapSuccess,
    };

    private static Message FailureOf(Authentication authentication) => authentication switch
    {
        Authentication.Pap => Message.PapNak,
        Authentication.Chap or Authentication.MsChapV2 => Message.ChapFailure,
        Authentication.Eap => Message.EapFailure,
    };

    private static void ExpectAvps(WireFrame frame, int[] owed)
    {
        var missing = owed.Except(frame.Avps).ToList();
        if (missing.Count > frame.HiddenAvps)
            throw new CheckFailedException($"{frame.Message} (frame {frame.Number}) without AVP {string.Join(", ", missing)}");
    }

    private static void ExpectNoRefusal(WireLog log)
    {
        foreach (var authentication in Enum.GetValues<Authentication>())
            log.ExpectNotSent(FailureOf(authentication));
    }

    private static void ExpectCdn(WireLog log)
    {
        if (log.Find(Message.Cdn, Side.Core, ours: true) is null)
            log.ExpectReceived(Message.Cdn, Side.Core);
    }

    private static void ExpectPadtEach(WireLog log, int subscribers = 2)
    {
        if (log.CountSent(Message.Padt) is var count && count < subscribers)
            throw new CheckFailedException($"{count} PADT sent to {subscribers} subscribers");
    }

    // pppd sends none of its own after LCP has closed the link.
    private static void ExpectPadt(WireLog log)
    {
        if (log.Find(Message.Padt, Side.Access, ours: false) is null)
            log.ExpectSent(Message.Padt, Side.Access);
    }

    // From the LNS through the access concentrator to the subscriber, in that order.
    private static void ExpectForwarded(WireLog log, Message message)
    {
        var received = log.ExpectReceived(message, Side.Core);
        var sent = log.ExpectSent(message, Side.Access);
        if (sent.Time < received.Time)
            throw new CheckFailedException(
                $"{message} sent to the subscriber (frame {sent.Number}) before the LNS said so (frame {received.Number})");
    }
}
