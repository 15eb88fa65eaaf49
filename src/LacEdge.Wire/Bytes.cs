namespace LacEdge.Wire;

/// <summary>Octets as a value: equal when their contents are, printed as lower-case hex.</summary>
public readonly struct Bytes : IEquatable<Bytes>
{
    private readonly byte[]? _array;

    private Bytes(byte[] array) => _array = array;

    public static Bytes Empty => default;

    /// <summary>Takes the array as its own: the caller must not change it afterwards.</summary>
    public static Bytes Wrap(byte[] array) => new(array);
    public static Bytes Copy(ReadOnlySpan<byte> octets) => octets.IsEmpty ? default : new Bytes(octets.ToArray());
    public static Bytes Hex(string hex) => new(Convert.FromHexString(hex));

    public int Length => _array?.Length ?? 0;
    public bool IsEmpty => Length == 0;
    public ReadOnlySpan<byte> Span => _array;

    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <summary>The same in every run (FNV-1a), as anything that Core can see must be.</summary>
    public override int GetHashCode()
    {
        var hash = 2166136261u;
        foreach (var octet in Span) hash = (hash ^ octet) * 16777619;
        return (int)hash;
    }

    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);
    public override string ToString() => Convert.ToHexStringLower(Span);
}
