using System.Globalization;

namespace LacEdge.Interop.Cases;

/// <summary>A line as LacEdge sees it.</summary>
/// <param name="Device">In the subscribers' guest (<c>subscriber.sh</c>).</param>
/// <param name="Nic">Number of the NIC below it; its MAC ends in that.</param>
/// <param name="Tags"><c>TPID:ID</c>, from the outermost; empty: none.</param>
/// <param name="Mru">What pppd asks for; beyond 1492 with PPP-Max-Payload (RFC 4638).</param>
internal sealed record AccessLine(string Device, int Nic, string Tags, int Mru = 1492)
{
    public string Mac => MacOf(Nic);

    public static string MacOf(int nic) => string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:01:{nic:x2}");

    /// <summary>As LacEdge's configuration names it.</summary>
    public string VlanPattern => Tags.Length == 0 ? "untagged" : string.Join('.', Tags.Split(' ').Select(tag => tag.Split(':')[1]));
}

/// <summary>The lines of both subscribers, by what the access network puts around their frames.</summary>
internal sealed record AccessLines(string Name, AccessLine First, AccessLine Second)
{
    /// <summary>Made outside the guest.</summary>
    public const string ForeignTags = "9100:500 8100:500";

    public static readonly AccessLines Untagged = new("", new("vec0", 1, ""), new("vec1", 2, ""));

    /// <summary>Devices of the subscriber's kernel, 802.1ad and 802.1Q; frames as large as they get.</summary>
    public static readonly AccessLines Vlans = new("vlans", new("qinq", 1, "88a8:200 8100:300", Mru: 1500), new("single", 2, "8100:100"));

    /// <summary>The same id twice, once with an outer TPID that Linux does not know.</summary>
    public static readonly AccessLines EqualIds = new("equal-ids", new("vec2", 3, ForeignTags), new("equal", 2, "88a8:400 8100:400"));

    /// <summary>RFC 4638 without VLANs.</summary>
    public static readonly AccessLines LargeMru = new("mru-1500", new("vec0", 1, "", Mru: 1500), new("vec1", 2, ""));

    /// <summary>An access node tells of the first line what it is (TR-101).</summary>
    public static readonly AccessLines AccessNode = new("access-line", new("vec3", 4, ""), new("vec1", 2, ""));

    public IReadOnlyList<AccessLine> All => [First, Second];
}
