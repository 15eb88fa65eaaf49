namespace LacEdge.Wire.Ppp;

/// <summary>A view of a PAP Authenticate-Request's data (RFC 1334 section 2.2.1).</summary>
public readonly ref struct PapRequest
{
    public ReadOnlySpan<byte> PeerId { get; private init; }
    public ReadOnlySpan<byte> Password { get; private init; }

    /// <summary>Error: <see cref="DecodeError.PapLength"/> when an inner length passes the end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out PapRequest request, out DecodeError error)
    {
        var reader = new WireReader(data);
        var peerId = reader.ReadBytes(reader.ReadByte());
        var password = reader.ReadBytes(reader.ReadByte());
        request = reader.Ok ? new PapRequest { PeerId = peerId, Password = password } : default;
        error = reader.Ok ? DecodeError.None : DecodeError.PapLength;
        return reader.Ok;
    }

    public static void WriteData(ref WireWriter writer, scoped ReadOnlySpan<byte> peerId, scoped ReadOnlySpan<byte> password)
    {
        writer.WriteByte((byte)peerId.Length);
        writer.WriteBytes(peerId);
        writer.WriteByte((byte)password.Length);
        writer.WriteBytes(password);
    }
}

/// <summary>A view of the data of a CHAP Challenge or Response (RFC 1994 section 4.1).</summary>
public readonly ref struct ChapValue
{
    public ReadOnlySpan<byte> Value { get; private init; }
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>Error: <see cref="DecodeError.ChapLength"/> when Value-Size passes the end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out ChapValue value, out DecodeError error)
    {
        var reader = new WireReader(data);
        var octets = reader.ReadBytes(reader.ReadByte());
        value = reader.Ok ? new ChapValue { Value = octets, Name = reader.Rest } : default;
        error = reader.Ok ? DecodeError.None : DecodeError.ChapLength;
        return reader.Ok;
    }

    public static void WriteData(ref WireWriter writer, scoped ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> name)
    {
        writer.WriteByte((byte)value.Length);
        writer.WriteBytes(value);
        writer.WriteBytes(name);
    }
}
