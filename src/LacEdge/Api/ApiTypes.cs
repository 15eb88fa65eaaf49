using System.Text.Json.Serialization;
using LacEdge.Core.Forwarding;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Api;

/// <summary>A subscriber session. Times are UTC; octets are PPP octets, "up" is from the subscriber. Null: not known yet.</summary>
/// <param name="Steering">How its LNS was found, step by step; only where one session is asked for.</param>
internal sealed record SessionDto(
    string Id,
    string AcctSessionId,
    string State,
    string User,
    string Isp,
    string Lns,
    string? LnsAddress,
    int? LnsPort,
    string Access,
    string Interface,
    string Vlans,
    string Mac,
    int PppoeSessionId,
    int? LocalTunnelId,
    int? PeerTunnelId,
    int? LocalSessionId,
    int? PeerSessionId,
    DateTime OpenedAt,
    DateTime? UpAt,
    ulong UpFrames,
    ulong UpOctets,
    ulong DownFrames,
    ulong DownOctets,
    ulong DroppedFrames,
    string? CircuitId = null,
    string? RemoteId = null,
    LineDto? Line = null,
    LineQualityDto? LineQuality = null,
    string? Identification = null,
    IReadOnlyList<string>? Steering = null);

/// <summary>What the access node tells of the line besides its ids (TR-101).</summary>
/// <param name="Rates">In bit/s, by name; those that are known.</param>
/// <param name="Delays">In milliseconds, likewise.</param>
/// <param name="Encapsulation">Data link and the two encapsulations in hex.</param>
internal sealed record LineDto(
    OrderedDictionary<string, ulong> Rates, OrderedDictionary<string, ulong> Delays, string? Encapsulation, long? LineType, bool Iwf)
{
    public static LineDto? Of(AccessLine? line) => line is null ? null : new LineDto(
        Numbers(line, AccessLine.IsRate, 1000), Numbers(line, AccessLine.IsDelay, 1),
        line.Encapsulation.IsEmpty ? null : line.Encapsulation.ToString(), line.LineType, line.Iwf);

    private static OrderedDictionary<string, ulong> Numbers(AccessLine line, Func<AccessLineType, bool> wanted, ulong unit)
    {
        var numbers = new OrderedDictionary<string, ulong>();
        foreach (var type in Enum.GetValues<AccessLineType>().Where(wanted))
        {
            if (line[type] is { } number) numbers.Add(ApiWords.Key(type), number * unit);
        }

        return numbers;
    }
}

/// <summary>LCP echoes that passed since the hand-over to the LNS. Null: none did.</summary>
/// <param name="FromLns">Of the LNS, answered by the subscriber: the access side.</param>
/// <param name="FromSubscriber">Of the subscriber, answered by the LNS: the core side.</param>
internal sealed record LineQualityDto(EchoQualityDto FromLns, EchoQualityDto FromSubscriber)
{
    public static LineQualityDto? Of(LineQuality quality) =>
        quality.IsUnknown ? null : new LineQualityDto(EchoQualityDto.Of(quality.FromLns), EchoQualityDto.Of(quality.FromSubscriber));
}

/// <summary>Round-trip times are between LacEdge and the end that answers; null: none was measured.</summary>
internal sealed record EchoQualityDto(ulong Sent, ulong Answered, ulong Lost, double? LastRttMs, double? RttMs, double? MaxRttMs)
{
    public static EchoQualityDto Of(EchoQuality quality) => new(
        quality.Sent, quality.Answered, quality.Lost, quality.LastRtt?.TotalMilliseconds, quality.Rtt?.TotalMilliseconds, quality.MaxRtt?.TotalMilliseconds);
}

/// <param name="Next">Cursor of the page that follows; null: this is the last one.</param>
internal sealed record SessionPage(IReadOnlyList<SessionDto> Sessions, string? Next);

/// <summary>An L2TP tunnel. The peer's side is null until it is known.</summary>
internal sealed record TunnelDto(
    int Slot,
    string State,
    string Profile,
    string Lns,
    string LnsAddress,
    int LnsPort,
    int? LocalTunnelId,
    int? PeerTunnelId,
    string? PeerAddress,
    int? PeerPort,
    string? PeerHostName,
    string? PeerVendorName,
    int Sessions,
    DateTime? OpenedAt);

/// <summary>Something that happened to a tunnel; <paramref name="At"/> is the last time when it happened several times in a row.</summary>
internal sealed record TunnelEventDto(DateTime At, string Event, string Before, string After, int Count);

/// <param name="Secret">none, current or old: which of the profile's secrets the LNS has proved, or is expected to hold.</param>
/// <param name="HiddenAvps">none, sensitive or all.</param>
/// <param name="Events">The last 64, oldest first.</param>
internal sealed record TunnelDetailDto(TunnelDto Tunnel, string Secret, string HiddenAvps, IReadOnlyList<TunnelEventDto> Events);

internal sealed record TunnelPage(IReadOnlyList<TunnelDto> Tunnels, string? Next);

/// <summary>Everything that is counted since the start, by name.</summary>
/// <param name="Messages">Messages and set-ups by kind.</param>
/// <param name="Drops">Well-formed input that was not acted upon, by reason.</param>
/// <param name="DecodeErrors">Malformed input, by error.</param>
/// <param name="DataPlane">Frames and datagrams of the data plane, by what became of them.</param>
internal sealed record CountersDto(
    OrderedDictionary<string, ulong> Messages,
    OrderedDictionary<string, ulong> Drops,
    OrderedDictionary<string, ulong> DecodeErrors,
    OrderedDictionary<string, ulong> DataPlane);

internal sealed record StatusDto(string Name, string Version, long Boot, DateTime StartedAt, int Sessions, int Tunnels);

/// <param name="HeapBytes">Live objects and what waits for the collector.</param>
/// <param name="LongestPauseMs">Longest stop of all threads by the garbage collector since the start or the last collection asked for.</param>
internal sealed record MemoryDto(
    long HeapBytes, long ResidentBytes, int Gen0Collections, int Gen1Collections, int Gen2Collections, double LongestPauseMs);

internal sealed record ClearedDto(string Id, string Reason);

/// <summary>A line that discovery does not answer at present.</summary>
/// <param name="Vlans">"untagged", "100" or "100.7".</param>
/// <param name="ShortSessions">In a row.</param>
internal sealed record LockoutDto(string Interface, string Vlans, string Mac, int ShortSessions, DateTime Until);

/// <param name="Lockouts">All of them, at most 16,384, those that last longest first.</param>
internal sealed record LockoutsDto(IReadOnlyList<LockoutDto> Lockouts);

/// <param name="Lines">How many are answered again.</param>
internal sealed record ClearedLockoutsDto(int Lines);

/// <summary>An LNS of the configuration.</summary>
/// <param name="Address">Null: what DNS says of <paramref name="Dns"/>.</param>
/// <param name="State">idle, opening, up, full or held-back.</param>
/// <param name="Until">When it is asked again, if it is not now; <paramref name="Why"/> tells why.</param>
/// <param name="Tunnels">Those that take calls.</param>
/// <param name="Adaptations">Messages whose unknown AVPs it has refused; only with a peer profile that adapts.</param>
internal sealed record LnsDto(
    string Name,
    string Isp,
    string? Address,
    string? Dns,
    int Port,
    string Profile,
    string PeerProfile,
    string State,
    DateTime? Until,
    string? Why,
    int Sessions,
    int MaxSessions,
    int Tunnels,
    LnsRefusalDto? LastRefusal,
    IReadOnlyList<AdaptationDto> Adaptations);

internal sealed record LnsRefusalDto(DateTime At, string Why);

/// <param name="Message">SCCRQ, ICRQ or ICCN.</param>
/// <param name="State">watching, trying, works or failed.</param>
/// <param name="LeftOut">Groups of AVPs that the message goes without.</param>
/// <param name="Refusals">That may lead to more; three are needed.</param>
internal sealed record AdaptationDto(string Message, string State, IReadOnlyList<string> LeftOut, int Refusals);

internal sealed record LnsListDto(IReadOnlyList<LnsDto> Lns);

internal sealed record ClearedAdaptationsDto(string Lns);

/// <param name="Code">Stable name: bad-request, not-found, stopping, internal.</param>
/// <param name="Where">The parameter or path that it is about.</param>
internal sealed record ErrorDto(string Code, string Message, string Where);

/// <summary>How the API writes and its client reads: keys in snake_case, in the order of the records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionDto))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(TunnelPage))]
[JsonSerializable(typeof(TunnelDetailDto))]
[JsonSerializable(typeof(CountersDto))]
[JsonSerializable(typeof(StatusDto))]
[JsonSerializable(typeof(MemoryDto))]
[JsonSerializable(typeof(ClearedDto))]
[JsonSerializable(typeof(LnsListDto))]
[JsonSerializable(typeof(ClearedAdaptationsDto))]
[JsonSerializable(typeof(LockoutsDto))]
[JsonSerializable(typeof(ClearedLockoutsDto))]
[JsonSerializable(typeof(ErrorDto))]
internal sealed partial class ApiJson : JsonSerializerContext;
