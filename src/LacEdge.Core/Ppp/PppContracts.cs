using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;

namespace LacEdge.Core.Ppp;

/// <summary>What the subscriber presented, as it goes into AVPs 29 to 33. Dropped at hand-over.</summary>
/// <param name="Protocol">None: the name is empty, and so is all the rest.</param>
/// <param name="Identifier">PPP identifier of the PAP request, or of our Challenge or Identity Request.</param>
/// <param name="Name">The name exactly as sent: hostile octets.</param>
/// <param name="Challenge">CHAP: the value that we sent; else empty.</param>
/// <param name="Response">PAP: the clear password; CHAP: the response value; else empty.</param>
public sealed record Credentials(AuthenticationProtocol Protocol, byte Identifier, Bytes Name, Bytes Challenge, Bytes Response)
{
    /// <summary>Of a subscriber that was asked for nothing.</summary>
    public static Credentials Nameless { get; } = new(AuthenticationProtocol.None, 0, default, default, default);

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{Protocol} id {Identifier} ({Name.Length} octets of name)";
}

/// <summary>The option lists of the Configure-Requests that matter to the LNS (RFC 2661 section 4.4.5): options only.</summary>
/// <param name="InitialReceived">AVP 26: the first that the subscriber sent.</param>
/// <param name="LastSent">AVP 27: the last that we sent and the subscriber acknowledged.</param>
/// <param name="LastReceived">AVP 28: the last that the subscriber sent and we acknowledged.</param>
public readonly record struct ProxyLcp(Bytes InitialReceived, Bytes LastSent, Bytes LastReceived);

/// <summary>What the PPP link tells its user.</summary>
public interface IPppLinkUser
{
    /// <summary>Send this PPP frame (protocol field first, no FF 03) to the subscriber.</summary>
    void SendPpp(PppLink link, ReadOnlySpan<byte> ppp, Instant now);

    /// <summary>LCP is open and the subscriber has presented credentials (<see cref="PppLink.Credentials"/>), or was asked for none; or
    /// has presented others before the hand-over. Repeats of the same are absorbed by the link.</summary>
    void CredentialsReceived(PppLink link, Instant now);

    /// <summary>LCP is not open any more after credentials were presented: they are void. Either the subscriber restarted LCP and
    /// negotiation runs anew, or the link is on its way to <see cref="LinkEnded"/>.</summary>
    /// <param name="cause">Why it ends; <see cref="EndCause.SubscriberTerminate"/> when the subscriber brought it down.</param>
    void LinkDown(PppLink link, EndCause cause, Instant now);

    /// <summary>The link is down for good, all Terminate packets sent: what remains is PADT. Called once, also after
    /// <see cref="PppLink.Terminate"/>.</summary>
    void LinkEnded(PppLink link, EndCause cause, string detail, Instant now);
}
