using LacEdge.Interop.Host;
using LacEdge.Interop.Peers;
using LacEdge.Interop.UnderTest;

namespace LacEdge.Interop.Cases;

/// <summary>A laboratory that makes one row after the other: its network, subscribers, LNS and the access concentrator in the middle.</summary>
internal sealed class Lane : IAsyncDisposable
{
    private readonly Lns _lns;

    private Lane(LabNetwork lab, SubscriberGuest subscribers, Lns lns, Concentrator concentrator)
    {
        Network = lab;
        Subscribers = subscribers;
        _lns = lns;
        Concentrator = concentrator;
    }

    public LabNetwork Network { get; }
    public SubscriberGuest Subscribers { get; }
    public Concentrator Concentrator { get; }

    public static async Task<Lane> OpenAsync(string name, Options options)
    {
        var lab = await LabNetwork.UpAsync(name);
        try
        {
            var subscribers = SubscriberGuest.BootAsync(lab);
            Lns lns = name == "l2tpns" ? await L2tpnsLns.PrepareAsync(lab) : await Xl2tpdLns.BootAsync(lab);
            Concentrator concentrator = options.Reference ? new ReferenceL2tpns(lab) : new LacEdgeProcess(lab, options.LacEdge);
            return new(lab, await subscribers, lns, concentrator);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public Lns LnsFor(InteropCase row)
    {
        if (_lns is Xl2tpdLns xl2tpd)
            xl2tpd.UseDataPlane(kernel: row.Peer == PeerKind.Xl2tpdKernel);
        return _lns;
    }

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
