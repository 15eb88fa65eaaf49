using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Radius;

/// <summary>All that one tag of RFC 2868 says of a tunnel. What is null was not said.</summary>
public sealed record TunnelSet(byte Tag)
{
    public const uint L2tp = 3, DefaultPreference = 0;

    public uint? Type { get; internal set; }
    /// <summary>1 IPv4, 2 IPv6.</summary>
    public uint? Medium { get; internal set; }
    /// <summary>Ours.</summary>
    public string? ClientEndpoint { get; internal set; }
    /// <summary>Several share the load.</summary>
    public List<string> ServerEndpoints { get; } = [];
    public Secret? Password { get; internal set; }
    public string? AssignmentId { get; internal set; }
    /// <summary>Lowest first.</summary>
    public uint Preference { get; internal set; } = DefaultPreference;
    /// <summary>Our Host Name.</summary>
    public string? ClientAuthId { get; internal set; }
    /// <summary>The Host Name that the LNS must show.</summary>
    public string? ServerAuthId { get; internal set; }
    /// <summary>Why the set cannot be used; null when it can be read.</summary>
    public string? Fault { get; internal set; }
}

/// <summary>What an Access-Accept says of tunnels (RFC 2868, Cisco's AV pairs "vpdn:", Framed-IP-Address) and of the session.</summary>
public sealed class AccessAccept
{
    private const byte ServiceTypeType = 6, FramedIpAddress = 8, ReplyMessageType = 18, SessionTimeoutType = 27, IdleTimeoutType = 28, CiscoAvPair = 1;
    private const byte TunnelType = 64, TunnelMedium = 65, ClientEndpoint = 66, ServerEndpoint = 67, TunnelPassword = 69;
    private const byte AssignmentId = 82, Preference = 83, ClientAuthId = 90, ServerAuthId = 91, MaxTag = 0x1F;
    private const uint Cisco = 9;

    private readonly List<TunnelSet> _sets = [];
    private readonly List<string> _vpdn = [];

    private AccessAccept()
    {
    }

    public uint? ServiceType { get; private set; }
    /// <summary>Zero: not said.</summary>
    public TimeSpan SessionTimeout { get; private set; }
    /// <summary>Zero: not said.</summary>
    public TimeSpan IdleTimeout { get; private set; }
    /// <summary>None: not said.</summary>
    public IpAddress FramedAddress { get; private set; }
    /// <summary>Several are one text (RFC 2865 section 5.18); what does not print is escaped.</summary>
    public string ReplyMessage { get; private set; } = "";
    /// <summary>By preference; among equals in the order in which they came.</summary>
    public ImmutableArray<TunnelSet> Sets => [.. _sets.OrderBy(set => set.Preference)];
    /// <summary>Cisco's AV pairs of the protocol "vpdn", without it: "tunnel-id=lac1".</summary>
    public IReadOnlyList<string> Vpdn => _vpdn;

    /// <summary>Any genuine reply; attributes whose size is wrong for their type are passed over.</summary>
    public static AccessAccept Read(RadiusReply reply)
    {
        var accept = new AccessAccept();
        var walk = new RadiusAttributeReader(reply.Attributes);
        while (walk.MoveNext()) accept.Take(walk.Current, reply);
        return accept;
    }

    private void Take(RadiusAttribute attribute, RadiusReply reply)
    {
        var value = attribute.Value;
        switch (attribute.Type)
        {
            case ServiceTypeType when value.Length == 4: ServiceType = BinaryPrimitives.ReadUInt32BigEndian(value); break;
            case SessionTimeoutType when value.Length == 4: SessionTimeout = TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(value)); break;
            case IdleTimeoutType when value.Length == 4: IdleTimeout = TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(value)); break;
            case FramedIpAddress when value.Length == 4: FramedAddress = IpAddress.Read(value); break;
            case ReplyMessageType: ReplyMessage += PrintableText.From(value); break;
            case RadiusAttribute.VendorSpecific: TakeVendor(value); break;
            case TunnelType or TunnelMedium or Preference when value.Length == 4: TakeNumber(attribute.Type, value); break;
            case ClientEndpoint or ServerEndpoint or AssignmentId or ClientAuthId or ServerAuthId: TakeText(attribute.Type, value); break;
            case TunnelPassword: TakePassword(value, reply); break;
        }
    }

    private void TakeNumber(byte type, ReadOnlySpan<byte> value)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(value) & 0xFFFFFF;
        var set = SetOf(value[0]);
        if (type == TunnelType) set.Type = number;
        else if (type == TunnelMedium) set.Medium = number;
        else set.Preference = number;
    }

    /// <summary>The first octet is a tag up to 1F, and above that the first of the text (RFC 2868 sections 3.3 and 3.4).</summary>
    private void TakeText(byte type, ReadOnlySpan<byte> value)
    {
        var tagged = value is [<= MaxTag, ..];
        var set = SetOf(tagged ? value[0] : (byte)0);
        if (TextOf(tagged ? value[1..] : value) is not { } text)
        {
            set.Fault = $"its {RadiusDictionary.Find(type)?.Name} is no text";
            return;
        }

        if (text.Length == 0) return;
        switch (type)
        {
            case ClientEndpoint: set.ClientEndpoint = text; break;
            case ServerEndpoint: set.ServerEndpoints.Add(text); break;
            case AssignmentId: set.AssignmentId = text; break;
            case ClientAuthId: set.ClientAuthId = text; break;
            case ServerAuthId: set.ServerAuthId = text; break;
        }
    }

    /// <summary>Its tag is always there; one that is out of range means nothing (RFC 2868 section 3.5).</summary>
    private void TakePassword(ReadOnlySpan<byte> value, RadiusReply reply)
    {
        if (value.IsEmpty) return;
        var set = SetOf(value[0]);
        Span<byte> clear = stackalloc byte[RadiusAttribute.MaxValueSize];
        if (reply.TryReadTunnelPassword(value[1..], clear, out var size)) set.Password = new Secret(Bytes.Copy(clear[..size]));
        else set.Fault = "its Tunnel-Password cannot be read";
    }

    private void TakeVendor(ReadOnlySpan<byte> value)
    {
        if (value.Length < 6 || BinaryPrimitives.ReadUInt32BigEndian(value) != Cisco) return;
        var walk = new RadiusAttributeReader(value[4..]);
        while (walk.MoveNext())
        {
            if (walk.Current.Type == CiscoAvPair && TextOf(walk.Current.Value) is { } pair && pair.StartsWith("vpdn:", StringComparison.Ordinal))
                _vpdn.Add(pair["vpdn:".Length..]);
        }
    }

    private TunnelSet SetOf(byte tag)
    {
        if (tag > MaxTag) tag = 0;
        if (_sets.Find(set => set.Tag == tag) is { } known) return known;
        var made = new TunnelSet(tag);
        _sets.Add(made);
        return made;
    }

    /// <summary>Null when it is no text.</summary>
    private static string? TextOf(ReadOnlySpan<byte> octets)
    {
        if (!Utf8.IsValid(octets)) return null;
        var text = Encoding.UTF8.GetString(octets);
        return text.Any(char.IsControl) ? null : text;
    }
}
