using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;

namespace LacEdge.Recording;

/// <summary>How a recording writes values: snake_case keys, text for addresses, hex for octets, nanoseconds for instants.</summary>
internal static class RecordingJson
{
    /// <summary>The records behind each abstract base. Their "kind" in a recording is the name in kebab-case, without "Target".</summary>
    public static readonly IReadOnlyDictionary<Type, Type[]> Kinds = new Dictionary<Type, Type[]>
    {
        [typeof(SteeringTarget)] = [typeof(RealmTableTarget), typeof(IspTarget), typeof(LnsTarget), typeof(DnsTarget), typeof(RadiusTarget)],
        [typeof(ForwardingUpdate)] =
            [
                typeof(InstallTunnel), typeof(RemoveTunnel), typeof(ReadTunnel), typeof(ReadSession),
                typeof(InstallDownstream), typeof(ForwardDownstream), typeof(InstallUpstream), typeof(RemoveSession),
            ],
        [typeof(LacCommand)] = [typeof(ClearSession), typeof(ClearLockout), typeof(ClearAdaptations), typeof(Shutdown)],
        [typeof(LacEvent)] =
            [
                typeof(SessionUp), typeof(SessionDown), typeof(SessionFailed), typeof(TunnelUp), typeof(TunnelDown),
                typeof(RadiusServerSigns), typeof(HostTrouble),
            ],
    };

    private static readonly JsonSerializerOptions _options = MakeOptions(), _redacting = MakeOptions(new RedactedSecretConverter());

    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static JsonTypeInfo<LacConfig> Config { get; } = TypeInfo<LacConfig>();
    /// <summary>Writes "redacted" for every secret.</summary>
    public static JsonTypeInfo<LacConfig> RedactedConfig { get; } = (JsonTypeInfo<LacConfig>)_redacting.GetTypeInfo(typeof(LacConfig));
    public static JsonTypeInfo<ForwardingUpdate> Update { get; } = TypeInfo<ForwardingUpdate>();
    public static JsonTypeInfo<LacCommand> Command { get; } = TypeInfo<LacCommand>();
    public static JsonTypeInfo<LacEvent> Event { get; } = TypeInfo<LacEvent>();
    public static JsonTypeInfo<ForwardingCounters> Counters { get; } = TypeInfo<ForwardingCounters>();

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions MakeOptions(JsonConverter? first = null)
    {
        var options = new JsonSerializerOptions(RecordingJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = RecordingJsonContext.Default.WithAddedModifier(AddKinds),
        };
        if (first is not null) options.Converters.Insert(0, first);
        return options;
    }

    private static void AddKinds(JsonTypeInfo info)
    {
        if (!Kinds.TryGetValue(info.Type, out var kinds)) return;
        // A kind that is missing above loses its fields in the recording; it must not cost the service.
        info.PolymorphismOptions = new JsonPolymorphismOptions
        {
            TypeDiscriminatorPropertyName = "kind",
            UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType,
        };
        foreach (var kind in kinds) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, KindName(kind)));
    }

    private static string KindName(Type kind)
    {
        var name = kind.Name.EndsWith("Target", StringComparison.Ordinal) ? kind.Name[..^"Target".Length] : kind.Name;
        return JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(SecretConverter), typeof(IpAddressConverter), typeof(UdpEndpointConverter), typeof(MacAddressConverter),
        typeof(VlanStackConverter), typeof(InstantConverter), typeof(SessionKeyConverter),
    ])]
[JsonSerializable(typeof(LacConfig))]
[JsonSerializable(typeof(RealmTableTarget))]
[JsonSerializable(typeof(IspTarget))]
[JsonSerializable(typeof(LnsTarget))]
[JsonSerializable(typeof(DnsTarget))]
[JsonSerializable(typeof(RadiusTarget))]
[JsonSerializable(typeof(ForwardingUpdate))]
[JsonSerializable(typeof(InstallTunnel))]
[JsonSerializable(typeof(RemoveTunnel))]
[JsonSerializable(typeof(ReadTunnel))]
[JsonSerializable(typeof(ReadSession))]
[JsonSerializable(typeof(InstallDownstream))]
[JsonSerializable(typeof(ForwardDownstream))]
[JsonSerializable(typeof(InstallUpstream))]
[JsonSerializable(typeof(RemoveSession))]
[JsonSerializable(typeof(LacCommand))]
[JsonSerializable(typeof(ClearSession))]
[JsonSerializable(typeof(ClearLockout))]
[JsonSerializable(typeof(ClearAdaptations))]
[JsonSerializable(typeof(Shutdown))]
[JsonSerializable(typeof(LacEvent))]
[JsonSerializable(typeof(SessionUp))]
[JsonSerializable(typeof(SessionDown))]
[JsonSerializable(typeof(SessionFailed))]
[JsonSerializable(typeof(TunnelUp))]
[JsonSerializable(typeof(TunnelDown))]
[JsonSerializable(typeof(RadiusServerSigns))]
[JsonSerializable(typeof(HostTrouble))]
[JsonSerializable(typeof(ForwardingCounters))]
internal sealed partial class RecordingJsonContext : JsonSerializerContext;
