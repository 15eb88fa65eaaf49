using System.Collections.Immutable;
using LacEdge.Core;
using LacEdge.Core.Events;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;
using Microsoft.Extensions.Logging;

namespace LacEdge.Hosting;

/// <summary>
/// Every event of Core as one log line with a stable name, number and fields. The start and the end of a session always
/// are on level information; the line of an end says who ended it and why.
/// </summary>
/// <param name="interfaces">Names of the access interfaces, by access group.</param>
internal sealed partial class EventLog(ILogger logger, ImmutableArray<string> interfaces)
{
    public void Write(LacEvent happened)
    {
        switch (happened)
        {
            case SessionUp up:
                LogSessionUp(
                    up.Key, up.User, up.Mac, interfaces[up.AccessGroup], up.Vlans, up.PppoeSessionId, up.CircuitId, up.Isp, up.Lns, up.LnsEndpoint,
                    up.LocalTunnelId, up.PeerTunnelId, up.LocalSessionId, up.PeerSessionId, up.Setup.TotalMilliseconds);
                break;
            case SessionDown down:
                var end = CauseTable.Of(down.Cause);
                LogSessionDown(
                    down.Key, down.User, down.Mac, down.CircuitId, down.Isp, down.Lns, end.ByName, end.Name, end.Meaning, down.Detail,
                    down.Lasted.TotalSeconds, down.Counters.DownFrames, down.Counters.DownOctets, down.Counters.UpFrames,
                    down.Counters.UpOctets, down.Counters.Dropped);
                break;
            case SessionFailed failed:
                var failure = CauseTable.Of(failed.Cause);
                LogSessionFailed(
                    failed.Key, failed.User, failed.Mac, failed.CircuitId, failed.Isp, failed.Lns, failure.ByName, failure.Name, failure.Meaning,
                    failed.Detail, failed.Lasted.TotalSeconds);
                break;
            case TunnelUp up:
                LogTunnelUp(up.LocalTunnelId, up.PeerTunnelId, up.Lns, up.Peer, up.PeerHostName);
                break;
            case TunnelDown down:
                var cause = CauseTable.Of(down.Cause);
                var expected = down.Cause is EndCause.IdleTunnel or EndCause.Operator or EndCause.Shutdown;
                LogTunnelDown(
                    expected ? LogLevel.Information : LogLevel.Warning, down.LocalTunnelId, down.Lns, down.Peer, cause.ByName, cause.Name,
                    cause.Meaning, down.Detail, down.Sessions);
                break;
            case RadiusServerSigns signs:
                LogRadiusServerSigns(signs.Server, signs.Address);
                break;
            case HostTrouble trouble:
                LogHostTrouble(trouble.What);
                break;
            default:
                throw new InvalidOperationException($"event {happened.GetType().Name} has no log line");
        }
    }

    [LoggerMessage(EventId = 1000, EventName = "started", Level = LogLevel.Information,
        Message = "LacEdge {Version} runs as '{Name}', start {Boot}: {Services} access services on {Interfaces}, {Isps} ISPs; "
            + "API on {Socket}")]
    public partial void LogStarted(string version, string name, uint boot, int services, string interfaces, int isps, string socket);

    [LoggerMessage(EventId = 1001, EventName = "stopping", Level = LogLevel.Information,
        Message = "stopping: {Sessions} sessions and {Tunnels} tunnels are ended")]
    public partial void LogStopping(int sessions, int tunnels);

    [LoggerMessage(EventId = 1002, EventName = "stopped", Level = LogLevel.Information, Message = "stopped")]
    public partial void LogStopped();

    [LoggerMessage(EventId = 1003, EventName = "config-warning", Level = LogLevel.Warning, Message = "{Place}: {Path}: {What}")]
    public partial void LogConfigWarning(string place, string path, string what);

    [LoggerMessage(EventId = 1004, EventName = "host-trouble", Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogHostTrouble(string what);

    [LoggerMessage(EventId = 1005, EventName = "radius-server-signs", Level = LogLevel.Information,
        Message = "RADIUS server {Server} ({Address}) signs its replies; from now on it must")]
    private partial void LogRadiusServerSigns(string server, IpAddress address);

    [LoggerMessage(EventId = 1101, EventName = "session-up", Level = LogLevel.Information,
        Message = "session {Session} user '{User}' mac {Mac} on {Interface} {Vlans} PPPoE {PppoeSessionId} circuit '{CircuitId}' is up: "
            + "{Isp}/{Lns} {LnsEndpoint}, tunnel {LocalTunnelId}/{PeerTunnelId}, call {LocalSessionId}/{PeerSessionId}, set up in {SetupMilliseconds:0.0} ms")]
    private partial void LogSessionUp(
        SessionKey session, string user, MacAddress mac, string @interface, VlanStack vlans, ushort pppoeSessionId, string circuitId, string isp, string lns,
        UdpEndpoint lnsEndpoint, ushort localTunnelId, ushort peerTunnelId, ushort localSessionId, ushort peerSessionId,
        double setupMilliseconds);

    [LoggerMessage(EventId = 1102, EventName = "session-down", Level = LogLevel.Information,
        Message = "session {Session} user '{User}' mac {Mac} circuit '{CircuitId}' to {Isp}/{Lns} ended by {By}, {Cause}: {Meaning} Detail: '{Detail}'. "
            + "Lasted {LastedSeconds:0.0} s, to the subscriber {DownFrames} frames {DownOctets} octets, "
            + "from the subscriber {UpFrames} frames {UpOctets} octets, {Dropped} dropped")]
    private partial void LogSessionDown(
        SessionKey session, string user, MacAddress mac, string circuitId, string isp, string lns, string by, string cause, string meaning, string detail,
        double lastedSeconds, ulong downFrames, ulong downOctets, ulong upFrames, ulong upOctets, ulong dropped);

    [LoggerMessage(EventId = 1103, EventName = "session-failed", Level = LogLevel.Information,
        Message = "session {Session} user '{User}' mac {Mac} circuit '{CircuitId}' to {Isp}/{Lns} did not come up, ended by {By}, {Cause}: {Meaning} "
            + "Detail: '{Detail}'. Lasted {LastedSeconds:0.0} s")]
    private partial void LogSessionFailed(
        SessionKey session, string user, MacAddress mac, string circuitId, string isp, string lns, string by, string cause, string meaning, string detail,
        double lastedSeconds);

    [LoggerMessage(EventId = 1201, EventName = "tunnel-up", Level = LogLevel.Information,
        Message = "tunnel {LocalTunnelId}/{PeerTunnelId} to {Lns} {Peer} '{PeerHostName}' is up")]
    private partial void LogTunnelUp(ushort localTunnelId, ushort peerTunnelId, string lns, UdpEndpoint peer, string peerHostName);

    [LoggerMessage(EventId = 1202, EventName = "tunnel-down",
        Message = "tunnel {LocalTunnelId} to {Lns} {Peer} ended by {By}, {Cause}: {Meaning} Detail: '{Detail}'. "
            + "{Sessions} sessions were on it")]
    private partial void LogTunnelDown(
        LogLevel level, ushort localTunnelId, string lns, UdpEndpoint peer, string by, string cause, string meaning, string detail,
        int sessions);
}
