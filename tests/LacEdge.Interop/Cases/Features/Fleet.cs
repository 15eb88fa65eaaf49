using LacEdge.Interop.Peers;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>Many subscribers online at the same time, all in one tunnel: the others dial over the first line.</summary>
/// <param name="Size">At most <see cref="Most"/>.</param>
internal sealed record Fleet(int Size) : Feature($"{Size}-subscribers")
{
    public const int Most = 64;
    private const int AtATime = 8;

    public override string AccessService => $"limits: {{ sessions-per-mac: {Size} }}";
    public override string Discovery => "padi-rate: { mac: 200 }, padr-rate: { mac: 200 }";
    public override TimeSpan ShutdownTime => TimeSpan.FromSeconds(20);

    public override async Task ActAsync(Stage stage)
    {
        foreach (var numbers in Enumerable.Range(1, Size).Skip(Subscriber.All.Length).Chunk(AtATime))
        {
            var links = numbers.Select(stage.Dial).ToList();
            stage.More.AddRange(links);
            foreach (var link in links)
                await link.UpAsync();
        }
        await stage.Lns.ExpectSessionsAsync(Size, TimeSpan.FromSeconds(10));
        await stage.Guest.PingFromAllAsync(Size, Lns.HostBehind);
        var addresses = stage.More.Select(link => link.Address).Append(stage.First.Address).Append(stage.Second.Address).Distinct().Count();
        Expect(addresses == Size, $"{Size} subscribers have {addresses} addresses");
    }

    public override async Task JudgeAsync(Evidence evidence)
    {
        var messages = await evidence.SentControlMessagesAsync();
        var (tunnels, calls) = (messages.Count(each => each.Type == Message.Scccn), messages.Count(each => each.Type == Message.Iccn));
        Expect(tunnels == 1, $"{tunnels} tunnels were opened");
        Expect(calls >= Size, $"{calls} calls were connected");
        var echoes = await evidence.SelectAsync(Side.Core, "l2tp.type == 0 && icmp.type == 0", "l2tp.session");
        var sessions = echoes.Where(frame => !frame.Ours).Select(frame => frame["l2tp.session"]).Distinct().Count();
        Expect(sessions >= Size, $"echo replies came in {sessions} sessions");
    }
}
