using LacEdge.Interop.Host;
using LacEdge.Interop.Peers;
using LacEdge.Interop.UnderTest;

namespace LacEdge.Interop.Cases;

/// <summary>A laboratory that makes one row after the other: network, subscribers, an LNS, an access concentrator in the middle.</summary>
internal sealed class Lane : IAsyncDisposable
{
    private Lane(LabNetwork lab, SubscriberGuest subscribers, Lns lns, Concentrator concentrator)
    {
        Network = lab;
        Subscribers = subscribers;
        Lns = lns;
        Concentrator = concentrator;
    }

    public LabNetwork Network { get; }
    public SubscriberGuest Subscribers { get; }
    public Lns Lns { get; }
    public Concentrator Concentrator { get; }

    public static async Task<Lane> OpenAsync(PeerKind peer, Options options)
    {
        var lab = await LabNetwork.UpAsync(InteropCase.NameOf(peer));
        try
        {
            var subscribers = SubscriberGuest.BootAsync(lab);
            Lns lns = peer == PeerKind.L2tpns
                ? await L2tpnsLns.PrepareAsync(lab)
                : await Xl2tpdLns.BootAsync(lab, inKernel: peer == PeerKind.Xl2tpdKernel);
            Concentrator concentrator = options.Reference ? new ReferenceL2tpns(lab) : new LacEdgeProcess(lab, options.LacEdge);
            return new(lab, await subscribers, lns, concentrator);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
