namespace LacEdge.Wire.Ppp;

/// <summary>PPP protocol numbers (IANA).</summary>
public enum PppProtocol : ushort
{
    Ipv4 = 0x0021,
    Multilink = 0x003D,
    Ipv6 = 0x0057,
    Ipcp = 0x8021,
    Ecp = 0x8053,
    Ipv6cp = 0x8057,
    Ccp = 0x80FD,
    Lcp = 0xC021,
    Pap = 0xC023,
    Lqr = 0xC025,
    Chap = 0xC223,
    Eap = 0xC227,
}

/// <summary>How the PPP header stood on the wire.</summary>
public enum PppHeaderForm : byte
{
    /// <summary>Two octets of protocol.</summary>
    Plain,
    /// <summary>FF 03 before the protocol (RFC 1662).</summary>
    AddressAndControl,
    /// <summary>One octet of protocol (protocol field compression, RFC 1661 section 6.5).</summary>
    CompressedProtocol,
}

/// <summary>A view of a PPP frame without HDLC flags and FCS.</summary>
public readonly ref struct PppFrame
{
    public PppProtocol Protocol { get; private init; }
    public PppHeaderForm HeaderForm { get; private init; }
    /// <summary>What follows the protocol field, padding included.</summary>
    public ReadOnlySpan<byte> Information { get; private init; }

    /// <summary>Errors: <see cref="DecodeError.PppTruncated"/>, <see cref="DecodeError.PppProtocolInvalid"/>.
    /// FF 03 in front is taken as address and control (0xFF03 is no PPP protocol).</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out PppFrame frame, out DecodeError error)
    {
        frame = default;
        error = DecodeError.PppTruncated;
        var form = PppHeaderForm.Plain;
        if (bytes is [0xFF, 0x03, ..])
        {
            bytes = bytes[2..];
            form = PppHeaderForm.AddressAndControl;
        }

        var reader = new WireReader(bytes);
        ushort protocol = reader.ReadByte();
        if (!reader.Ok) return false;
        if ((protocol & 1) != 0)
        {
            // An odd first octet is the whole, compressed protocol field.
            if (form == PppHeaderForm.Plain) form = PppHeaderForm.CompressedProtocol;
        }
        else
        {
            protocol = (ushort)(protocol << 8 | reader.ReadByte());
            if (!reader.Ok) return false;
            if ((protocol & 1) == 0) { error = DecodeError.PppProtocolInvalid; return false; }
        }

        frame = new PppFrame { Protocol = (PppProtocol)protocol, HeaderForm = form, Information = reader.Rest };
        error = DecodeError.None;
        return true;
    }
}
