using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>
/// The AC-Cookie (RFC 2516 section 9): proves that a PADR comes from a host that got our PADO, and when, without keeping
/// anything. HMAC-SHA256 over MAC, line, a time slot and the interface's name, cut to 16 octets; good for its slot and the next.
/// </summary>
/// <remarks>
/// Each hour has a key of its own, derived from the master key. A slot lies in one hour and takes that hour's key, so the last
/// cookies of an hour are still proven, by the former key, in the first slot of the next.
/// <para>
/// With a configured master key cookies outlive a restart: slots count from the boot of the machine, and the interface goes in by its
/// name, as its number is another one when the configuration has changed. After a reboot the slots differ, and so do the cookies.
/// </para>
/// </remarks>
internal sealed class AcCookie
{
    public const int Size = 16;
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(30);
    private const int SlotsPerKey = 120, MaxInterfaceName = 64;

    private readonly byte[] _master;
    private readonly byte[][] _interfaces;
    private readonly (long Period, byte[] Key)[] _keys = [(-1, []), (-1, [])];

    public AcCookie(Secret master, RandomStream keys, IEnumerable<string> interfaces)
    {
        _master = new byte[32];
        keys.Fill(_master);
        if (master.IsSet) _master = HMACSHA256.HashData(master.Span, "LacEdge AC-Cookie"u8);
        _interfaces = [.. interfaces.Select(Encoding.UTF8.GetBytes)];
    }

    public void Write(Span<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, Instant now) =>
        Compute(cookie, accessGroup, subscriber, vlans, SlotOf(now));

    public bool IsValid(ReadOnlySpan<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, Instant now)
    {
        if (cookie.Length != Size) return false;
        Span<byte> expected = stackalloc byte[Size];
        for (var slot = SlotOf(now); slot >= Math.Max(SlotOf(now) - 1, 0); slot--)
        {
            Compute(expected, accessGroup, subscriber, vlans, slot);
            if (CryptographicOperations.FixedTimeEquals(cookie, expected)) return true;
        }

        return false;
    }

    private static long SlotOf(Instant now) => now.Nanoseconds / (Slot.Ticks * TimeSpan.NanosecondsPerTick);

    private void Compute(Span<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, long slot)
    {
        var name = _interfaces[accessGroup];
        Span<byte> input = stackalloc byte[8 + 8 + 8 + MaxInterfaceName];
        BinaryPrimitives.WriteUInt64BigEndian(input, subscriber.Value);
        // The line, not the priority bits: a subscriber may mark its frames differently.
        BinaryPrimitives.WriteUInt16BigEndian(input[8..], vlans.Outer.Tpid);
        BinaryPrimitives.WriteUInt16BigEndian(input[10..], vlans.Outer.Id);
        BinaryPrimitives.WriteUInt16BigEndian(input[12..], vlans.Inner.Tpid);
        BinaryPrimitives.WriteUInt16BigEndian(input[14..], vlans.Inner.Id);
        BinaryPrimitives.WriteInt64BigEndian(input[16..], slot);
        name.CopyTo(input[24..]);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(KeyOf(slot / SlotsPerKey), input[..(24 + name.Length)], mac);
        mac[..Size].CopyTo(cookie);
    }

    /// <summary>Two are kept: that of the hour and that of the one before.</summary>
    private byte[] KeyOf(long period)
    {
        ref var kept = ref _keys[period % 2];
        if (kept.Period != period)
        {
            Span<byte> label = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(label, period);
            kept = (period, HMACSHA256.HashData(_master, label));
        }

        return kept.Key;
    }
}
