using System.Buffers.Binary;
using System.Security.Cryptography;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>
/// The AC-Cookie (RFC 2516 section 9): proves that a PADR comes from a host that got our PADO, and when, without keeping
/// anything. HMAC-SHA256 over access group, MAC, line and a time slot, cut to 16 octets; good for its slot and the next.
/// </summary>
internal sealed class AcCookie
{
    public const int Size = 16;
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(30);

    private readonly byte[] _key = new byte[32];

    public AcCookie(RandomStream keys) => keys.Fill(_key);

    public void Write(Span<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, Instant now) =>
        Compute(cookie, accessGroup, subscriber, vlans, SlotOf(now));

    public bool IsValid(ReadOnlySpan<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, Instant now)
    {
        if (cookie.Length != Size) return false;
        Span<byte> expected = stackalloc byte[Size];
        for (var slot = SlotOf(now); slot >= SlotOf(now) - 1; slot--)
        {
            Compute(expected, accessGroup, subscriber, vlans, slot);
            if (CryptographicOperations.FixedTimeEquals(cookie, expected)) return true;
        }

        return false;
    }

    private static long SlotOf(Instant now) => now.Nanoseconds / (Slot.Ticks * TimeSpan.NanosecondsPerTick);

    private void Compute(Span<byte> cookie, int accessGroup, MacAddress subscriber, VlanStack vlans, long slot)
    {
        // The line, not the priority bits: a subscriber may mark its frames differently.
        Span<byte> input = stackalloc byte[4 + 8 + 1 + 4 + 4 + 8];
        BinaryPrimitives.WriteInt32BigEndian(input, accessGroup);
        BinaryPrimitives.WriteUInt64BigEndian(input[4..], subscriber.Value);
        input[12] = vlans.Count;
        BinaryPrimitives.WriteUInt16BigEndian(input[13..], vlans.Outer.Tpid);
        BinaryPrimitives.WriteUInt16BigEndian(input[15..], vlans.Outer.Id);
        BinaryPrimitives.WriteUInt16BigEndian(input[17..], vlans.Inner.Tpid);
        BinaryPrimitives.WriteUInt16BigEndian(input[19..], vlans.Inner.Id);
        BinaryPrimitives.WriteInt64BigEndian(input[21..], slot);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, input, mac);
        mac[..Size].CopyTo(cookie);
    }
}
