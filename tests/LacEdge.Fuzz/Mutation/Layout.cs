using System.Buffers.Binary;

namespace LacEdge.Fuzz.Mutation;

/// <summary>What a message begins with.</summary>
internal enum Root { Octets, Ethernet, Tags, Ppp, L2tp, Radius, Ip, AccessLine }

/// <summary>A length field, and where the octets begin that it counts (up to the end of the message).</summary>
internal readonly record struct LengthField(int At, int From);

/// <summary>Where a message has lengths, header fields and a list of items at its end. Found by the fuzzer's own knowledge; what is
/// not understood is simply not there.</summary>
internal sealed class Layout
{
    public List<LengthField> Lengths { get; } = [];
    /// <summary>Two-octet fields worth changing: ids, sequence numbers, EtherTypes, protocols, flags.</summary>
    public List<int> Fields { get; } = [];
    public ItemFormat? Items { get; private set; }
    public int ItemsAt { get; private set; }
    /// <summary>Behind the MAC addresses, where a VLAN tag goes in; 0: nowhere.</summary>
    public int VlanAt { get; private set; }

    public static Layout Of(Root root, ReadOnlySpan<byte> message)
    {
        var layout = new Layout();
        switch (root)
        {
            case Root.Ethernet: layout.Ethernet(message); break;
            case Root.Ppp: layout.Ppp(message, 0); break;
            case Root.L2tp: layout.L2tp(message, 0); break;
            case Root.Ip: layout.Ip(message, 0); break;
            case Root.Radius: layout.Radius(message, 0); break;
            case Root.Tags: (layout.Items, layout.ItemsAt) = (ItemFormat.PppoeTag, 0); break;
            case Root.AccessLine: (layout.Items, layout.ItemsAt) = (ItemFormat.AccessLine, 0); break;
        }

        var size = message.Length;
        if (layout.ItemsAt > size) layout.Items = null;
        layout.Fields.RemoveAll(at => at + 2 > size);
        return layout;
    }

    /// <summary>Sets the lengths to what is there.</summary>
    public void Repair(Span<byte> message)
    {
        foreach (var (at, from) in Lengths)
        {
            if (at + 2 <= message.Length && from <= message.Length) BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)(message.Length - from));
        }
    }

    private void Ethernet(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 14) return;
        var at = VlanAt = 12;
        while (at + 2 <= frame.Length && Word(frame, at) is 0x8100 or 0x88A8 or 0x9100)
        {
            Fields.AddRange([at, at + 2]);
            at += 4;
        }

        if (at + 2 > frame.Length) return;
        Fields.Add(at);
        var type = Word(frame, at);
        if (type is 0x8863 or 0x8864) Pppoe(frame, at + 2, type == 0x8864);
        else if (type is 0x0800 or 0x86DD) Ip(frame, at + 2);
    }

    private void Pppoe(ReadOnlySpan<byte> frame, int at, bool session)
    {
        if (at + 6 > frame.Length) return;
        Fields.AddRange([at, at + 2]);
        Lengths.Add(new LengthField(at + 4, at + 6));
        if (session) Ppp(frame, at + 6);
        else (Items, ItemsAt) = (ItemFormat.PppoeTag, at + 6);
    }

    private void Ppp(ReadOnlySpan<byte> message, int at)
    {
        if (at + 2 <= message.Length && Word(message, at) == 0xFF03) at += 2;
        if (at + 6 > message.Length) return;
        Fields.AddRange([at, at + 2]);
        var (protocol, code) = (Word(message, at), message[at + 2]);
        if (protocol < 0x8000) return;
        Lengths.Add(new LengthField(at + 4, at + 2));
        if ((protocol & 0xC000) == 0x8000 || protocol == 0xC021 && code is >= 1 and <= 4) (Items, ItemsAt) = (ItemFormat.PppOption, at + 6);
    }

    private void L2tp(ReadOnlySpan<byte> message, int at)
    {
        if (at + 6 > message.Length) return;
        var flags = Word(message, at);
        Fields.Add(at);
        var next = at + 2;
        if ((flags & 0x4000) != 0)
        {
            Lengths.Add(new LengthField(next, at));
            next += 2;
        }

        Fields.AddRange([next, next + 2]);
        next += 4;
        if ((flags & 0x0800) != 0)
        {
            Fields.AddRange([next, next + 2]);
            next += 4;
        }

        if ((flags & 0x0200) != 0) next += next + 2 <= message.Length ? 2 + Word(message, next) : 2;
        if ((flags & 0x8000) != 0) (Items, ItemsAt) = (ItemFormat.Avp, next);
        else Ppp(message, next);
    }

    private void Ip(ReadOnlySpan<byte> message, int at)
    {
        if (at + 20 > message.Length) return;
        if (message[at] >> 4 == 4)
        {
            Lengths.Add(new LengthField(at + 2, at));
            Fields.AddRange([at, at + 6]);
            if (message[at + 9] == 17) Udp(message, at + (message[at] & 15) * 4);
        }
        else
        {
            Lengths.Add(new LengthField(at + 4, at + 40));
            Fields.AddRange([at + 6]);
            if (message[at + 6] == 17) Udp(message, at + 40);
        }
    }

    private void Udp(ReadOnlySpan<byte> message, int at)
    {
        if (at + 8 > message.Length) return;
        Lengths.Add(new LengthField(at + 4, at));
        Fields.AddRange([at, at + 2]);
        if (Word(message, at) == 1701 || Word(message, at + 2) == 1701) L2tp(message, at + 8);
        else if (Word(message, at) is 1812 or 1813 || Word(message, at + 2) is 1812 or 1813) Radius(message, at + 8);
    }

    private void Radius(ReadOnlySpan<byte> message, int at)
    {
        if (at + 20 > message.Length) return;
        Fields.Add(at);
        Lengths.Add(new LengthField(at + 2, at));
        (Items, ItemsAt) = (ItemFormat.Radius, at + 20);
    }

    private static int Word(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
