using System.Diagnostics;
using LacEdge.Lab.Peers;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Benchmarks;

/// <summary>
/// What subscribers notice of a PADI flood. (a) On one VLAN: those on other VLANs lose nothing, and their set-up takes at
/// most twice as long. (b) From random VLANs and MACs: subscribers come up all the same, established ones lose no frame.
/// </summary>
internal static class FloodBench
{
    /// <summary>Of each kind: before, during (a), during (b).</summary>
    public const int Subscribers = 1_000;
    /// <summary>Those, and as many that come up first and unseen, for the compiler.</summary>
    public const int AllSubscribers = 4 * Subscribers;
    public const string Vlans = "[100-199, 1000-1999.any]";
    private const int Rate = 100_000, PingsPerSecond = 5_000, DialsAtOnce = 16;
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(2), _patience = TimeSpan.FromSeconds(60);

    /// <summary>The VLANs of the bench's subscribers: one tag, none of them the flooded one; those of (b) two.</summary>
    public static VlanStack VlansOf(int subscriber) => subscriber < 2 * Subscribers
        ? VlanStack.Single(new VlanTag(0x8100, (ushort)(101 + subscriber % 99)))
        : VlanStack.Double(new VlanTag(0x88A8, (ushort)(1000 + subscriber % 1000)), new VlanTag(0x8100, (ushort)(1 + subscriber * 7 % 4094)));

    /// <summary>Whether both floods passed as they should.</summary>
    public static bool Run(BenchLab lab, TextWriter output)
    {
        output.WriteLine($"PADI floods, {Rate:#,0} a second offered ({Subscribers:#,0} subscribers each, {DialsAtOnce} dial at once in the first two):");
        output.WriteLine("  flood             offered/s   taken/s   PADO/s   kernel drops   subscribers up   PADI  PADR   set-up p50 ms   p95 ms");
        Dial(lab, "", 3 * Subscribers, null, DialsAtOnce, TextWriter.Null);
        var quiet = Dial(lab, "none", 0, null, DialsAtOnce, output);
        Dialled oneVlan;
        using (var flood = lab.Flood(Rate, _ => VlanStack.Single(new VlanTag(0x8100, 100))))
        {
            Thread.Sleep(_settle);
            oneVlan = Dial(lab, "(a) one VLAN", Subscribers, flood, DialsAtOnce, output);
        }

        var slower = oneVlan.P95 / quiet.P95;
        output.WriteLine($"  (a) p95 is {slower:0.0} times that without a flood; {oneVlan.Padis - Subscribers} PADIs and {oneVlan.Padrs - Subscribers} PADRs had to be repeated");

        using var random = lab.Flood(Rate, AnyLine);
        Thread.Sleep(_settle);
        using var pings = new Pings(lab, [.. lab.Peers.Fleet.Subscribers.Take(Subscribers)], PingsPerSecond);
        var anyVlan = Dial(lab, "(b) random", 2 * Subscribers, random, Subscribers, output);
        var (sent, answered) = pings.Finish();
        output.WriteLine($"  (b) all up after {anyVlan.Took.TotalSeconds:0.0} s; of {sent:#,0} pings of {Subscribers:#,0} established sessions "
            + $"({2 * pings.Rate:#,0} frames a second) {sent - answered} were lost, {lab.Peers.Lost} frames by the peers themselves");
        return quiet.Up == Subscribers && oneVlan.Up == Subscribers && oneVlan.Padis == Subscribers && oneVlan.Padrs == Subscribers && slower <= 2
            && anyVlan.Up == Subscribers && sent == answered && pings.Rate > 0.95 * PingsPerSecond;
    }

    private static VlanStack AnyLine(Random random) => VlanStack.Double(
        new VlanTag(0x88A8, (ushort)(1000 + random.Next(1000))), new VlanTag(0x8100, (ushort)(1 + random.Next(4094))));

    private static Dialled Dial(BenchLab lab, string name, int from, Flood? flood, int atOnce, TextWriter output)
    {
        var subscribers = lab.Peers.Fleet.Subscribers.Skip(from).Take(Subscribers).ToArray();
        var (before, offered, clock) = (Discovery.Read(lab), flood?.Offered ?? 0, Stopwatch.StartNew());
        lab.Dial(subscribers, atOnce, _patience);
        var took = clock.Elapsed;
        var (after, seconds) = (Discovery.Read(lab), took.TotalSeconds);
        var setUps = subscribers.Where(s => s.State == SubscriberState.Up).Select(s => (s.Times.Up - s.Times.Dialled).TotalMilliseconds).Order().ToArray();
        var result = new Dialled(
            setUps.Length, subscribers.Sum(s => s.PadisSent), subscribers.Sum(s => s.PadrsSent), Percentile(setUps, 0.5), Percentile(setUps, 0.95), took);
        output.WriteLine($"  {name,-14} {((flood?.Offered ?? 0) - offered) / seconds,12:#,0} {(after.Padis - before.Padis) / seconds,9:#,0}"
            + $" {(after.Pados - before.Pados) / seconds,8:#,0} {after.Drops - before.Drops,14:#,0} {result.Up,16:#,0} {result.Padis,6} {result.Padrs,5}"
            + $" {result.P50,15:0.0} {result.P95,8:0.0}");
        return result;
    }

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private readonly record struct Dialled(int Up, long Padis, long Padrs, double P50, double P95, TimeSpan Took);

    /// <summary>PADIs that LacEdge took, PADOs that it sent, and frames that were lost before it could take them.</summary>
    private readonly record struct Discovery(long Padis, long Pados, long Drops)
    {
        public static Discovery Read(BenchLab lab)
        {
            var counters = lab.Api("counters");
            var messages = counters.GetProperty("messages");
            return new Discovery(
                messages.GetProperty("padi_received").GetInt64(), messages.GetProperty("pado_sent").GetInt64(),
                counters.GetProperty("data_plane").GetProperty("discovery_kernel_drops").GetInt64());
        }
    }
}
