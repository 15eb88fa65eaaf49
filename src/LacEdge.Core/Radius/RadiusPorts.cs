using LacEdge.Wire.Ip;

namespace LacEdge.Core.Radius;

/// <summary>One transmission's place: a source port and an identifier, towards one server.</summary>
internal sealed class RadiusPort(int handle, RadiusServer server)
{
    private readonly RadiusTransmission?[] _byIdentifier = new RadiusTransmission?[256];
    private byte _next;

    public int Handle { get; } = handle;
    public RadiusServer Server { get; } = server;
    public bool IsOpen { get; set; }
    public int InUse { get; private set; }

    /// <summary>The identifier that was free for the longest time (RFC 5080 section 2.2.2); false when all 256 are taken.</summary>
    public bool TryTake(RadiusTransmission transmission, out byte identifier)
    {
        identifier = 0;
        if (InUse == 256) return false;
        while (_byIdentifier[_next] is not null) _next++;
        identifier = _next++;
        _byIdentifier[identifier] = transmission;
        InUse++;
        return true;
    }

    public RadiusTransmission? Find(byte identifier) => _byIdentifier[identifier];

    public void Release(byte identifier)
    {
        _byIdentifier[identifier] = null;
        InUse--;
    }
}

/// <summary>What was sent to one server for one question: sent again it is the same, octet by octet.</summary>
internal sealed class RadiusTransmission(RadiusExchange exchange, RadiusPort port, byte[] packet)
{
    public RadiusExchange Exchange { get; } = exchange;
    public RadiusPort Port { get; } = port;
    public byte[] Packet { get; } = packet;
    public byte Identifier => Packet[1];
    public ReadOnlySpan<byte> Authenticator => Packet.AsSpan(4, 16);
}

/// <summary>One server: whether it lives, what is on its way to it.</summary>
/// <param name="name">With its group's: "aaa/r1".</param>
internal sealed class RadiusServer(RadiusServerConfig config, string name)
{
    /// <summary>Transmissions in a row without any answer before a server counts as dead, and the least time that they take.</summary>
    private const int SilentTransmissions = 3;
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(3);

    private int _unanswered;
    private Instant _silentSince = Instant.Never;

    public RadiusServerConfig Config { get; } = config;
    public string Name { get; } = name;
    public List<RadiusPort> Ports { get; } = [];
    /// <summary>A reply with a valid Message-Authenticator has come: from now on none is taken without (policy auto).</summary>
    public bool SignsReplies { get; set; } = config.HasSigned;
    /// <summary>What operators have been told of it already.</summary>
    public bool ToldOfUnsigned { get; set; }
    public bool ToldOfSocket { get; set; }
    public Instant DeadUntil { get; private set; }
    public ulong Sent { get; private set; }
    public ulong Answered { get; private set; }
    public ulong Timeouts { get; private set; }

    public bool MustSign => Config.MessageAuthenticator switch
    {
        MessageAuthenticatorPolicy.Yes => true,
        MessageAuthenticatorPolicy.No => false,
        _ => SignsReplies,
    };

    public UdpEndpoint Endpoint(bool accounting) => new(Config.Address, accounting ? Config.AccountingPort : Config.AuthenticationPort);

    public bool IsDead(Instant now) => now < DeadUntil;

    public void TransmissionSent(Instant now)
    {
        Sent++;
        if (_unanswered++ == 0) _silentSince = now;
    }

    /// <summary>Whether it has just died: everything sent for a while went without an answer.</summary>
    public bool TransmissionTimedOut(TimeSpan deadTime, Instant now)
    {
        Timeouts++;
        if (IsDead(now) || _unanswered < SilentTransmissions || now - _silentSince < _silence) return false;
        DeadUntil = now + deadTime;
        return true;
    }

    /// <summary>A valid reply: it lives.</summary>
    public void Heard()
    {
        Answered++;
        (_unanswered, _silentSince, DeadUntil) = (0, Instant.Never, default);
    }
}
