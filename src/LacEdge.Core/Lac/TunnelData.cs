using LacEdge.Core.Config;
using LacEdge.Core.Forwarding;
using LacEdge.Core.L2tp;

namespace LacEdge.Core.Lac;

/// <summary>What tunnel profile and peer profile say of a tunnel's data messages, as the data plane wants to know it.</summary>
internal static class TunnelData
{
    /// <summary>UDP header, and flags, tunnel id, session id.</summary>
    private const int UdpHeader = 8, L2tpHeader = 6;
    private const int SequenceNumbers = 4, AddressAndControl = 2, PppProtocol = 2;
    private const int Ipv4Header = 20, Ipv6Header = 40, TcpHeader = 20;

    public static DataPolicy PolicyOf(TunnelTarget target)
    {
        var (profile, peer) = (target.Profile, target.Peer);
        var clamp = profile.Oversize == OversizePolicy.ClampMss;
        var inner = profile.PathMtu - (target.Lns.Address.IsIpv6 ? Ipv6Header : Ipv4Header) - UdpHeader - L2tpHeader - PppProtocol
            - (peer.AddressAndControl ? AddressAndControl : 0)
            // The LNS may switch them on at any time.
            - SequenceNumbers;
        return new DataPolicy
        {
            AddressAndControl = peer.AddressAndControl,
            AlwaysSequenced = peer.SequencingRequired,
            ReorderWindow = profile.ReorderWindow,
            ReorderTime = profile.ReorderTime,
            Dscp = profile.Dscp,
            // With "don't fragment" the interface and routers tell what is too long.
            PathMtu = profile.Oversize == OversizePolicy.Drop ? (ushort)0 : profile.PathMtu,
            MaxMssIpv4 = clamp ? (ushort)(inner - Ipv4Header - TcpHeader) : (ushort)0,
            MaxMssIpv6 = clamp ? (ushort)(inner - Ipv6Header - TcpHeader) : (ushort)0,
        };
    }
}
