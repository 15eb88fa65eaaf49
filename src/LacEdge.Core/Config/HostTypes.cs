using System.Globalization;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>The name of a host, absolute, in lower case.</summary>
public sealed class HostNameType : ConfigType<string>
{
    public override string Expected => "a host name of letters, digits, hyphens and dots, like lns1.isp1.example";
    public override string? Parse(string text, out string value) => DnsName.TryParseHost(text, out value) ? null : NotExpected(text);
}

/// <summary>An address with or without a port.</summary>
/// <param name="port">Where none is written.</param>
public sealed class EndpointType(ushort port) : ConfigType<UdpEndpoint>
{
    private static readonly AddressType _address = new();

    public override string Expected => "an address, or an address and a port like 192.0.2.53:5353 or [2001:db8::53]:5353";

    public override string? Parse(string text, out UdpEndpoint value)
    {
        var (host, digits) = Split(text);
        value = default;
        if (_address.Parse(host, out var address) is not null) return NotExpected(text);
        var number = port;
        if (digits.Length > 0 && !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)) return NotExpected(text);
        value = new UdpEndpoint(address, number);
        return number > 0 && !text.EndsWith(':') ? null : NotExpected(text);
    }

    private static (string Host, string Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
            return text[(end + 1)..] is [':', .. var behind] ? (text[1..end], behind) : (text, "");
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == text.LastIndexOf(':') ? (text[..colon], text[(colon + 1)..]) : (text, "");
    }
}
