namespace LacEdge.Core.L2tp;

/// <summary>All tunnels, lingering ones included: by our id, and in the order of their opening.</summary>
internal sealed class TunnelTable
{
    private readonly IdPool _ids;
    private readonly int _capacity;
    private readonly Dictionary<ushort, L2tpTunnel> _byId = [];
    private readonly List<L2tpTunnel> _inOrder = [];

    public TunnelTable(RandomStream random, int capacity)
    {
        _capacity = capacity;
        _ids = new IdPool(random, 1, ushort.MaxValue, ushort.MaxValue);
        _ids.TryTake(Instant.Zero, out var refusal);
        RefusalId = refusal;
    }

    public IReadOnlyList<L2tpTunnel> InOrder => _inOrder;
    public int IdsInUse => _ids.Live - 1;

    /// <summary>Stands for "ours" in the refusal of a tunnel that an LNS opens: never given to a tunnel.</summary>
    public ushort RefusalId { get; }

    public L2tpTunnel? Find(ushort localTunnelId) => _byId.GetValueOrDefault(localTunnelId);

    public bool TryTakeId(Instant now, out ushort id)
    {
        id = 0;
        return _inOrder.Count < _capacity && _ids.TryTake(now, out id);
    }

    public void Add(L2tpTunnel tunnel)
    {
        _byId.Add(tunnel.LocalTunnelId, tunnel);
        _inOrder.Add(tunnel);
    }

    /// <summary>Its id rests.</summary>
    public void Remove(L2tpTunnel tunnel, Instant now)
    {
        _byId.Remove(tunnel.LocalTunnelId);
        _inOrder.Remove(tunnel);
        ReleaseId(tunnel.LocalTunnelId, now);
    }

    public void ReleaseId(ushort id, Instant now) => _ids.Release(id, now);
}
