using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;

namespace LacEdge.Core.L2tp;

/// <summary>Why a tunnel is refused: what StopCCN says, and the cause that we keep.</summary>
internal readonly record struct TunnelRefusal(ResultCode Result, EndCause Cause)
{
    public static TunnelRefusal Plain(string text, EndCause cause) => new(new ResultCode(StopCcnResult.GeneralClear, text: text), cause);

    public static TunnelRefusal ProtocolError(in ControlMessage message) => new(
        new ResultCode(StopCcnResult.GeneralError, message.Problem.ErrorCode, message.Problem.ToString()), EndCause.TunnelProtocolError);

    public static TunnelRefusal StateError(MessageType type, TunnelState state) => new(
        new ResultCode(StopCcnResult.StateMachineError, L2tpErrorCode.None, $"{MessageTable.NameOf(type)} in state {state}"),
        EndCause.TunnelProtocolError);
}

/// <summary>The judgement of SCCRP: version and authentication (RFC 2661 sections 4.4.3, 5.1.1 and 7.2.1).</summary>
internal static class TunnelSetup
{
    public const ushort ProtocolVersion = 0x0100;
    private const ushort FirmwareRevision = 0x0100;
    /// <summary>Of a peer that does not tell its own (RFC 2661 section 4.4.3).</summary>
    public const ushort DefaultWindow = 4;

    /// <summary>What an LNS hears whose SCCRP comes after the tunnel was given up.</summary>
    public static ResultCode TooLate { get; } = new(StopCcnResult.GeneralClear, text: "too late");

    public static ReadOnlySpan<byte> Sccrq(
        TunnelProfile profile, ushort localTunnelId, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> tieBreaker, AvpGroups leftOut,
        bool failover, Span<byte> buffer)
    {
        var sccrq = new StartControlConnection
        {
            HostName = profile.HostName,
            AssignedTunnelId = localTunnelId,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            TieBreaker = Sends(AvpGroups.TieBreaker) ? tieBreaker : default,
            ReceiveWindowSize = Sends(AvpGroups.ReceiveWindow) ? profile.ReceiveWindow : null,
            Challenge = challenge,
            FirmwareRevision = Sends(AvpGroups.FirmwareRevision) ? FirmwareRevision : null,
            VendorName = Sends(AvpGroups.VendorName) ? profile.VendorName : "",
            Ccds = Sends(AvpGroups.ControlDscp) && profile.NegotiateDscp ? PhbId.Of(profile.ControlDscp) : null,
            SurvivesFailover = failover,
        };
        return sccrq.WriteSccrq(buffer);

        bool Sends(AvpGroups group) => (leftOut & group) == 0;
    }

    /// <param name="challenge">Ours; empty when there is no secret.</param>
    /// <returns>Null: acceptable.</returns>
    public static TunnelRefusal? Judge(in ControlMessage sccrp, Secret secret, ReadOnlySpan<byte> challenge, TunnelProfile profile)
    {
        if (!sccrp.Problem.IsNone) return TunnelRefusal.ProtocolError(sccrp);
        if (sccrp.ProtocolVersion >> 8 != ProtocolVersion >> 8)
        {
            // The error code of this result is the highest version that we support.
            var result = new ResultCode((ushort)StopCcnResult.VersionNotSupported, ProtocolVersion, "L2TP version not supported");
            return new TunnelRefusal(result, EndCause.TunnelProtocolError);
        }

        if (!secret.IsSet && !sccrp.Challenge.IsEmpty) return NotAuthorized("no tunnel secret here", EndCause.TunnelSecretMissing);
        var refusal = secret.IsSet ? JudgeAuthentication(sccrp, secret, challenge) : null;
        return refusal ?? JudgeHostName(sccrp.HostName, profile.PeerHostName) ?? JudgeDscp(sccrp.Ccds, profile);
    }

    /// <summary>Which of the profile's secrets the sender of this SCCRP holds: the one that its answer to our challenge proves. The
    /// first one until a message proves the old one.</summary>
    public static Secret SecretOf(in L2tpHeader message, TunnelProfile profile, ReadOnlySpan<byte> challenge)
    {
        var old = profile.OldSecret;
        return old.IsSet && !message.IsZlb && ProvesPeer(ControlMessageParser.Parse(message, old.Span), old, challenge) ? old : profile.Secret;
    }

    /// <summary>Whether the message is SCCRP with the right answer to our challenge: then its sender is the LNS, wherever it
    /// stands.</summary>
    public static bool ProvesPeer(in ControlMessage message, Secret secret, ReadOnlySpan<byte> challenge) =>
        message.Type == MessageType.Sccrp && secret.IsSet
        && TunnelAuthentication.Verify(MessageType.Sccrp, secret.Span, challenge, message.ChallengeResponse);

    private static TunnelRefusal? JudgeAuthentication(in ControlMessage sccrp, Secret secret, ReadOnlySpan<byte> challenge)
    {
        if (!sccrp.Has(AvpType.ChallengeResponse)) return NotAuthorized("challenge response missing", EndCause.TunnelSecretWrong);
        if (!ProvesPeer(sccrp, secret, challenge)) return NotAuthorized("challenge response wrong", EndCause.TunnelSecretWrong);
        // Whoever sends our own challenge back wants us to compute the answer for him.
        return sccrp.Challenge.SequenceEqual(challenge) ? NotAuthorized("challenge reflected", EndCause.TunnelSecretWrong) : null;
    }

    private static TunnelRefusal? JudgeHostName(ReadOnlySpan<byte> shown, string expected) =>
        expected.Length == 0 || Encoding.UTF8.GetBytes(expected).AsSpan().SequenceEqual(shown)
            ? null
            : NotAuthorized($"host name '{PrintableText.From(shown)}' is not the expected one", EndCause.TunnelHostNameWrong);

    /// <summary>RFC 3308 section 3: another value is a counter-offer. Control messages have one DSCP for all tunnels: it is not taken.</summary>
    private static TunnelRefusal? JudgeDscp(ushort? ccds, TunnelProfile profile)
    {
        if (!profile.NegotiateDscp || ccds is not { } offered || offered == PhbId.Of(profile.ControlDscp)) return null;
        var wish = PhbId.TryGetDscp(offered, out var dscp) ? $"DSCP {dscp}" : $"behaviour {offered:x4}";
        var text = $"the LNS wants {wish} for control messages, l2tp.control-dscp is {profile.ControlDscp}";
        return new TunnelRefusal(new ResultCode(StopCcnResult.CcdsMismatch, text: text), EndCause.TunnelProtocolError);
    }

    private static TunnelRefusal NotAuthorized(string text, EndCause cause) =>
        new(new ResultCode(StopCcnResult.NotAuthorized, L2tpErrorCode.None, text), cause);
}
