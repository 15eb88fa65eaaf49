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
        return Ascii(Encoding.UTF8.GetBytes(LineTemplate.Fill(template, name => ValueOf(name, user, node))));
    }

    /// <summary>A name for RADIUS: what came as octets stays as it is, and {user} is what RADIUS shall see of the user name.</summary>
    public Bytes FillOctets(string template, UserName? user, string node)
    {
        // Each character stands for one octet.
        var octets = LineTemplate.Fill(OfOctets(Encoding.UTF8.GetBytes(template)), name => name switch
        {
            "circuit-id" => OfOctets(Told is { } told ? told.CircuitId.Span : default),
            "remote-id" => OfOctets(Told is { } told ? told.RemoteId.Span : default),
            "service-name" => OfOctets(ServiceName.Span),
            "user" => user is null ? "" : OfOctets(user.ToRadius().Span),
            _ => OfOctets(Encoding.UTF8.GetBytes(ValueOf(name, user, node))),
        });
        return Bytes.Wrap(Encoding.Latin1.GetBytes(octets));
    }

    private string ValueOf(string name, UserName? user, string node) => name switch
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
    };

    private static string OfOctets(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

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
