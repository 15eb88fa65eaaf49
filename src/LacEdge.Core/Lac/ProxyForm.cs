using LacEdge.Core.Config;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Lac;

/// <summary>What the subscriber presented, in the form that RFC 2661 section 4.4.5 and the peer profile of the LNS have for it.</summary>
internal static class ProxyForm
{
    /// <param name="user">Null where the subscriber was asked for nothing.</param>
    public static ProxyAuthentication Of(Credentials credentials, UserName? user, PeerProfile peer) => credentials.Protocol switch
    {
        AuthenticationProtocol.Pap => As(ProxyAuthenType.Pap, credentials, user),
        AuthenticationProtocol.ChapMd5 => As(ProxyAuthenType.Chap, credentials, user),
        AuthenticationProtocol.MsChapV1 => As(ProxyAuthenType.MsChapV1, credentials, user),
        AuthenticationProtocol.MsChapV2 => peer.ProxyMsChapV2 switch
        {
            ProxyMsChapV2.Omit => ProxyAuthentication.Omitted,
            ProxyMsChapV2.None => Nothing,
        },
        AuthenticationProtocol.Eap => peer.ProxyEap switch
        {
            ProxyEap.Omit => ProxyAuthentication.Omitted,
            ProxyEap.Type7 => As(ProxyAuthenType.Eap, credentials with { Response = IdentityResponse(credentials) }, user),
        },
        AuthenticationProtocol.None => Nothing,
    };

    /// <summary>Type 4 has no other AVPs.</summary>
    private static ProxyAuthentication Nothing { get; } = new((ushort)ProxyAuthenType.None, 0, default, default, default);

    private static ProxyAuthentication As(ProxyAuthenType type, Credentials credentials, UserName? user) =>
        new((ushort)type, credentials.Identifier, user?.ToLns() ?? default, credentials.Challenge, credentials.Response);

    /// <summary>The EAP packet as the subscriber sent it, padding cut off.</summary>
    private static Bytes IdentityResponse(Credentials credentials)
    {
        var packet = new byte[PppControlPacket.HeaderSize + 1 + credentials.Name.Length];
        var writer = new WireWriter(packet);
        writer.WriteByte((byte)EapCode.Response);
        writer.WriteByte(credentials.Identifier);
        writer.WriteUInt16((ushort)packet.Length);
        writer.WriteByte((byte)EapType.Identity);
        writer.WriteBytes(credentials.Name.Span);
        return Bytes.Wrap(packet);
    }
}
