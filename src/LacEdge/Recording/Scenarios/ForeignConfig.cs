using System.Collections.Immutable;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Ppp;

namespace LacEdge.Recording.Scenarios;

/// <summary>Makes the configuration that puts our LAC in the place of a captured one: name, LNSes, way to authenticate.</summary>
internal static class ForeignConfig
{
    private const string Name = "foreign";

    public static LacConfig For(Transcript transcript, byte[] secret)
    {
        var sccrqs = transcript.Messages.Where(m => m.FromLac && m.Message.Type == MessageType.Sccrq).ToList();
        var lnses = sccrqs.Select(m => m.Lns).DistinctBy(e => e.Address)
            .Select((lns, i) => new LnsConfig { Name = $"lns{i + 1}", Address = lns.Address, Port = lns.Port, Preference = i + 1 });
        var hostName = sccrqs.Count > 0 ? sccrqs[0].Message.HostName : Name;
        return new LacConfig
        {
            Node = new NodeConfig { Name = hostName },
            Access =
            [
                new AccessServiceConfig
                {
                    Name = Name, Interfaces = ["access"], AcName = hostName, ChallengeName = hostName, Steering = Name,
                    Authentication = AskedFor(transcript),
                },
            ],
            Steering = [new SteeringListConfig(Name, [new SteeringRuleConfig([new IspTarget(Name)])])],
            Isps = [new IspConfig { Name = Name, Tunnel = Name, Lns = [.. lnses] }],
            Tunnels = [new TunnelProfile { Name = Name, HostName = hostName, Secret = new Secret(Bytes.Copy(secret)) }],
        };
    }

    /// <summary>Of the configuration: the secret of its first tunnel profile that has one.</summary>
    public static byte[] SecretOf(LacConfig config) => config.Tunnels.FirstOrDefault(t => t.Secret.IsSet)?.Secret.Span.ToArray() ?? [];

    /// <exception cref="RecordingException">The secret is missing, or is not the one of the capture.</exception>
    public static void CheckSecret(Transcript transcript, byte[] secret)
    {
        var conversations = new Conversations();
        foreach (var item in transcript.Messages.Where(m => m.Message.Side == Side.Core))
        {
            var place = conversations.Datagram(item.Message, item.FromLac, item.Lns.Address);
            if (item.Message.Type != MessageType.Sccrp || item.FromLac || place.Tunnel is not { } tunnel) continue;
            var authenticates = !item.Message.Challenge.IsEmpty || !item.Message.ChallengeResponse.IsEmpty;
            if (authenticates && secret.Length == 0)
            {
                throw new RecordingException($"{item.Where}: the tunnel is authenticated; give its secret with --secret");
            }

            if (item.Message.ChallengeResponse.Length != TunnelAuthentication.ResponseSize) continue;
            if (!TunnelAuthentication.Verify(MessageType.Sccrp, secret, tunnel.LacChallenge.Span, item.Message.ChallengeResponse.Span))
            {
                throw new RecordingException($"{item.Where}: the tunnel has another secret than the one given");
            }
        }
    }

    /// <summary>What the LAC asked for in its LCP Configure-Requests, in that order; CHAP, then PAP, when they are not there.</summary>
    private static ImmutableArray<AuthenticationProtocol> AskedFor(Transcript transcript)
    {
        var asked = new List<AuthenticationProtocol>();
        foreach (var item in transcript.Messages.Where(m => m is { FromLac: true, Message.Side: Side.Access }))
        {
            if (!item.Message.IsLcp(LcpCode.ConfigureRequest)) continue;
            var options = new PppOptionReader(item.Message.Data.Span);
            while (options.MoveNext())
            {
                if (options.Current.Type != (byte)LcpOptionType.AuthenticationProtocol) continue;
                if (options.Current.Value is [0xC0, 0x23, ..]) asked.Add(AuthenticationProtocol.Pap);
                if (options.Current.Value is [0xC2, 0x23, (byte)ChapAlgorithm.Md5, ..]) asked.Add(AuthenticationProtocol.ChapMd5);
                if (options.Current.Value is [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV1, ..]) asked.Add(AuthenticationProtocol.MsChapV1);
                if (options.Current.Value is [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV2, ..]) asked.Add(AuthenticationProtocol.MsChapV2);
                if (options.Current.Value is [0xC2, 0x27, ..]) asked.Add(AuthenticationProtocol.Eap);
            }
        }

        return asked.Count > 0 ? [.. asked.Distinct()] : [AuthenticationProtocol.ChapMd5, AuthenticationProtocol.Pap];
    }
}
