using System.Globalization;

namespace LacEdge.Core;

/// <summary>
/// The id of a subscriber session: the boot number of LacEdge (from the state directory) and a sequence, printed
/// "7-10447". Its 16 hex digits are the Acct-Session-Id.
/// </summary>
public readonly record struct SessionKey(uint Boot, uint Sequence) : IComparable<SessionKey>
{
    public ulong Value => (ulong)Boot << 32 | Sequence;
    public string AcctSessionId => Value.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out SessionKey key)
    {
        key = default;
        if (text?.Split('-') is not [var boot, var sequence]) return false;
        if (!uint.TryParse(boot, NumberStyles.None, CultureInfo.InvariantCulture, out var b)) return false;
        if (!uint.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s)) return false;
        key = new SessionKey(b, s);
        return true;
    }

    public int CompareTo(SessionKey other) => Value.CompareTo(other.Value);
    public override int GetHashCode() => (int)(Sequence * 2654435761 ^ Boot);
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Boot}-{Sequence}");

    public static bool operator <(SessionKey left, SessionKey right) => left.Value < right.Value;
    public static bool operator >(SessionKey left, SessionKey right) => left.Value > right.Value;
    public static bool operator <=(SessionKey left, SessionKey right) => left.Value <= right.Value;
    public static bool operator >=(SessionKey left, SessionKey right) => left.Value >= right.Value;
}
