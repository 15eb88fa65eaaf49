using LacEdge.Core.Radius;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Config;

/// <summary>RADIUS servers, and steering that asks them.</summary>
public sealed partial class LacConfigReader
{
    private static readonly string[] _radiusKeys = ["user-name", "password", "service-type", "timeout", "authenticate-before-forward", "peer-profile"];

    private RadiusGroupConfig ReadRadiusGroup(string name, ConfigValue group) => new()
    {
        Name = name,
        Servers = [.. group["servers"].Named().Select(server => ReadRadiusServer(server.Name, server.Value))],
        Selection = group["selection"].Read<RadiusSelection>(),
        RetransmitTime = group["retransmit-time"].Read<TimeSpan>(),
        MaxRetransmitTime = group["max-retransmit-time"].Read<TimeSpan>(),
        Retransmissions = group["retransmissions"].Read<int>(),
        Patience = group["patience"].Read<TimeSpan>(),
        DeadTime = group["dead-time"].Read<TimeSpan>(),
        MaxOutstanding = group["max-outstanding"].Read<int>(),
        NasPortId = group["nas-port-id"].Read<string>(),
        NasPortType = group["nas-port-type"].IsPresent ? group["nas-port-type"].Read(0) : null,
        CallingStationId = group["calling-station-id"].Read<string>(),
        CalledStationId = group["called-station-id"].Read<string>(),
    };

    private RadiusServerConfig ReadRadiusServer(string name, ConfigValue server)
    {
        var (address, source) = (server["address"].Read<IpAddress>(), server["source-address"].Read<IpAddress>());
        if (!address.IsNone && !source.IsNone && address.Size != source.Size)
        {
            var value = server["source-address"];
            _problems.Error(value.Place, value.Path, $"{address} cannot be reached from {source}");
        }

        return new RadiusServerConfig
        {
            Name = name,
            Address = address,
            AuthenticationPort = (ushort)server["port"].Read<int>(),
            Secret = ReadSecret(server["secret"]),
            SourceAddress = source,
            Weight = server["weight"].Read<int>(),
            MessageAuthenticator = server["require-message-authenticator"].Read<MessageAuthenticatorPolicy>(),
            StatusServer = server["status-server"].Read<bool>(),
        };
    }

    private RadiusTarget ReadRadiusTarget(ConfigValue target)
    {
        _radius.Check(target["radius"]);
        var (tunnel, password, authenticates) = (target["tunnel"], target["password"], target["authenticate-before-forward"].Read<bool>());
        if (!tunnel.IsPresent) _problems.Error(target["radius"].Place, target["radius"].Path, "the key 'tunnel' is missing beside 'radius'");
        if (authenticates)
        {
            foreach (var value in new[] { target["user-name"], password }.Where(value => value.Node is not null))
                _problems.Error(value.Place, value.Path, "with 'authenticate-before-forward' name and password are the subscriber's own");
        }

        var secret = password.Node is null ? RadiusTarget.DefaultPassword : ReadSecret(password);
        if (secret.Span.Length > RadiusAuthentication.MaxPasswordSize)
            _problems.Error(password.Place, password.Path, $"RADIUS takes at most {RadiusAuthentication.MaxPasswordSize} octets");
        return new RadiusTarget(target["radius"].Read(""), tunnel.Read(""))
        {
            UserName = target["user-name"].Read<string>(),
            Password = secret,
            ServiceType = target["service-type"].Read(authenticates ? 2 : 5),
            Timeout = target["timeout"].Read<TimeSpan>(),
            AuthenticateBeforeForward = authenticates,
            PeerProfile = ReadPeer(target["peer-profile"]),
        };
    }

    /// <summary>Keys that mean something beside 'radius' only.</summary>
    private void OnlyBesideRadius(ConfigValue target)
    {
        if (target["radius"].Node is not null || !target.IsUnderstood) return;
        foreach (var key in _radiusKeys.Where(key => target[key].Node is not null))
            _problems.Error(target[key].Place, target[key].Path, $"'{key}' goes with 'radius' only");
    }

    /// <summary>Where subscribers are authenticated before the LNS has them, they must show something that RADIUS can judge.</summary>
    private void SomethingToAuthenticate(LacConfig config)
    {
        foreach (var service in config.Access)
        {
            if (!RulesFor(service, config).Any(rule => rule.To.Any(target => target is RadiusTarget { AuthenticateBeforeForward: true }))) continue;
            if (!service.Authentication.Contains(AuthenticationProtocol.Eap)) continue;
            var value = ServiceValue(service)["authentication"];
            _problems.Warning(value.Place, value.Path,
                $"steering list '{service.Steering}' wants 'authenticate-before-forward', and 'eap' leaves RADIUS nothing to judge: who uses it is refused");
        }
    }
}
