using System.Globalization;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Steering;

/// <summary>Where a subscriber is connected: what steering and templates know before it says who it is.</summary>
/// <param name="Interface">Name of the physical interface.</param>
/// <param name="ServiceName">As asked for; empty: any.</param>
/// <param name="Told">What the access node tells; null when nothing.</param>
public sealed record SubscriberLine(
    AccessServiceConfig Service, string Interface, VlanStack Vlans, MacAddress Mac, Bytes ServiceName, AccessLine? Told)
{
    /// <summary>A number of the L2TP call (RFC 2661 section 4.4.3): the template filled in, in printable ASCII, at most 255 characters.</summary>
    public string Fill(string template, UserName? user, string node)
    {
        if (template.Length == 0) return "";
        var text = LineTemplate.Fill(template, name => name switch
        {
            "mac" => Mac.ToString(),
            "interface" => Interface,
            "vlans" => Vlans.Count > 0 ? Vlans.ToString() : "",
            "outer-vlan" => Vlans.Count > 0 ? Vlan(Vlans.Outer) : "",
            "inner-vlan" => Vlans.Count > 1 ? Vlan(Vlans.Inner) : "",
            "circuit-id" => Text(Told?.CircuitId),
            "remote-id" => Text(Told?.RemoteId),
            "service-name" => Text(ServiceName),
            "access" => Service.Name,
            "realm" => user?.Realm ?? "",
            "user" => user?.Printable ?? "",
            "node" => node,
            _ => throw new InvalidOperationException($"'{name}' is not a name of {nameof(LineTemplate)}"),
        });
        return Ascii(Encoding.UTF8.GetBytes(text));
    }

    private const int MaxNumber = 255;

    private static string Text(Bytes? octets) => octets is { } known ? Ascii(known.Span) : "";

    /// <summary>Whatever the line or a name brings, a number is one that LNSes print and RADIUS servers look up.</summary>
    private static string Ascii(ReadOnlySpan<byte> octets) =>
        string.Create(Math.Min(octets.Length, MaxNumber), octets, (text, all) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = all[i] is >= 0x20 and < 0x7F ? (char)all[i] : '.';
        });

    private static string Vlan(VlanTag tag) => tag.Id.ToString(CultureInfo.InvariantCulture);
}
