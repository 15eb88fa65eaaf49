using System.Buffers.Binary;
using LacEdge.Lab.Peers;
using LacEdge.Wire.L2tp;

namespace LacEdge.Fuzz.Mutation;

/// <summary>Changes a message: where its structure is understood mostly there, else anywhere.</summary>
/// <param name="secret">To hide AVPs as their receiver can read them; empty: hidden ones are noise.</param>
internal sealed class Mutator(Root root, byte[] secret)
{
    private const int MaxSize = 4_000;

    public byte[] Mutate(byte[] message, byte[] other, PeerRandom random)
    {
        for (var changes = 1 + random.Next(random.Next(3) + 1); changes > 0; changes--)
        {
            var layout = Layout.Of(root, message);
            var change = random.Next(16);
            message = change switch
            {
                < 8 when layout.Items is { } format => ChangeItems(layout, format, message, other, random),
                < 10 when layout.Lengths.Count > 0 => ChangeLength(layout, message, random),
                < 12 when layout.Fields.Count > 0 => ChangeField(layout, message, random),
                12 when layout.VlanAt > 0 => ChangeVlans(layout, message, random),
                _ => ChangeOctets(message, other, random),
            };
            // Most often what is outside shall still fit, so that the inside is looked at.
            if (change < 8 && random.Next(8) != 0) layout.Repair(message);
        }

        return message.Length <= MaxSize ? message : message[..MaxSize];
    }

    private byte[] ChangeItems(Layout layout, ItemFormat format, byte[] message, byte[] other, PeerRandom random)
    {
        var head = message[..layout.ItemsAt];
        var list = message.AsSpan(layout.ItemsAt);
        var items = format.Walk(list, out var wellFormed).ConvertAll(range => message[layout.ItemsAt..][range]);
        var rest = list[wellFormed..].ToArray();
        var at = items.Count == 0 ? 0 : random.Next(items.Count);
        var change = items.Count == 0 ? 0 : random.Next(11);
        switch (change)
        {
            case 0 or 1: items.Insert(random.Next(items.Count + 1), Vocabulary.Item(format, random)); break;
            case 2: items.RemoveAt(at); break;
            case 3: items.Insert(random.Next(items.Count + 1), items[at]); break;
            case 4: (items[0], items[at]) = (items[at], items[0]); break;
            case 5: items[at] = Retyped(format, items[at], random); break;
            case 6: items[at] = Revalued(format, items[at], random); break;
            case 7: WrongLength(format, items[at], random); break;
            case 8 when format == ItemFormat.Avp: items[at][0] ^= (byte)(1 << 2 + random.Next(6)); break;
            case 9 when format == ItemFormat.Avp && secret.Length > 0: Hide(items, at, random); break;
            case 8: items.Add(format.Build(0, [])); break;
            case 9: items.AddRange(ItemsOf(other, format)); break;
            default:
                items[at] = [.. items[at][..format.HeaderSize], .. ChangeOctets(items[at][format.HeaderSize..], other, random)];
                if (random.Next(8) != 0) Reframe(format, items[at]);
                break;
        }

        return [.. head, .. items.SelectMany(item => item), .. rest];
    }

    private List<byte[]> ItemsOf(byte[] other, ItemFormat format)
    {
        var layout = Layout.Of(root, other);
        return layout.Items != format ? [] : format.Walk(other.AsSpan(layout.ItemsAt), out _).ConvertAll(range => other[layout.ItemsAt..][range]);
    }

    private static int Flags(ItemFormat format, byte[] item) => format == ItemFormat.Avp ? item[0] << 8 : 0;
    private static int Vendor(ItemFormat format, byte[] item) => format == ItemFormat.Avp ? BinaryPrimitives.ReadUInt16BigEndian(item.AsSpan(2)) : 0;

    private static int Size(ItemFormat format, PeerRandom random) => random.Next(8) switch
    {
        0 => 0,
        1 => format.MaxValue,
        2 => Math.Min(format.MaxValue, 255),
        _ => Math.Min(format.MaxValue, random.Next(40)),
    };

    private static byte[] Revalued(ItemFormat format, byte[] item, PeerRandom random)
    {
        var value = Vocabulary.Value(Size(format, random), random);
        return format.Build(format.TypeOf(item), value, Flags(format, item), Vendor(format, item));
    }

    private static byte[] Retyped(ItemFormat format, byte[] item, PeerRandom random)
    {
        var named = Vocabulary.Item(format, random);
        var retyped = (byte[])item.Clone();
        named.AsSpan(format.TypeAt, format.TypeSize).CopyTo(retyped.AsSpan(format.TypeAt));
        return retyped;
    }

    private static void WrongLength(ItemFormat format, byte[] item, PeerRandom random)
    {
        var (now, header) = (format.LengthOf(item), format.HeaderSize);
        var wrong = random.Next(7) switch { 0 => 0, 1 => 1, 2 => header - 1, 3 => header, 4 => now - 1, 5 => now + 1, _ => format.LengthMask };
        format.SetLength(item, Math.Max(0, wrong), Flags(format, item));
    }

    private static void Reframe(ItemFormat format, byte[] item) =>
        format.SetLength(item, Math.Min(format.Whole ? item.Length : item.Length - format.HeaderSize, format.LengthMask), Flags(format, item));

    /// <summary>Hides an AVP truly, with a random vector before it.</summary>
    private void Hide(List<byte[]> items, int at, PeerRandom random)
    {
        var item = items[at];
        var (type, vendor) = (ItemFormat.Avp.TypeOf(item), Vendor(ItemFormat.Avp, item));
        var clear = item.AsSpan(6);
        if ((item[0] & 0x40) != 0 || clear.Length > 900) return;
        var vector = Vocabulary.Value(1 + random.Next(20), random);
        var subformat = new byte[2 + clear.Length + random.Next(20)];
        // Sometimes the length inside lies.
        var length = random.Next(6) == 0 ? subformat.Length - 2 + random.Next(3) : clear.Length;
        BinaryPrimitives.WriteUInt16BigEndian(subformat, (ushort)length);
        clear.CopyTo(subformat.AsSpan(2));
        HiddenAvp.Hide((ushort)type, secret, vector, subformat);
        items[at] = ItemFormat.Avp.Build(type, subformat, Flags(ItemFormat.Avp, item) & 0xFC00 | Avp.HiddenBit, vendor);
        items.Insert(Math.Min(at, 1), ItemFormat.Avp.Build((int)AvpType.RandomVector, vector, Avp.MandatoryBit));
    }

    private static byte[] ChangeLength(Layout layout, byte[] message, PeerRandom random)
    {
        var (at, from) = layout.Lengths[random.Next(layout.Lengths.Count)];
        if (at + 2 > message.Length) return message;
        var changed = (byte[])message.Clone();
        var right = Math.Max(0, message.Length - from);
        var length = random.Next(6) switch { 0 => right - 1, 1 => right + 1, 2 => 0, 3 => random.Next(right + 2), 4 => 0xFFFF, _ => random.Next(16) };
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at), (ushort)length);
        return changed;
    }

    private static byte[] ChangeField(Layout layout, byte[] message, PeerRandom random)
    {
        var at = layout.Fields[random.Next(layout.Fields.Count)];
        if (at + 2 > message.Length) return message;
        var changed = (byte[])message.Clone();
        var field = changed.AsSpan(at, 2);
        var now = BinaryPrimitives.ReadUInt16BigEndian(field);
        var value = random.Next(4) switch { 0 => now + 1, 1 => now - 1, 2 => now ^ 1 << random.Next(16), _ => Vocabulary.Word(random) };
        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)value);
        return changed;
    }

    private static byte[] ChangeVlans(Layout layout, byte[] message, PeerRandom random)
    {
        var (before, after) = (message[..layout.VlanAt], message[layout.VlanAt..]);
        if (random.Next(3) == 0 && after.Length > 6) return [.. before, .. after[4..]];
        byte[] tpid = random.Next(3) switch { 0 => [0x81, 0x00], 1 => [0x88, 0xA8], _ => [0x91, 0x00] };
        return [.. before, .. tpid, (byte)random.Next(256), (byte)random.Next(256), .. after];
    }

    private static byte[] ChangeOctets(byte[] message, byte[] other, PeerRandom random)
    {
        if (message.Length == 0) return Vocabulary.Value(1 + random.Next(8), random);
        var at = random.Next(message.Length);
        var count = 1 + random.Next(Math.Min(16, message.Length - at));
        byte[] changed;
        switch (random.Next(8))
        {
            case 0: return message[..at];
            case 1: return [.. message, .. Vocabulary.Value(1 + random.Next(60), random)];
            case 2: return [.. message[..at], .. message[(at + count)..]];
            case 3: return [.. message[..at], .. Vocabulary.Value(count, random), .. message[at..]];
            case 4 when other.Length > 0:
                var from = random.Next(other.Length);
                return [.. message[..at], .. other[from..Math.Min(other.Length, from + 1 + random.Next(64))], .. message[at..]];
            case 5:
                changed = (byte[])message.Clone();
                changed[at] = (byte)random.Next(256);
                return changed;
            case 6:
                changed = (byte[])message.Clone();
                changed[at] += (byte)(random.Next(2) == 0 ? 1 : 255);
                return changed;
            default:
                changed = (byte[])message.Clone();
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
        }
    }
}
