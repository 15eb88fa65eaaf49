using System.Text;
using LacEdge.Interop.Peers;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>Hidden AVPs (RFC 2661 section 4.3) in tunnels with a secret, of subscribers who use PAP.</summary>
/// <param name="All">All that may be hidden; else name and password of PAP alone.</param>
internal sealed record HiddenAvps(bool All) : Feature(All ? "hide-all" : "hide-sensitive")
{
    private const int AssignedSession = 14, CallingNumber = 22, ProxyName = 30, ProxyResponse = 33;

    public override string TunnelProfile => All ? "hide-avps: all" : "hide-avps: sensitive";
    // l2tpns then logs the AVPs that it understood.
    public override string[] LnsConfiguration => ["set debug 4"];

    public override async Task JudgeAsync(Evidence evidence)
    {
        var messages = await evidence.SentControlMessagesAsync();
        if (messages.FirstOrDefault(each => each.Type == Message.Icrq) is not { } icrq
            || messages.FirstOrDefault(each => each.Type == Message.Iccn) is not { } iccn)
            throw new CheckFailedException("no call was connected");
        var secret = evidence.Row.TunnelSecret;
        ExpectHidden(iccn, ProxyName, Subscriber.First.User, secret);
        ExpectHidden(iccn, ProxyResponse, Subscriber.First.Password, secret);
        var others = messages.SelectMany(each => each.Avps).Where(avp => avp.Hidden && avp.Type is not (ProxyName or ProxyResponse)).ToList();
        if (!All)
        {
            Expect(others.Count == 0, $"AVP {others.FirstOrDefault()?.Type} is hidden, too");
            Expect(evidence.LnsLog.Contains($"({Legible(Subscriber.First.User)}", StringComparison.Ordinal), "the LNS did not read the name");
            return;
        }
        ExpectHidden(icrq, CallingNumber, evidence.Row.LineOf(Subscriber.First).Mac, secret);
        Expect(icrq.Find(0, AssignedSession)!.Hidden, "the session id is not hidden");
        // Without it there would have been no call, but it says so itself.
        var number = Legible(evidence.Row.LineOf(Subscriber.First).Mac);
        Expect(evidence.LnsLog.Contains(number, StringComparison.Ordinal), "the LNS did not read the calling number");

        // l2tpns makes the key of the second 16 octets out of clear text, not of cipher text, and reads noise from there on.
        string Legible(string value) => evidence.Row.Peer == PeerKind.L2tpns ? value[..14] : value;
    }

    private static void ExpectHidden(SentControlMessage message, int type, string value, string secret)
    {
        var avp = message.Find(0, type);
        Expect(avp is { Hidden: true }, $"AVP {type} of {message.Type} is not hidden");
        var clear = Encoding.UTF8.GetString(message.Unhide(avp!, secret));
        Expect(clear == value, $"AVP {type} of {message.Type} hides \"{clear}\"");
    }
}
