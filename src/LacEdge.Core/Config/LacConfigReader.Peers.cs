using System.Collections.Immutable;

namespace LacEdge.Core.Config;

/// <summary>Peer profiles and secrets.</summary>
public sealed partial class LacConfigReader
{
    private string ReadPeer(ConfigValue reference)
    {
        _peers.Check(reference);
        return reference.Read(PeerProfile.Default.Name);
    }

    private static PeerProfile ReadPeerProfile(string name, ConfigValue profile)
    {
        // What is not said comes from the shipped profile of the same name, or the one it is based on.
        var shipped = PeerProfile.Shipped.FirstOrDefault(one => one.Name == profile["based-on"].Read(name)) ?? PeerProfile.Default;
        return shipped with
        {
            Name = name,
            CallingNumber = profile["calling-number"].Read(shipped.CallingNumber),
            CalledNumber = profile["called-number"].Read(shipped.CalledNumber),
            NasPort = profile["nas-port"].Read(shipped.NasPort),
            AccessLine = profile["access-line-avps"].IsPresent
                ? profile["access-line-avps"].Items().Aggregate(AccessLineAvps.None, (all, one) => all | one.Read<AccessLineAvps>())
                : shipped.AccessLine,
            SubAddress = profile["sub-address"].Read(shipped.SubAddress),
            PhysicalChannel = profile["physical-channel"].Read(shipped.PhysicalChannel),
            PrivateGroup = profile["private-group"].Read(shipped.PrivateGroup),
            RxSpeedAlways = profile["rx-speed"].Read(shipped.RxSpeedAlways),
            Hiding = profile["hide-avps"].IsPresent ? profile["hide-avps"].Read(AvpHiding.Auto) : shipped.Hiding,
            SendWindow = profile["send-window"].Read(shipped.SendWindow),
            WithoutMBit = profile["clear-m-bit"].IsPresent
                ? profile["clear-m-bit"].Items().Aggregate(CallAvps.None, (all, one) => all | one.Read<CallAvps>())
                : shipped.WithoutMBit,
            IgnoreMBit = profile["ignore-m-bit"].Read(shipped.IgnoreMBit),
            Adapt = profile["adapt"].Read(shipped.Adapt),
            Failover = profile["failover"].Read(shipped.Failover),
            ResultCodes = profile["result-codes"].IsPresent ? ReadResultCodes(profile["result-codes"]) : shipped.ResultCodes,
            ProxyMsChapV2 = profile["proxy-ms-chap-v2"].Read(shipped.ProxyMsChapV2),
            ProxyEap = profile["proxy-eap"].Read(shipped.ProxyEap),
            AddressAndControl = profile["ff03"].Read(shipped.AddressAndControl),
            SequencingRequired = profile["sequencing"].Read(shipped.SequencingRequired),
            ResendPap = profile["resend-pap"].Read(shipped.ResendPap),
        };
    }

    private static ImmutableArray<ResultCodeRule> ReadResultCodes(ConfigValue codes)
    {
        var rules = ImmutableArray.CreateBuilder<ResultCodeRule>();
        foreach (var (code, meaning) in codes.Named())
        {
            if (ResultCodeRule.TryParse(code, out var result, out var error)) rules.Add(new ResultCodeRule(result, error, meaning.Read<RefusedCall>()));
        }

        return rules.ToImmutable();
    }

    private Secret ReadSecret(ConfigValue secret)
    {
        if (!secret.IsPresent) return default;
        if (secret.Node is not MappingNode mapping) return Inline(secret);

        var sources = _secretSources.Where(source => mapping.Find(source) is not null).ToList();
        if (sources.Count != 1)
        {
            if (secret.IsUnderstood)
            {
                _problems.Error(secret.Place, secret.Path, "a secret has exactly one of the keys 'file', 'credential', 'env' and 'inline'");
            }

            return default;
        }

        var value = secret[sources[0]];
        if (sources[0] == "inline") return Inline(value);
        var source = sources[0] switch
        {
            "file" => SecretSource.File,
            "credential" => SecretSource.Credential,
            _ => SecretSource.Environment,
        };
        // A name that is itself wrong has been reported.
        if (value.Read("") is not { Length: > 0 } reference) return default;
        if (_resolve(source, reference, out var resolved) is { } problem) _problems.Error(value.Place, value.Path, problem);
        return resolved;
    }

    private Secret Inline(ConfigValue value)
    {
        if (value.Node is not ScalarNode { IsNull: false }) return default;
        _problems.Warning(value.Place, value.Path, "the secret stands in the configuration: better in a file of its own, { file: ... }");
        return value.Read<Secret>();
    }
}
