using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>What ICRQ and ICCN say (RFC 2661 sections 4.4.5, 6.6 and 6.8).</summary>
internal static class CallMessages
{
    private const int VectorSize = 16;
    /// <summary>Hidden passwords are padded to a multiple of this: their length shows no closer.</summary>
    private const int PaddingUnit = 16;

    /// <summary>AVPs 0, 14, 15, 18, 22, 21, 23, 25. Vendors' AVPs only by the peer profile: an LNS that does not compare vendors takes
    /// them for others and closes the tunnel.</summary>
    public static ReadOnlySpan<byte> Icrq(L2tpShared shared, L2tpTunnel tunnel, ushort sessionId, uint serialNumber, CallRequest request)
    {
        var leftOut = tunnel.LeftOut(MessageType.Icrq);
        var icrq = new Icrq
        {
            AssignedSessionId = sessionId,
            CallSerialNumber = serialNumber,
            BearerType = Sends(AvpGroups.BearerType) ? Bearers.Digital : null,
            CallingNumber = Sends(AvpGroups.CallingNumber) ? Fitting(request.CallingNumber) : "",
            CalledNumber = Sends(AvpGroups.CalledNumber) ? Fitting(request.CalledNumber) : "",
            SubAddress = Sends(AvpGroups.SubAddress) ? Fitting(request.SubAddress) : "",
            PhysicalChannelId = Sends(AvpGroups.PhysicalChannel) ? request.PhysicalChannelId : 0,
            Sds = tunnel.AgreesOnDscp && Sends(AvpGroups.SessionDscp) && tunnel.Target.Profile.Dscp is { } dscp ? PhbId.Of(dscp) : null,
        };
        var writer = new AvpWriter(shared.Scratch, MessageType.Icrq, tunnel.PeerTunnelId, manner: tunnel.Manner);
        icrq.Write(ref writer);
        if (request.NasPort.Length > 0 && Sends(AvpGroups.NasPort))
            writer.Vendor(AvpTable.Cisco, AvpTable.CiscoNasPort, Encoding.UTF8.GetBytes(Fitting(request.NasPort)));
        if (request.Line is { } line && Sends(AvpGroups.AccessLine)) AccessLineMessages.Write(ref writer, line, tunnel.Target.Peer.AccessLine);
        return writer.Finish();

        bool Sends(AvpGroups group) => (leftOut & group) == 0;
    }

    public static ReadOnlySpan<byte> Iccn(L2tpShared shared, L2tpTunnel tunnel, ushort peerSessionId, CallConnect connect)
    {
        var (tx, rx) = (Clamp(connect.TxSpeed), Clamp(connect.RxSpeed));
        var leftOut = tunnel.LeftOut(MessageType.Iccn);
        var authentication = Sends(AvpGroups.ProxyAuthentication) ? connect.Authentication : ProxyAuthentication.Omitted;
        var lcp = Sends(AvpGroups.ProxyLcp) ? connect.ProxyLcp : default;
        // The end of the scratch space holds what is random, the rest the message.
        var buffer = shared.Scratch[..^(VectorSize + PaddingUnit)];
        var random = shared.Scratch[buffer.Length..];
        var (vector, padding) = (0, 0);
        if (MustHide(tunnel, authentication))
        {
            vector = VectorSize;
            padding = -(HiddenAvp.LengthSize + authentication.Response.Length) & PaddingUnit - 1;
            shared.Random[RandomPurpose.RandomVector].Fill(random[..(vector + padding)]);
        }

        var iccn = new Iccn
        {
            TxConnectSpeed = tx,
            RxConnectSpeed = rx == tx && !tunnel.Target.Peer.RxSpeedAlways || !Sends(AvpGroups.RxSpeed) ? null : rx,
            PrivateGroupId = Sends(AvpGroups.PrivateGroup) ? Fitting(connect.PrivateGroup) : "",
            SequencingRequired = tunnel.Target.Peer.SequencingRequired && Sends(AvpGroups.SequencingRequired),
            // Only what the LNS has advertised may be used.
            FramingType = tunnel.PeerFramings == Framings.Asynchronous ? Framings.Asynchronous : Framings.Synchronous,
            InitialReceivedLcpConfReq = Fitting(lcp.InitialReceived),
            LastSentLcpConfReq = Fitting(lcp.LastSent),
            LastReceivedLcpConfReq = Fitting(lcp.LastReceived),
            Authentication = new ProxyAuthenAvps
            {
                Type = (ProxyAuthenType?)authentication.Type,
                Identifier = authentication.Identifier,
                Name = authentication.Name.Span,
                Challenge = authentication.Challenge.Span,
                Response = authentication.Response.Span,
                Secret = tunnel.Secret.Span,
                RandomVector = random[..vector],
                ResponsePadding = random.Slice(vector, padding),
            },
        };
        return iccn.Write(buffer, tunnel.PeerTunnelId, peerSessionId, manner: tunnel.Manner);

        bool Sends(AvpGroups group) => (leftOut & group) == 0;
    }

    /// <summary>A clear password must not cross the network in the clear where the LNS surely holds the secret.</summary>
    private static bool MustHide(L2tpTunnel tunnel, ProxyAuthentication authentication) =>
        authentication.Type == (ushort)ProxyAuthenType.Pap && tunnel.Hiding != AvpHiding.None;

    private static uint Clamp(ulong speed) => (uint)Math.Min(speed, uint.MaxValue);

    /// <summary>An option list that no AVP can hold is left out: the LNS then negotiates itself.</summary>
    private static ReadOnlySpan<byte> Fitting(Bytes options) => options.Length <= Avp.MaxValueSize ? options.Span : default;

    /// <summary>At most 255 characters: longer than any number, and never too long for an AVP.</summary>
    private static string Fitting(string number) => number.Length <= 255 ? number : number[..255];
}
