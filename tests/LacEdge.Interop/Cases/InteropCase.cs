using LacEdge.Interop.Cases.Features;
using LacEdge.Interop.Host;
using LacEdge.Interop.Peers;

namespace LacEdge.Interop.Cases;

internal enum Authentication { Pap, Chap, MsChapV2, Eap }

internal static class AuthenticationWords
{
    extension(Authentication authentication)
    {
        /// <summary>As configurations and names have it.</summary>
        public string Word => authentication switch
        {
            Authentication.Pap => "pap",
            Authentication.Chap => "chap",
            Authentication.MsChapV2 => "ms-chap-v2",
            Authentication.Eap => "eap",
        };
    }
}

internal enum PeerKind { Xl2tpdKernel, Xl2tpdUser, L2tpns }

/// <summary>A row of the matrix: which LNS, how subscribers authenticate, whether the tunnel has a secret, what their lines are.</summary>
internal sealed record InteropCase(PeerKind Peer, Authentication Authentication, bool HasSecret)
{
    public static readonly InteropCase[] All =
    [
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: false),
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true) { Lines = AccessLines.Vlans },
        new(PeerKind.Xl2tpdKernel, Authentication.MsChapV2, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true) { Feature = new Sequencing("sequencing", Required: false, LnsNumbers: true) },
        new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true) { Feature = new Sequencing("sequencing-required", Required: true, LnsNumbers: false) },
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true) { Feature = new NarrowCore(ClampsMss: false), Lines = AccessLines.LargeMru },
        // xl2tpd draws session ids without a look whether they are taken: with 64 calls one run in thirty fails for that.
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true) { Feature = new Fleet(16) },
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: true),
        new(PeerKind.Xl2tpdUser, Authentication.Pap, HasSecret: true),
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: false),
        new(PeerKind.Xl2tpdUser, Authentication.Pap, HasSecret: true) { Lines = AccessLines.EqualIds },
        new(PeerKind.Xl2tpdUser, Authentication.Eap, HasSecret: true),
        new(PeerKind.Xl2tpdUser, Authentication.Pap, HasSecret: true) { Feature = new NarrowCore(ClampsMss: true), Lines = AccessLines.LargeMru },
        new(PeerKind.Xl2tpdUser, Authentication.Pap, HasSecret: true) { Feature = new HiddenAvps(All: true) },
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: true) { Feature = new LineInformation(HasRemoteId: false), Lines = AccessLines.AccessNode },
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: false),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true) { IsTransparent = true },
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true) { Feature = new HiddenAvps(All: false) },
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true) { Feature = new HiddenAvps(All: true) },
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true) { Feature = new LineInformation(HasRemoteId: true), Lines = AccessLines.AccessNode },
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true) { Feature = new Fleet(64) },
    ];

    /// <summary>The LNS speaks PPP from the first frame on: LacEdge terminates none of it (<c>partial-termination: never</c>).</summary>
    public bool IsTransparent { get; init; }

    /// <summary>A row for this alone leaves out what others show; null: a row of every check.</summary>
    public Feature? Feature { get; init; }

    public int CoreMtu => Feature?.CoreMtu ?? LabNetwork.Mtu;

    public AccessLines Lines { get; init; } = AccessLines.Untagged;

    public static string NameOf(PeerKind peer) => peer switch
    {
        PeerKind.Xl2tpdKernel => "xl2tpd-kernel",
        PeerKind.Xl2tpdUser => "xl2tpd-user",
        PeerKind.L2tpns => "l2tpns",
    };

    public string Name =>
        $"{NameOf(Peer)}-{Authentication.Word}-"
        + (IsTransparent ? "transparent" : Feature is { } feature ? feature.Name : Lines.Name.Length > 0 ? Lines.Name : HasSecret ? "secret" : "open");

    /// <summary>The LNS is told how the subscriber authenticated.</summary>
    public bool HasProxyAuthentication => !IsTransparent && Authentication is Authentication.Pap or Authentication.Chap;

    /// <summary>A LAC that challenges every LNS and knows neither VLANs nor the newer authentications can be in the middle, too.</summary>
    public bool SuitsReference => HasSecret && HasProxyAuthentication && Feature is null && Lines == AccessLines.Untagged;

    /// <summary>What no log may show.</summary>
    public IEnumerable<string> Secrets =>
        [Subscriber.WrongPassword, .. Subscriber.Accounts.Select(each => each.Password), .. HasSecret ? [TunnelSecret] : Array.Empty<string>()];

    public string TunnelSecret => HasSecret ? "tunnel-secret-of-lns" : "";

    /// <summary>What LacEdge asks subscribers for: one that takes PAP alone is asked for CHAP first.</summary>
    public Authentication[] Offered => Authentication == Authentication.Pap ? [Authentication.Chap, Authentication.Pap] : [Authentication];

    public AccessLine LineOf(Subscriber subscriber) => subscriber == Subscriber.First ? Lines.First : Lines.Second;
}
