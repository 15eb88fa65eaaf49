
namespace LacEdge.Core.Radius;

/// <summary>Servers that stand for each other, and which of them is asked next.</summary>
internal sealed class RadiusGroup(RadiusGroupConfig config, RandomStream random)
{
    private int _turn;

    public RadiusGroupConfig Config { get; } = config;
    public IReadOnlyList<RadiusServer> Servers { get; } = [.. config.Servers.Select(server => new RadiusServer(server, $"{config.Name}/{server.Name}"))];
    /// <summary>Questions on their way.</summary>
    public int Outstanding { get; set; }

    /// <summary>Where the next transmission goes: a server that lives and was not asked yet for this question, else the one asked
    /// longest ago that lives, else the one that has been dead for the longest time.</summary>
    public RadiusServer Next(RadiusExchange exchange, Instant now)
    {
        var living = Servers.Where(server => !server.IsDead(now)).ToList();
        if (living.Count == 0) return Servers.MinBy(server => server.DeadUntil)!;
        var fresh = living.Where(server => !exchange.Transmissions.Exists(sent => sent.Port.Server == server)).ToList();
        if (fresh.Count == 0)
            return living.MinBy(server => exchange.Transmissions.FindLastIndex(sent => sent.Port.Server == server))!;
        return Config.Selection switch
        {
            RadiusSelection.RoundRobin => fresh[(int)((uint)_turn++ % fresh.Count)],
            RadiusSelection.Weighted => Draw(fresh),
            _ => fresh[0],
        };
    }

    private RadiusServer Draw(List<RadiusServer> from)
    {
        var ticket = random.Next(from.Sum(server => server.Config.Weight));
        foreach (var server in from)
        {
            if (ticket < server.Config.Weight) return server;
            ticket -= server.Config.Weight;
        }

        return from[^1];
    }
}
