using LacEdge.Interop.Peers;

namespace LacEdge.Interop.Cases;

internal enum Authentication { Pap, Chap }

internal static class AuthenticationWords
{
    extension(Authentication authentication)
    {
        /// <summary>As configurations and names have it.</summary>
        public string Word => authentication switch
        {
            Authentication.Pap => "pap",
            Authentication.Chap => "chap",
        };
    }
}

internal enum PeerKind { Xl2tpdKernel, Xl2tpdUser, L2tpns }

/// <summary>A row of the matrix: which LNS, how subscribers authenticate, whether the tunnel has a secret.</summary>
internal sealed record InteropCase(PeerKind Peer, Authentication Authentication, bool HasSecret)
{
    public static readonly InteropCase[] All =
    [
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true),
        new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: false),
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: true),
        new(PeerKind.Xl2tpdUser, Authentication.Pap, HasSecret: true),
        new(PeerKind.Xl2tpdUser, Authentication.Chap, HasSecret: false),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true),
        new(PeerKind.L2tpns, Authentication.Chap, HasSecret: false),
    ];

    public static string NameOf(PeerKind peer) => peer switch
    {
        PeerKind.Xl2tpdKernel => "xl2tpd-kernel",
        PeerKind.Xl2tpdUser => "xl2tpd-user",
        PeerKind.L2tpns => "l2tpns",
    };

    public string Name => $"{NameOf(Peer)}-{Authentication.Word}-{(HasSecret ? "secret" : "open")}";

    /// <summary>What no log may show.</summary>
    public IEnumerable<string> Secrets =>
        [Subscriber.WrongPassword, .. Subscriber.All.Select(each => each.Password), .. HasSecret ? [TunnelSecret] : Array.Empty<string>()];

    public string TunnelSecret => HasSecret ? "tunnel-secret-of-lns" : "";
}
