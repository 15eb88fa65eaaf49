using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Radius;

/// <summary>
/// Asks RADIUS servers (RFC 2865, RFC 2866): retransmission by RFC 5080, the next server of the group on silence, many
/// questions at once over several source ports, replies taken only when genuine. Every Access-Request carries a
/// Message-Authenticator, first (CVE-2024-3596).
/// </summary>
/// <remarks>A question sent again to the same server is the same packet; another server gets its own, and a late answer of the
/// first still counts. All of them end with the question.</remarks>
public sealed partial class RadiusClient
{
    /// <summary>Handles of our sockets are above everybody else's.</summary>
    public const int FirstHandle = 1 << 24;
    private const int MaxPortsPerServer = 32;
    private const byte UserNameType = 1, PasswordType = 2, NasIpAddressType = 4, NasIdentifierType = 32, ProxyStateType = 33, NasIpv6AddressType = 95;

    private readonly RandomStream _authenticators, _jitter;
    private readonly TimerQueue _timers;
    private readonly Outbox _outbox;
    private readonly LacCounters _counters;
    private readonly Func<ulong> _nextTimerOrder;
    private readonly Dictionary<string, RadiusGroup> _groups;
    private readonly Dictionary<int, RadiusPort> _ports = [];
    private readonly string _nasIdentifier;
    private readonly byte[] _buffer = new byte[RadiusPacket.MaxSize];
    private int _nextHandle = FirstHandle;

    /// <param name="nasIdentifier">In every question.</param>
    public RadiusClient(
        IEnumerable<RadiusGroupConfig> groups, string nasIdentifier, RandomStreams random, TimerQueue timers, Outbox outbox, LacCounters counters,
        Func<ulong> nextTimerOrder)
    {
        ArgumentNullException.ThrowIfNull(random);
        _nasIdentifier = nasIdentifier;
        (_authenticators, _jitter) = (random[RandomPurpose.RadiusAuthenticator], random[RandomPurpose.Jitter]);
        (_timers, _outbox, _counters, _nextTimerOrder) = (timers, outbox, counters, nextTimerOrder);
        _groups = groups.ToDictionary(group => group.Name, group => new RadiusGroup(group, random[RandomPurpose.RadiusServer]), StringComparer.Ordinal);
    }

    public static bool Owns(int socket) => socket >= FirstHandle;

    public RadiusGroupConfig Group(string name) => _groups[name].Config;

    /// <summary>Questions on their way to a group.</summary>
    public int Outstanding(string group) => _groups[group].Outstanding;

    /// <summary>Asks a group. Null when it has too much to do already; else the user is told the outcome exactly once.</summary>
    /// <param name="patience">Null: the group's.</param>
    public RadiusExchange? Ask(string group, RadiusQuestion question, IRadiusUser user, object owner, Instant now, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        var servers = _groups[group];
        if (servers.Outstanding >= servers.Config.MaxOutstanding)
        {
            _counters.Count(DropReason.Limit);
            return null;
        }

        servers.Outstanding++;
        var exchange = new RadiusExchange(servers, question, user, owner, _nextTimerOrder(), TimedOut)
        {
            GiveUpAt = now + (patience ?? servers.Config.Patience),
            RetransmitTime = Jittered(servers.Config.RetransmitTime, servers.Config.RetransmitTime),
        };
        Transmit(exchange, now);
        return exchange;
    }

    /// <summary>Nobody wants the answer any more.</summary>
    public void Withdraw(RadiusExchange exchange)
    {
        if (!exchange.IsOver) Finish(exchange);
    }

    /// <summary>The answer to OpenSocket. Without a socket what waits for it is sent again later, by another port.</summary>
    /// <param name="error">One sentence when it could not be opened.</param>
    public void HandleSocket(int handle, bool opened, string error, Instant now)
    {
        if (!_ports.TryGetValue(handle, out var port)) return;
        port.IsOpen = opened;
        if (opened)
        {
            for (var id = 0; id < 256; id++)
            {
                if (port.Find((byte)id) is { } waiting) Send(waiting);
            }
        }
        else
        {
            port.Server.Ports.Remove(port);
            _ports.Remove(handle);
            for (var id = 0; id < 256; id++)
            {
                if (port.Find((byte)id) is { } waiting) waiting.Exchange.Transmissions.Remove(waiting);
            }

            if (!port.Server.ToldOfSocket) Tell($"RADIUS server {port.Server.Name} cannot be asked: {error}", now);
        }

        port.Server.ToldOfSocket = !opened;
    }

    /// <summary>A datagram to one of our ports; whatever is not the genuine answer to a question that waits is dropped and counted.</summary>
    public void HandleDatagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!RadiusPacket.TryParse(datagram, out var packet, out var error))
        {
            _counters.Count(error);
            return;
        }

        var port = _ports.GetValueOrDefault(socket);
        if (port?.Find(packet.Identifier) is not { } transmission)
        {
            _counters.Count(DropReason.RadiusUnexpected);
            return;
        }

        var exchange = transmission.Exchange;
        var accounting = exchange.Question.Code == RadiusCode.AccountingRequest;
        if (source != port.Server.Endpoint(accounting))
        {
            _counters.Count(DropReason.RadiusNotServer);
            return;
        }

        if (OutcomeOf(packet.Code, exchange.Question.Code) is not { } outcome)
        {
            _counters.Count(DropReason.RadiusUnexpected);
            return;
        }

        // The packet alone: octets behind its length are padding.
        var whole = datagram[..(RadiusPacket.HeaderSize + packet.Attributes.Length)];
        if (!IsGenuine(transmission, whole, accounting, now)) return;
        if (port.Server.IsDead(now)) Tell($"RADIUS server {port.Server.Name} answers again", now);
        port.Server.Heard();
        Finish(exchange);
        exchange.User.Answered(exchange, outcome, new RadiusReply(packet, port.Server.Config, transmission.Authenticator), now);
    }

    private static RadiusOutcome? OutcomeOf(RadiusCode answer, RadiusCode question) => (answer, question) switch
    {
        (RadiusCode.AccessAccept, RadiusCode.AccessRequest) => RadiusOutcome.Accept,
        (RadiusCode.AccessReject, RadiusCode.AccessRequest) => RadiusOutcome.Reject,
        (RadiusCode.AccessChallenge, RadiusCode.AccessRequest) => RadiusOutcome.Challenge,
        (RadiusCode.AccountingResponse, RadiusCode.AccountingRequest) => RadiusOutcome.Acknowledged,
        (RadiusCode.AccessAccept or RadiusCode.AccountingResponse, RadiusCode.StatusServer) => RadiusOutcome.Acknowledged,
        _ => null,
    };

    private bool IsGenuine(RadiusTransmission transmission, ReadOnlySpan<byte> packet, bool accounting, Instant now)
    {
        var server = transmission.Port.Server;
        // Accounting is hashed in both directions: nothing can be forged into it.
        var error = RadiusSeal.CheckReply(packet, transmission.Authenticator, server.Config.Secret.Span, server.MustSign && !accounting);
        if (error == RadiusSealError.None && !accounting && HasProxyState(packet)) error = RadiusSealError.Malformed;
        switch (error)
        {
            case RadiusSealError.None:
                if (!accounting) NoteSignature(server, IsSigned(packet), now);
                return true;
            case RadiusSealError.Unsigned:
                transmission.Exchange.UnsignedReply = true;
                _counters.Count(DropReason.RadiusUnsigned);
                return false;
            case RadiusSealError.Malformed:
                _counters.Count(DecodeError.RadiusAttributeLength);
                return false;
            default:
                transmission.Exchange.ForgedReply = true;
                _counters.Count(DropReason.RadiusForged);
                return false;
        }
    }

    private static bool IsSigned(ReadOnlySpan<byte> packet) => Has(packet, RadiusAttribute.MessageAuthenticator);

    /// <summary>We send none, so none can come back but one that was put in on the way (CVE-2024-3596).</summary>
    private static bool HasProxyState(ReadOnlySpan<byte> packet) => Has(packet, ProxyStateType);

    private static bool Has(ReadOnlySpan<byte> packet, byte type)
    {
        var walk = new RadiusAttributeReader(packet[RadiusPacket.HeaderSize..]);
        while (walk.MoveNext())
            if (walk.Current.Type == type) return true;
        return false;
    }

    private void TimedOut(RadiusExchange exchange, Instant now)
    {
        var group = exchange.Group;
        if (exchange.Transmissions is [.., var last] && last.Port.Server.TransmissionTimedOut(group.Config.DeadTime, now))
            ServerDied(group, last.Port.Server, now);
        if (exchange.Sent > group.Config.Retransmissions || now >= exchange.GiveUpAt)
        {
            Finish(exchange);
            exchange.User.Answered(exchange, exchange.UnsignedReply ? RadiusOutcome.Unsigned : RadiusOutcome.Timeout, default, now);
            return;
        }

        // RFC 5080 section 2.2.1: about twice the last time, until the longest is reached.
        var next = Jittered(exchange.RetransmitTime * 2, exchange.RetransmitTime);
        exchange.RetransmitTime = next > group.Config.MaxRetransmitTime
            ? Jittered(group.Config.MaxRetransmitTime, group.Config.MaxRetransmitTime) : next;
        Transmit(exchange, now);
    }

    private void Transmit(RadiusExchange exchange, Instant now)
    {
        var server = exchange.Group.Next(exchange, now);
        exchange.Sent++;
        var wait = now + exchange.RetransmitTime;
        _timers.Set(exchange.Timer, wait < exchange.GiveUpAt ? wait : exchange.GiveUpAt);
        var transmission = exchange.Transmissions.Find(sent => sent.Port.Server == server);
        if (transmission is null)
        {
            if (MakeTransmission(exchange, server) is not { } made) return;
            transmission = made;
        }
        else
        {
            exchange.Transmissions.Remove(transmission);
        }

        // The one asked last stands at the end.
        exchange.Transmissions.Add(transmission);
        server.TransmissionSent(now);
        if (transmission.Port.IsOpen) Send(transmission);
    }

    private void Send(RadiusTransmission transmission)
    {
        var accounting = transmission.Exchange.Question.Code == RadiusCode.AccountingRequest;
        _outbox.Datagram(transmission.Port.Handle, transmission.Port.Server.Endpoint(accounting), transmission.Packet);
        _counters.Count(LacCounter.RadiusSent);
    }

    /// <summary>Null when all source ports are full: the next timeout tries again.</summary>
    private RadiusTransmission? MakeTransmission(RadiusExchange exchange, RadiusServer server)
    {
        var port = server.Ports.Find(one => one.InUse < 256) ?? OpenPort(server);
        if (port is null)
        {
            _counters.Count(DropReason.Limit);
            return null;
        }

        var packet = Encode(exchange.Question, server);
        var transmission = new RadiusTransmission(exchange, port, packet);
        port.TryTake(transmission, out var identifier);
        packet[1] = identifier;
        Seal(packet, exchange.Question.Code, server);
        return transmission;
    }

    private RadiusPort? OpenPort(RadiusServer server)
    {
        if (server.Ports.Count >= MaxPortsPerServer) return null;
        var port = new RadiusPort(_nextHandle++, server);
        _ports.Add(port.Handle, port);
        server.Ports.Add(port);
        var source = server.Config.SourceAddress;
        if (source.IsNone && server.Config.Address.IsIpv6) source = IpAddress.Parse("::");
        _outbox.OpenSocket(port.Handle, new UdpEndpoint(source, 0), UdpSocketOptions.ForQuestions);
        return port;
    }

    private byte[] Encode(RadiusQuestion question, RadiusServer server)
    {
        var writer = new RadiusWriter(_buffer);
        writer.Begin(question.Code, 0);
        var authenticator = _buffer.AsSpan(4, RadiusAuthentication.Size);
        // Its place is known and filled: the hidden password depends on it.
        if (question.Code is RadiusCode.AccessRequest or RadiusCode.StatusServer)
        {
            _authenticators.Fill(authenticator);
            RadiusSeal.Reserve(ref writer);
        }

        writer.Octets(UserNameType, question.UserName.Span);
        if (question.Password is { } password)
        {
            var hidden = writer.Attribute(PasswordType, RadiusAuthentication.HiddenPasswordSize(password.Span.Length));
            if (!hidden.IsEmpty) RadiusAuthentication.HidePassword(password.Span, server.Config.Secret.Span, authenticator, hidden);
        }

        if (_nasIdentifier.Length > 0) writer.Text(NasIdentifierType, _nasIdentifier);
        var source = server.Config.SourceAddress;
        if (!source.IsNone) writer.Address(source.IsIpv4 ? NasIpAddressType : NasIpv6AddressType, source);
        writer.Encoded(question.Attributes.Span);
        return writer.End().ToArray();
    }

    private static void Seal(byte[] packet, RadiusCode code, RadiusServer server)
    {
        var secret = server.Config.Secret.Span;
        if (code == RadiusCode.AccountingRequest) RadiusSeal.HashedRequest(packet, secret);
        else RadiusSeal.Request(packet, packet.AsSpan(4, RadiusAuthentication.Size).ToArray(), secret);
    }

    private void Finish(RadiusExchange exchange)
    {
        exchange.IsOver = true;
        exchange.Group.Outstanding--;
        _timers.Stop(exchange.Timer);
        foreach (var transmission in exchange.Transmissions) transmission.Port.Release(transmission.Identifier);
    }

    /// <summary>Up to a tenth of <paramref name="of"/> more or less.</summary>
    private TimeSpan Jittered(TimeSpan time, TimeSpan of) => time + of * ((_jitter.Next(2001) - 1000) / 10_000.0);
}
