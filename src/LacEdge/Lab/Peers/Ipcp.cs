using System.Buffers.Binary;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>IPCP (RFC 1332) with the IP-Address option alone. The side that gives addresses knows both, the other starts with none.</summary>
/// <param name="local">Our address; 0: ask for one.</param>
/// <param name="given">The address that the other side must take; 0: it may have any.</param>
internal sealed class Ipcp(IPppLine line, PppTimers timers, uint local, uint given) : ConfigureExchange(PppProtocol.Ipcp, line, timers)
{
    private const byte IpAddressOption = 3;

    public uint Local { get; private set; } = local;
    public uint Peer { get; private set; }

    protected override void WriteOptions(ref WireWriter writer)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, Local);
        PppOption.Write(ref writer, IpAddressOption, value);
    }

    protected override OptionVerdict Judge(in PppOption option, ref WireWriter nak)
    {
        if (option.Type != IpAddressOption || option.Value.Length != 4) return OptionVerdict.Reject;
        var theirs = BinaryPrimitives.ReadUInt32BigEndian(option.Value);
        if (given == 0 || theirs == given) return OptionVerdict.Accept;
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, given);
        PppOption.Write(ref nak, IpAddressOption, value);
        return OptionVerdict.Nak;
    }

    protected override void Accept(in PppOption option) => Peer = BinaryPrimitives.ReadUInt32BigEndian(option.Value);

    protected override void Forget() => Peer = 0;

    protected override bool Adapt(in PppOption option, bool rejected)
    {
        if (rejected || option.Type != IpAddressOption || option.Value.Length != 4) return false;
        Local = BinaryPrimitives.ReadUInt32BigEndian(option.Value);
        return true;
    }
}
