using System.Runtime.InteropServices;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>A host that wants a session, or whose session it is: what the limits look at.</summary>
internal readonly ref struct Applicant(
    AccessServiceConfig service, int accessGroup, VlanStack vlans, MacAddress mac, ReadOnlySpan<byte> circuitId)
{
    public AccessServiceConfig Service { get; } = service;
    public int AccessGroup { get; } = accessGroup;
    public VlanStack Vlans { get; } = vlans;
    public MacAddress Mac { get; } = mac;
    /// <summary>Empty: not told, and not limited.</summary>
    public ReadOnlySpan<byte> CircuitId { get; } = circuitId;

    public Applicant(PppoeSession session) : this(
        session.Service, session.AccessGroup, session.Vlans, session.Subscriber, (session.Line?.CircuitId ?? Bytes.Empty).Span)
    {
    }
}

/// <summary>
/// Counts the sessions of each service: in all, by interface, by VLAN stack, by host (MAC on a VLAN stack) and by circuit-id.
/// Every operation takes the same time however many sessions there are; keys are digests, so nobody can make them collide.
/// </summary>
internal sealed class SessionLimits(KeyedHash hash)
{
    private enum Scope { Service, Interface, Vlan, Host, Circuit }

    private readonly Dictionary<ulong, int> _counts = [];
    /// <summary>Those of a host or a circuit-id, the oldest first.</summary>
    private readonly Dictionary<ulong, LinkedList<PppoeSession>> _members = [];

    public int SessionsOf(AccessServiceConfig service) => _counts.GetValueOrDefault(KeyOf(Scope.Service, new Applicant(service, 0, default, default, [])));

    public void Add(PppoeSession session)
    {
        var applicant = new Applicant(session);
        for (var scope = Scope.Service; scope <= Scope.Vlan; scope++)
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, KeyOf(scope, applicant), out _)++;
        session.OfHost = Join(KeyOf(Scope.Host, applicant), session);
        if (!applicant.CircuitId.IsEmpty) session.OfCircuit = Join(KeyOf(Scope.Circuit, applicant), session);
    }

    public void Remove(PppoeSession session)
    {
        var applicant = new Applicant(session);
        for (var scope = Scope.Service; scope <= Scope.Vlan; scope++)
        {
            var key = KeyOf(scope, applicant);
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _) == 0) _counts.Remove(key);
        }

        Leave(KeyOf(Scope.Host, applicant), session.OfHost!);
        if (session.OfCircuit is { } member) Leave(KeyOf(Scope.Circuit, applicant), member);
    }

    /// <summary>The session that has to end before this host may have another one.</summary>
    public PppoeSession? OldestInTheWayOfHost(in Applicant applicant) =>
        InTheWay(Scope.Host, applicant, applicant.Service.Limits.PerMac);

    /// <summary>As <see cref="OldestInTheWayOfHost"/>, where circuit-ids replace; null where they refuse.</summary>
    public PppoeSession? OldestInTheWayOfCircuit(in Applicant applicant) =>
        applicant.Service.Limits.AtCircuitIdLimit == AtLimit.Replace && !applicant.CircuitId.IsEmpty
            ? InTheWay(Scope.Circuit, applicant, applicant.Service.Limits.PerCircuitId) : null;

    /// <summary>The limit that keeps this host from one more session, once those in its way are gone.</summary>
    public DropReason? Reached(in Applicant applicant)
    {
        var limits = applicant.Service.Limits;
        if (IsFull(Scope.Service, applicant, limits.Sessions)) return DropReason.ServiceLimit;
        if (IsFull(Scope.Interface, applicant, limits.PerInterface)) return DropReason.InterfaceLimit;
        if (IsFull(Scope.Vlan, applicant, limits.PerVlan)) return DropReason.VlanLimit;
        return !applicant.CircuitId.IsEmpty && limits.PerCircuitId > 0
            && MembersOf(Scope.Circuit, applicant) >= limits.PerCircuitId ? DropReason.CircuitLimit : null;
    }

    /// <summary>The limit that is certain to refuse this host's PADR: none as long as one of its sessions would make room.</summary>
    public DropReason? SureToRefuse(in Applicant applicant) =>
        OldestInTheWayOfHost(applicant) is null && OldestInTheWayOfCircuit(applicant) is null ? Reached(applicant) : null;

    /// <summary>What a refused subscriber is told.</summary>
    public static string TextOf(DropReason limit, AccessLimitsConfig limits) => limit switch
    {
        DropReason.ServiceLimit => $"the service has its {limits.Sessions} sessions",
        DropReason.InterfaceLimit => $"the interface has its {limits.PerInterface} sessions",
        DropReason.VlanLimit => $"the VLAN has its {limits.PerVlan} sessions",
        DropReason.CircuitLimit => $"the line (circuit-id) has its {limits.PerCircuitId} sessions",
        _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, "not a limit of sessions"),
    };

    private PppoeSession? InTheWay(Scope scope, in Applicant applicant, int limit) =>
        limit > 0 && _members.TryGetValue(KeyOf(scope, applicant), out var members) && members.Count >= limit ? members.First!.Value : null;

    private bool IsFull(Scope scope, in Applicant applicant, int limit) =>
        limit > 0 && _counts.GetValueOrDefault(KeyOf(scope, applicant)) >= limit;

    private int MembersOf(Scope scope, in Applicant applicant) =>
        _members.TryGetValue(KeyOf(scope, applicant), out var members) ? members.Count : 0;

    private LinkedListNode<PppoeSession> Join(ulong key, PppoeSession session)
    {
        if (!_members.TryGetValue(key, out var members)) _members.Add(key, members = new LinkedList<PppoeSession>());
        return members.AddLast(session);
    }

    private void Leave(ulong key, LinkedListNode<PppoeSession> member)
    {
        var members = member.List!;
        members.Remove(member);
        if (members.Count == 0) _members.Remove(key);
    }

    private ulong KeyOf(Scope scope, in Applicant applicant)
    {
        Span<byte> name = stackalloc byte[256];
        var service = hash.Of(name[..Encoding.UTF8.GetBytes(applicant.Service.Name, name)]);
        return scope switch
        {
            Scope.Service => hash.Of((ulong)scope, service),
            Scope.Interface => hash.Of((ulong)scope, service, (ulong)applicant.AccessGroup),
            Scope.Vlan => hash.Of((ulong)scope, service, hash.OfLine(applicant.AccessGroup, applicant.Vlans)),
            Scope.Host => hash.Of((ulong)scope, service, hash.OfHost(applicant.AccessGroup, applicant.Vlans, applicant.Mac)),
            Scope.Circuit => hash.Of((ulong)scope, service, hash.Of(applicant.CircuitId)),
        };
    }
}
