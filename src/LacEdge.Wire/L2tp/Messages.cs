namespace LacEdge.Wire.L2tp;

// Control messages to send, one value each: what RFC 2661 section 6 puts into them, in the order of its lists. Absent: null or empty.

/// <summary>Framing Capabilities and Framing Type bits (RFC 2661 section 4.4.3).</summary>
[Flags]
public enum Framings : uint { None = 0, Synchronous = 1, Asynchronous = 2 }

/// <summary>Bearer Capabilities and Bearer Type bits (RFC 2661 section 4.4.3). None is valid in ICRQ: no physical bearer.</summary>
[Flags]
public enum Bearers : uint { None = 0, Digital = 1, Analog = 2 }

/// <summary>Proxy Authen Type (RFC 2661 section 4.4.5).</summary>
public enum ProxyAuthenType : ushort { Textual = 1, Chap = 2, Pap = 3, None = 4, MsChapV1 = 5, Eap = 7 }

/// <summary>What SCCRQ and SCCRP share (RFC 2661 sections 6.1 and 6.2).</summary>
public readonly ref struct StartControlConnection
{
    public required string HostName { get; init; }
    public required ushort AssignedTunnelId { get; init; }
    public Framings FramingCapabilities { get; init; }
    public Bearers? BearerCapabilities { get; init; }
    /// <summary>8 octets, SCCRQ only; empty: none.</summary>
    public ReadOnlySpan<byte> TieBreaker { get; init; }
    public ushort? ReceiveWindowSize { get; init; }
    public ReadOnlySpan<byte> Challenge { get; init; }
    /// <summary>SCCRP only.</summary>
    public ReadOnlySpan<byte> ChallengeResponse { get; init; }
    public ushort? FirmwareRevision { get; init; }
    public string VendorName { get; init; }
    /// <summary>DSCP for control messages, as <see cref="PhbId"/> (RFC 3308).</summary>
    public ushort? Ccds { get; init; }
    /// <summary>Our control channel takes part in failover (RFC 4951) but never recovers itself.</summary>
    public bool SurvivesFailover { get; init; }

    /// <summary>The first message of a tunnel: tunnel id, Ns and Nr are 0.</summary>
    public ReadOnlySpan<byte> WriteSccrq(Span<byte> buffer) => Write(new AvpWriter(buffer, MessageType.Sccrq, 0));

    public ReadOnlySpan<byte> WriteSccrp(Span<byte> buffer, ushort tunnelId, ushort ns = 0, ushort nr = 0) =>
        Write(new AvpWriter(buffer, MessageType.Sccrp, tunnelId, 0, ns, nr));

    private ReadOnlySpan<byte> Write(AvpWriter writer)
    {
        writer.UInt16(AvpType.ProtocolVersion, 0x0100);
        writer.UInt32(AvpType.FramingCapabilities, (uint)FramingCapabilities);
        if (BearerCapabilities is { } bearers) writer.UInt32(AvpType.BearerCapabilities, (uint)bearers);
        if (!TieBreaker.IsEmpty) writer.Octets(AvpType.TieBreaker, TieBreaker);
        writer.Text(AvpType.HostName, HostName);
        writer.UInt16(AvpType.AssignedTunnelId, AssignedTunnelId);
        if (ReceiveWindowSize is { } window) writer.UInt16(AvpType.ReceiveWindowSize, window);
        if (!Challenge.IsEmpty) writer.Octets(AvpType.Challenge, Challenge);
        if (!ChallengeResponse.IsEmpty) writer.Octets(AvpType.ChallengeResponse, ChallengeResponse);
        if (FirmwareRevision is { } revision) writer.UInt16(AvpType.FirmwareRevision, revision);
        if (!string.IsNullOrEmpty(VendorName)) writer.Text(AvpType.VendorName, VendorName);
        if (Ccds is { } behaviour) writer.UInt16(AvpType.Ccds, behaviour);
        if (SurvivesFailover) writer.Octets(AvpType.FailoverCapability, [0, 1, 0, 0, 0, 0]);
        return writer.Finish();
    }
}

/// <summary>Incoming-Call-Request (RFC 2661 section 6.6).</summary>
public readonly ref struct Icrq
{
    public required ushort AssignedSessionId { get; init; }
    public required uint CallSerialNumber { get; init; }
    public Bearers? BearerType { get; init; }
    public string CallingNumber { get; init; }
    public string CalledNumber { get; init; }
    public string SubAddress { get; init; }
    public uint PhysicalChannelId { get; init; }
    /// <summary>DSCP for data messages, as <see cref="PhbId"/> (RFC 3308).</summary>
    public ushort? Sds { get; init; }

    /// <summary>More AVPs may follow before <see cref="AvpWriter.Finish"/>.</summary>
    public void Write(ref AvpWriter writer)
    {
        writer.UInt16(AvpType.AssignedSessionId, AssignedSessionId);
        writer.UInt32(AvpType.CallSerialNumber, CallSerialNumber);
        if (BearerType is { } bearer) writer.UInt32(AvpType.BearerType, (uint)bearer);
        if (!string.IsNullOrEmpty(CallingNumber)) writer.Text(AvpType.CallingNumber, CallingNumber);
        if (!string.IsNullOrEmpty(CalledNumber)) writer.Text(AvpType.CalledNumber, CalledNumber);
        if (!string.IsNullOrEmpty(SubAddress)) writer.Text(AvpType.SubAddress, SubAddress);
        if (PhysicalChannelId != 0) writer.UInt32(AvpType.PhysicalChannelId, PhysicalChannelId);
        if (Sds is { } behaviour) writer.UInt16(AvpType.Sds, behaviour);
    }

    public ReadOnlySpan<byte> Write(Span<byte> buffer, ushort tunnelId, ushort ns = 0, ushort nr = 0)
    {
        var writer = new AvpWriter(buffer, MessageType.Icrq, tunnelId, 0, ns, nr);
        Write(ref writer);
        return writer.Finish();
    }
}

/// <summary>AVPs 29 to 33 (RFC 2661 section 4.4.5).</summary>
public readonly ref struct ProxyAuthenAvps
{
    /// <summary>Null: no proxy authentication at all.</summary>
    public ProxyAuthenType? Type { get; init; }
    /// <summary>The PPP identifier.</summary>
    public byte Identifier { get; init; }
    public ReadOnlySpan<byte> Name { get; init; }
    public ReadOnlySpan<byte> Challenge { get; init; }
    public ReadOnlySpan<byte> Response { get; init; }
    /// <summary>With a vector: name and response are hidden with this secret.</summary>
    public ReadOnlySpan<byte> Secret { get; init; }
    public ReadOnlySpan<byte> RandomVector { get; init; }
    /// <summary>Conceals the length of the hidden response.</summary>
    public ReadOnlySpan<byte> ResponsePadding { get; init; }

    internal void Write(ref AvpWriter writer)
    {
        if (Type is not { } type) return;
        writer.UInt16(AvpType.ProxyAuthenType, (ushort)type);
        // Without authentication there is nothing but the type.
        if (type == ProxyAuthenType.None) return;

        var hide = !RandomVector.IsEmpty;
        if (hide)
        {
            writer.RandomVector(RandomVector);
            writer.Hidden(AvpType.ProxyAuthenName, Name, Secret);
        }
        else writer.Octets(AvpType.ProxyAuthenName, Name);
        if (!Challenge.IsEmpty) writer.Octets(AvpType.ProxyAuthenChallenge, Challenge);
        writer.UInt16(AvpType.ProxyAuthenId, Identifier);
        if (hide) writer.Hidden(AvpType.ProxyAuthenResponse, Response, Secret, ResponsePadding);
        else writer.Octets(AvpType.ProxyAuthenResponse, Response);
    }
}

/// <summary>Incoming-Call-Connected (RFC 2661 section 6.8). Speeds in bit/s.</summary>
public readonly ref struct Iccn
{
    public required uint TxConnectSpeed { get; init; }
    public required Framings FramingType { get; init; }
    /// <summary>Only when it differs from <see cref="TxConnectSpeed"/>.</summary>
    public uint? RxConnectSpeed { get; init; }
    public ReadOnlySpan<byte> InitialReceivedLcpConfReq { get; init; }
    public ReadOnlySpan<byte> LastSentLcpConfReq { get; init; }
    public ReadOnlySpan<byte> LastReceivedLcpConfReq { get; init; }
    public ProxyAuthenAvps Authentication { get; init; }
    public string PrivateGroupId { get; init; }
    public bool SequencingRequired { get; init; }

    public ReadOnlySpan<byte> Write(
        Span<byte> buffer, ushort tunnelId, ushort sessionId, ushort ns = 0, ushort nr = 0, AvpManner manner = default)
    {
        var writer = new AvpWriter(buffer, MessageType.Iccn, tunnelId, sessionId, ns, nr, manner);
        writer.UInt32(AvpType.TxConnectSpeed, TxConnectSpeed);
        writer.UInt32(AvpType.FramingType, (uint)FramingType);
        if (RxConnectSpeed is { } rx) writer.UInt32(AvpType.RxConnectSpeed, rx);
        if (!InitialReceivedLcpConfReq.IsEmpty) writer.Octets(AvpType.InitialReceivedLcpConfReq, InitialReceivedLcpConfReq);
        if (!LastSentLcpConfReq.IsEmpty) writer.Octets(AvpType.LastSentLcpConfReq, LastSentLcpConfReq);
        if (!LastReceivedLcpConfReq.IsEmpty) writer.Octets(AvpType.LastReceivedLcpConfReq, LastReceivedLcpConfReq);
        Authentication.Write(ref writer);
        if (!string.IsNullOrEmpty(PrivateGroupId)) writer.Text(AvpType.PrivateGroupId, PrivateGroupId);
        if (SequencingRequired) writer.Empty(AvpType.SequencingRequired);
        return writer.Finish();
    }
}

/// <summary>The short messages. Each gives the whole datagram.</summary>
public static class Messages
{
    /// <param name="response">To the peer's challenge; empty if there was none.</param>
    public static ReadOnlySpan<byte> Scccn(
        Span<byte> buffer, ushort tunnelId, scoped ReadOnlySpan<byte> response, ushort ns = 0, ushort nr = 0, AvpManner manner = default)
    {
        var writer = new AvpWriter(buffer, MessageType.Scccn, tunnelId, 0, ns, nr, manner);
        if (!response.IsEmpty) writer.Octets(AvpType.ChallengeResponse, response);
        return writer.Finish();
    }

    /// <param name="tunnelId">0 while the peer's id is unknown.</param>
    /// <param name="assignedTunnelId">Our own id.</param>
    public static ReadOnlySpan<byte> StopCcn(
        Span<byte> buffer, ushort tunnelId, ushort assignedTunnelId, in ResultCode result, ushort ns = 0, ushort nr = 0,
        AvpManner manner = default)
    {
        var writer = new AvpWriter(buffer, MessageType.StopCcn, tunnelId, 0, ns, nr, manner);
        writer.UInt16(AvpType.AssignedTunnelId, assignedTunnelId);
        writer.ResultCode(result);
        return writer.Finish();
    }

    public static ReadOnlySpan<byte> Hello(Span<byte> buffer, ushort tunnelId, ushort ns = 0, ushort nr = 0) =>
        new AvpWriter(buffer, MessageType.Hello, tunnelId, 0, ns, nr).Finish();

    /// <param name="states">Our id (0: not ours) and the peer's id of each session.</param>
    public static ReadOnlySpan<byte> Fsr(Span<byte> buffer, ushort tunnelId, ReadOnlySpan<(uint Ours, uint Theirs)> states, AvpManner manner = default)
    {
        var writer = new AvpWriter(buffer, MessageType.Fsr, tunnelId, manner: manner);
        foreach (var (ours, theirs) in states) writer.Numbers(AvpType.FailoverSessionState, [ours, theirs]);
        return writer.Finish();
    }

    public static ReadOnlySpan<byte> Icrp(
        Span<byte> buffer, ushort tunnelId, ushort sessionId, ushort assignedSessionId, ushort ns = 0, ushort nr = 0)
    {
        var writer = new AvpWriter(buffer, MessageType.Icrp, tunnelId, sessionId, ns, nr);
        writer.UInt16(AvpType.AssignedSessionId, assignedSessionId);
        return writer.Finish();
    }

    /// <param name="sessionId">0 while the peer's id is unknown.</param>
    /// <param name="assignedSessionId">Our own id.</param>
    public static ReadOnlySpan<byte> Cdn(
        Span<byte> buffer, ushort tunnelId, ushort sessionId, ushort assignedSessionId, in ResultCode result,
        DisconnectCause? cause = null, ushort ns = 0, ushort nr = 0, AvpManner manner = default)
    {
        var writer = new AvpWriter(buffer, MessageType.Cdn, tunnelId, sessionId, ns, nr, manner);
        writer.ResultCode(result);
        writer.UInt16(AvpType.AssignedSessionId, assignedSessionId);
        if (cause is { } disconnect) writer.DisconnectCause(disconnect);
        return writer.Finish();
    }

    /// <param name="errors">CRC, framing, hardware overruns, buffer overruns, time-outs, alignment: six counts.</param>
    public static ReadOnlySpan<byte> Wen(
        Span<byte> buffer, ushort tunnelId, ushort sessionId, scoped ReadOnlySpan<uint> errors, ushort ns = 0, ushort nr = 0)
    {
        var writer = new AvpWriter(buffer, MessageType.Wen, tunnelId, sessionId, ns, nr);
        writer.Numbers(AvpType.CallErrors, errors);
        return writer.Finish();
    }

    public static ReadOnlySpan<byte> Sli(
        Span<byte> buffer, ushort tunnelId, ushort sessionId, uint sendAccm, uint receiveAccm, ushort ns = 0, ushort nr = 0)
    {
        var writer = new AvpWriter(buffer, MessageType.Sli, tunnelId, sessionId, ns, nr);
        writer.Numbers(AvpType.Accm, [sendAccm, receiveAccm]);
        return writer.Finish();
    }
}
