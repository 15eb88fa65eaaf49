using System.Buffers.Binary;

namespace LacEdge.Wire.Radius;

/// <summary>Writes a RADIUS packet, attribute by attribute (RFC 2865 section 3); <see cref="RadiusSeal"/> then makes it valid.</summary>
/// <param name="buffer">At most <see cref="RadiusPacket.MaxSize"/> octets of it are used.</param>
public ref struct RadiusWriter(Span<byte> buffer)
{
    private WireWriter _writer = new(buffer[..Math.Min(buffer.Length, RadiusPacket.MaxSize)]);

    /// <summary>False when something did not fit: into the packet, or a value into its attribute.</summary>
    public bool Ok { get; private set; } = true;

    /// <summary>Code, identifier, room for length and authenticator.</summary>
    public void Begin(RadiusCode code, byte identifier)
    {
        _writer.WriteByte((byte)code);
        _writer.WriteByte(identifier);
        _writer.WriteUInt16(0);
        _writer.Reserve(RadiusAuthentication.Size).Clear();
    }

    /// <summary>At most 253 octets; none for an empty value.</summary>
    public void Octets(byte type, scoped ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        if (Attribute(type, value.Length) is var room && room.Length == value.Length) value.CopyTo(room);
    }

    /// <summary>UTF-8.</summary>
    public void Text(byte type, string value)
    {
        Span<byte> octets = stackalloc byte[RadiusAttribute.MaxValueSize + 4];
        if (System.Text.Encoding.UTF8.TryGetBytes(value, octets, out var size)) Octets(type, octets[..size]);
        else Ok = false;
    }

    public void Integer(byte type, uint value)
    {
        if (Attribute(type, 4) is { Length: 4 } room) BinaryPrimitives.WriteUInt32BigEndian(room, value);
    }

    /// <summary>Four octets, the first of them the tag (RFC 2868 section 3).</summary>
    public void TaggedInteger(byte type, byte tag, uint value) => Integer(type, (uint)tag << 24 | value & 0xFFFFFF);

    /// <summary>With an address's 4 or 16 octets.</summary>
    public void Address(byte type, Ip.IpAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.Write(octets);
        Octets(type, octets[..address.Size]);
    }

    /// <summary>A vendor's sub-attribute in a Vendor-Specific of its own (RFC 2865 section 5.26).</summary>
    public void Vendor(uint vendor, byte type, scoped ReadOnlySpan<byte> value)
    {
        var room = Attribute(RadiusAttribute.VendorSpecific, 6 + value.Length);
        if (room.IsEmpty) return;
        BinaryPrimitives.WriteUInt32BigEndian(room, vendor);
        (room[4], room[5]) = (type, (byte)(2 + value.Length));
        value.CopyTo(room[6..]);
    }

    /// <summary>Attributes that are encoded already.</summary>
    public void Encoded(scoped ReadOnlySpan<byte> attributes)
    {
        if (_writer.Free < attributes.Length) Ok = false;
        else _writer.WriteBytes(attributes);
    }

    /// <summary>Room for a value that is computed later; empty when there is none.</summary>
    public Span<byte> Attribute(byte type, int size)
    {
        if (size > RadiusAttribute.MaxValueSize)
        {
            Ok = false;
            return default;
        }

        var attribute = _writer.Reserve(2 + size);
        if (attribute.IsEmpty)
        {
            Ok = false;
            return default;
        }

        (attribute[0], attribute[1]) = (type, (byte)(2 + size));
        return attribute[2..];
    }

    /// <summary>The packet with its length; authenticators are zero.</summary>
    public readonly Span<byte> End()
    {
        _writer.PatchUInt16(2, (ushort)_writer.Position);
        return _writer.Written;
    }
}
