using LacEdge.Core.Config;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Radius;

/// <summary>How a question ended.</summary>
public enum RadiusOutcome : byte
{
    Accept,
    Reject,
    /// <summary>Access-Challenge: nobody is here to answer it.</summary>
    Challenge,
    /// <summary>Accounting-Response.</summary>
    Acknowledged,
    Timeout,
    /// <summary>No server answered validly, but one answered without the Message-Authenticator that is required.</summary>
    Unsigned,
    /// <summary>Too many questions are on their way.</summary>
    Refused,
}

/// <summary>A question: its attributes, but for those that the client makes for each server (User-Password, NAS-IP-Address,
/// Message-Authenticator) and for all (NAS-Identifier).</summary>
public sealed record RadiusQuestion
{
    /// <summary>Access-Request or Accounting-Request; Status-Server is the client's own.</summary>
    public required RadiusCode Code { get; init; }
    /// <summary>Encoded attributes (RFC 2865 section 5), in order.</summary>
    public required LacEdge.Wire.Bytes Attributes { get; init; }
    /// <summary>Becomes User-Password, hidden with each server's secret; at most 128 octets, perhaps none. Null: no such attribute.</summary>
    public Secret? Password { get; init; }
    /// <summary>Written before <see cref="Attributes"/> and therefore kept apart from them: the user's or realm's name.</summary>
    public LacEdge.Wire.Bytes UserName { get; init; }
}

/// <summary>A valid reply; only while the user is being told of it.</summary>
public readonly ref struct RadiusReply(RadiusPacket packet, RadiusServerConfig server, ReadOnlySpan<byte> requestAuthenticator)
{
    private readonly ReadOnlySpan<byte> _requestAuthenticator = requestAuthenticator;

    public RadiusServerConfig Server { get; } = server;
    public ReadOnlySpan<byte> Attributes { get; } = packet.Attributes;

    /// <summary>A Tunnel-Password behind its tag.</summary>
    public bool TryReadTunnelPassword(ReadOnlySpan<byte> value, Span<byte> clear, out int size) =>
        RadiusAuthentication.TryReadTunnelPassword(value, Server.Secret.Span, _requestAuthenticator, clear, out size);
}

/// <summary>What the client tells its user.</summary>
public interface IRadiusUser
{
    /// <summary>Once for each question, unless it is withdrawn.</summary>
    /// <param name="reply">Without attributes where no server answered.</param>
    void Answered(RadiusExchange exchange, RadiusOutcome outcome, RadiusReply reply, Instant now);
}
