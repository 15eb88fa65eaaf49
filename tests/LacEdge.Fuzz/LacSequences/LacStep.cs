using System.Buffers.Binary;

namespace LacEdge.Fuzz.LacSequences;

/// <summary>What one step of a sequence does. All chance inside of a step comes from its own seed, so that leaving out others
/// changes little.</summary>
internal enum LacStepKind : byte
{
    /// <summary>The network runs on for some events.</summary>
    Run,
    /// <summary>Time passes: up to two minutes.</summary>
    Wait,
    Dial,
    HangUp,
    /// <summary>The next message to the Lac is changed on its way, lost, or doubled.</summary>
    Tamper,
    /// <summary>A message of before comes again, changed.</summary>
    Again,
    /// <summary>A control message made of the AVP table for a live tunnel, in sequence.</summary>
    ForgeControl,
    /// <summary>A frame made of nothing for a live session, or a discovery.</summary>
    ForgeFrame,
    /// <summary>The step carries a message of elsewhere; addresses and ids are made to fit.</summary>
    Foreign,
    /// <summary>What the links do from now on.</summary>
    Faults,
    /// <summary>An LNS dies, returns, refuses, closes, drops.</summary>
    Lns,
    /// <summary>An operator clears, an access interface goes.</summary>
    Operator,
}

/// <summary>One step: 8 octets, and the message of a foreign one.</summary>
internal readonly record struct LacStep(LacStepKind Kind, byte Argument, ushort Size, uint Seed, ReadOnlyMemory<byte> Message)
{
    public const int HeadSize = 8, Kinds = (int)LacStepKind.Operator + 1;

    /// <summary>Any octets are steps.</summary>
    public static IEnumerable<LacStep> ReadAll(ReadOnlyMemory<byte> octets)
    {
        while (octets.Length >= HeadSize)
        {
            var head = octets.Span;
            var kind = (LacStepKind)(head[0] % Kinds);
            var size = kind == LacStepKind.Foreign ? Math.Min(BinaryPrimitives.ReadUInt16BigEndian(head[2..]), octets.Length - HeadSize) : 0;
            yield return new LacStep(kind, head[1], (ushort)size, BinaryPrimitives.ReadUInt32BigEndian(head[4..]), octets.Slice(HeadSize, size));
            octets = octets[(HeadSize + size)..];
        }
    }

    public static byte[] Write(LacStepKind kind, byte argument, uint seed, ReadOnlySpan<byte> message = default)
    {
        var octets = new byte[HeadSize + message.Length];
        (octets[0], octets[1]) = ((byte)kind, argument);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), (ushort)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(4), seed);
        message.CopyTo(octets.AsSpan(HeadSize));
        return octets;
    }

    public byte[] ToOctets() => Write(Kind, Argument, Seed, Message.Span);

    public override string ToString() => $"{Kind} {Argument} {Seed:x8}{(Size > 0 ? " " + Convert.ToHexStringLower(Message.Span) : "")}";
}
