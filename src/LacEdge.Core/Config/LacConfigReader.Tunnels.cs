using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>Tunnel profiles.</summary>
public sealed partial class LacConfigReader
{
    private TunnelProfile ReadTunnel(string name, ConfigValue tunnel)
    {
        var profile = new TunnelProfile
        {
            Name = name,
            HostName = tunnel["host-name"].Read(_nodeName),
            VendorName = tunnel["vendor-name"].Read<string>(),
            PeerHostName = tunnel["peer-host-name"].Read(""),
            Secret = ReadSecret(tunnel["secret"]),
            OldSecret = ReadSecret(tunnel["old-secret"]),
            SourceAddress = tunnel["source-address"].Read<IpAddress>(),
            SourcePort = tunnel["source-port"].Read<SourcePort>(),
            ReplyFrom = tunnel["reply-from"].Read<ReplyFrom>(),
            Vrf = tunnel["vrf"].Read(""),
            HelloInterval = tunnel["hello-interval"].Read<TimeSpan>(),
            IdleTimeout = tunnel["idle-timeout"].Read<TimeSpan>(),
            Persistent = tunnel["persistent"].Read<bool>(),
            MaxSessions = tunnel["max-sessions"].Read<int>(),
            MaxTunnels = tunnel["max-tunnels"].Read<int>(),
            TieBreaker = tunnel["tie-breaker"].Read<bool>(),
            ReceiveWindow = (ushort)tunnel["receive-window"].Read<int>(),
            Retries = tunnel["retries"].Read<int>(),
            RetryCap = tunnel["retry-cap"].Read<TimeSpan>(),
            SetupTimeout = tunnel["setup-timeout"].Read<TimeSpan>(),
            Lockout = tunnel["lockout"].Read<TimeSpan>(),
            Hiding = tunnel["hide-avps"].Read<AvpHiding>(),
            Dscp = tunnel["dscp"].Read<byte?>(),
            NegotiateDscp = ReadNegotiation(tunnel),
            ControlDscp = (byte)_root["l2tp"]["control-dscp"].Read<int>(),
            UdpChecksum = ReadChecksum(tunnel),
            Oversize = tunnel["oversize"].Read<OversizePolicy>(),
            PathMtu = (ushort)tunnel["path-mtu"].Read<int>(),
            ReorderWindow = tunnel["reorder-window"].Read<int>(),
            ReorderTime = tunnel["reorder-time"].Read<TimeSpan>(),
        };
        CheckTunnel(tunnel, profile);
        return profile;
    }

    private void CheckTunnel(ConfigValue tunnel, TunnelProfile profile)
    {
        var (old, tie, hide, ipsec) = (tunnel["old-secret"], tunnel["tie-breaker"], tunnel["hide-avps"], tunnel["ipsec"]);
        if (old.IsPresent && !tunnel["secret"].IsPresent) _problems.Error(old.Place, old.Path, "'old-secret' goes with 'secret' only");
        if (ipsec.Read<bool>())
        {
            _problems.Error(ipsec.Place, ipsec.Path, "this LacEdge cannot protect tunnels by IPsec itself, and without protection it must not open them");
        }

        if (profile is { TieBreaker: true, MaxTunnels: > 1 })
        {
            _problems.Error(tie.Place, tie.Path, "a tie breaker leaves one tunnel to an LNS, but max-tunnels allows several");
        }

        if (profile.Hiding is AvpHiding.Sensitive or AvpHiding.All && !tunnel["secret"].IsPresent)
        {
            _problems.Warning(hide.Place, hide.Path, "without 'secret' nothing can be hidden");
        }
    }

    private bool ReadNegotiation(ConfigValue tunnel)
    {
        var (negotiate, dscp) = (tunnel["negotiate-dscp"], tunnel["dscp"]);
        if (negotiate.Read<bool>() && dscp.Read<byte?>() is null)
            _problems.Error(negotiate.Place, negotiate.Path, "what is copied from each packet cannot be agreed upon: 'dscp' must be a number");
        return negotiate.Read<bool>();
    }

    private bool ReadChecksum(ConfigValue tunnel)
    {
        var (checksum, source) = (tunnel["udp-checksum"], tunnel["source-address"].Read<IpAddress>());
        if (!checksum.Read<bool>() && source.IsIpv6) _problems.Error(checksum.Place, checksum.Path, "over IPv6 UDP always has a checksum");
        return checksum.Read<bool>();
    }
}
