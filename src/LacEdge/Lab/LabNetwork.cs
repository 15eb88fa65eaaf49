using LacEdge.Linux.Namespaces;
using LacEdge.Linux.Netlink;
using LacEdge.Wire.Ip;

namespace LacEdge.Lab;

/// <summary>
/// Three network namespaces without any way out: the subscribers' end, LacEdge's place, the LNSes' end, joined by virtual
/// cables. Gone with this object.
/// </summary>
internal sealed class LabNetwork : IDisposable
{
    /// <summary>In LacEdge's namespace: PPPoE from the subscribers, no address.</summary>
    public const string AccessInterface = "eth1";
    /// <summary>In LacEdge's namespace: IP to the LNSes.</summary>
    public const string CoreInterface = "eth0";
    private const string PeerInterface = "lab0";
    private const int Prefix = 24;
    private const int AccessMtu = 1508;

    public static IpAddress LacAddress => IpAddress.Parse("198.18.0.1");

    private LabNetwork(string name)
    {
        var names = NamesOf(name);
        Access = NetworkNamespace.Create(names[0]);
        try
        {
            Lac = NetworkNamespace.Create(names[1]);
            Core = NetworkNamespace.Create(names[2]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Access { get; }
    public NetworkNamespace Lac { get; } = null!;
    public NetworkNamespace Core { get; } = null!;

    /// <summary>The namespaces of the lab of this name, as <c>ip netns</c> shows them: subscribers, LacEdge, LNSes.</summary>
    public static string[] NamesOf(string name) => [$"{name}-access", $"{name}-lac", $"{name}-core"];

    /// <param name="lnsAddresses">Given to the LNSes' end, in 198.18.0.0/24.</param>
    public static LabNetwork Create(string name, IEnumerable<IpAddress> lnsAddresses)
    {
        var network = new LabNetwork(name);
        try
        {
            foreach (var place in (NetworkNamespace[])[network.Access, network.Lac, network.Core]) place.Run(Sysctl.DisableIpv6);
            network.Lac.Run(() =>
            {
                Links.SetUp("lo");
                Links.AddVeth(AccessInterface, PeerInterface, network.Access);
                Links.AddVeth(CoreInterface, PeerInterface, network.Core);
                Links.AddAddress(CoreInterface, LacAddress, Prefix);
                // Room for a full PPPoE frame inside L2TP, as an operator's core has it.
                Links.SetMtu(CoreInterface, 1600);
                // And for two tags on the access side.
                Links.SetMtu(AccessInterface, AccessMtu);
                Links.SetUp(AccessInterface);
                Links.SetUp(CoreInterface);
            });
            network.Access.Run(() =>
            {
                Links.SetMtu(PeerInterface, AccessMtu);
                Links.SetUp(PeerInterface);
            });
            network.Core.Run(() =>
            {
                Links.SetUp("lo");
                Links.SetMtu(PeerInterface, 1600);
                foreach (var address in lnsAddresses) Links.AddAddress(PeerInterface, address, Prefix);
                Links.SetUp(PeerInterface);
            });
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The subscribers' end of the access cable.</summary>
    public LinkInfo AccessPeer() => Access.Run(() => LinkInfo.Get(PeerInterface));

    public void Dispose()
    {
        Core?.Dispose();
        Lac?.Dispose();
        Access.Dispose();
    }
}
