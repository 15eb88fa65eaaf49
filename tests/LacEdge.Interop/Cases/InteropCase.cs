namespace LacEdge.Interop.Cases;

internal enum Authentication { Pap, Chap }

internal enum PeerKind { Xl2tpdKernel, Xl2tpdUser, L2tpns }

/// <summary>A row of the matrix: which LNS, how subscribers authenticate, whether the tunnel has a secret.</summary>
internal sealed record InteropCase(PeerKind Peer, Authentication Authentication, bool HasSecret)
{
    public static readonly InteropCase[] All =
    [
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: false),
        new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: false),
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: false),
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: false),
    ];

    public string PeerName => Peer switch
    {
        PeerKind.Xl2tpdKernel => "xl2tpd-kernel",
        PeerKind.Xl2tpdUser => "xl2tpd-user",
        PeerKind.L2tpns => "l2tpns",
    };

    public string Name => $"{PeerName}-{(Authentication == Authentication.Pap ? "pap" : "chap")}-{(HasSecret ? "secret" : "open")}";

    /// <summary>Rows of one lane share their guests and run one after the other; lanes run side by side.</summary>
    public string Lane => Peer == PeerKind.L2tpns ? "l2tpns" : "xl2tpd";

    /// <summary>What no log may show.</summary>
    public IEnumerable<string> Secrets => [.. Peers.Subscriber.All.Select(each => each.Password), .. HasSecret ? [TunnelSecret] : Array.Empty<string>()];

    public string TunnelSecret => HasSecret ? "tunnel-secret-of-lns" : "";
}
