using System.Buffers.Binary;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Lab.Peers;

/// <summary>Authentication protocols that a peer asks for or takes.</summary>
[Flags]
public enum PppAuthentication : byte { None = 0, Pap = 1, Chap = 2, Either = Pap | Chap, MsChapV1 = 4, MsChapV2 = 8, Eap = 16 }

/// <summary>LCP's options: MRU, Authentication-Protocol, Magic-Number (RFC 1661 section 6); PPPoE's forbidden ones are rejected.</summary>
internal sealed class Lcp : ConfigureExchange
{
    private static readonly PppAuthentication[] _preference =
        [PppAuthentication.Chap, PppAuthentication.MsChapV2, PppAuthentication.MsChapV1, PppAuthentication.Eap, PppAuthentication.Pap];

    private readonly ushort _maxMru;
    private readonly uint _firstMagic;
    private readonly PppAuthentication _asks, _takes;
    private bool _sendMru, _sendMagic;
    private PppAuthentication _asking, _asksLeft;

    /// <param name="maxMru">What we ask for and the most that we grant.</param>
    /// <param name="magic">Our Magic-Number, not 0.</param>
    /// <param name="asks">What we may ask the other side to authenticate with, in our order of preference.</param>
    /// <param name="takes">What the other side may ask us to authenticate with.</param>
    public Lcp(IPppLine line, PppTimers timers, ushort maxMru, uint magic, PppAuthentication asks, PppAuthentication takes)
        : base(PppProtocol.Lcp, line, timers)
    {
        (_maxMru, _firstMagic, _asks, _takes) = (maxMru, magic, asks, takes);
        Reset();
    }

    public uint Magic { get; private set; }
    public ushort Mru { get; private set; }
    public uint PeerMagic { get; private set; }
    public ushort PeerMru { get; private set; } = 1500;
    /// <summary>Whether the other side has to authenticate towards us at all.</summary>
    public bool AsksNothing => _asks == PppAuthentication.None;
    /// <summary>What the other side has to authenticate with towards us.</summary>
    public PppAuthentication Demanded => _asking;
    /// <summary>What the other side wants of us.</summary>
    public PppAuthentication Granted { get; private set; }

    /// <summary>Goes on where a LAC stopped: <paramref name="ours"/> are the options that it sent in our name (AVP 27),
    /// <paramref name="theirs"/> the client's (AVP 28). False when they do not parse.</summary>
    public bool AdoptProxy(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        _sendMru = _sendMagic = false;
        _asking = PppAuthentication.None;
        var options = new PppOptionReader(ours);
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((LcpOptionType)option.Type)
            {
                case LcpOptionType.Mru when option.Value.Length == 2:
                    (_sendMru, Mru) = (true, BinaryPrimitives.ReadUInt16BigEndian(option.Value));
                    break;
                case LcpOptionType.MagicNumber when option.Value.Length == 4:
                    (_sendMagic, Magic) = (true, BinaryPrimitives.ReadUInt32BigEndian(option.Value));
                    break;
                case LcpOptionType.AuthenticationProtocol:
                    _asking = Protocol(option.Value);
                    break;
            }
        }

        AcceptAll(theirs);
        Adopt();
        var check = new PppOptionReader(theirs);
        while (check.MoveNext()) { }
        return options.Error == DecodeError.None && check.Error == DecodeError.None;
    }

    /// <summary>Back to what we ourselves would ask for, before a new start.</summary>
    public void Reset()
    {
        (_sendMru, _sendMagic, Mru, Magic) = (true, true, _maxMru, _firstMagic);
        (_asking, _asksLeft) = (Preferred(_asks), _asks);
    }

    protected override void WriteOptions(ref WireWriter writer)
    {
        Span<byte> value = stackalloc byte[4];
        if (_sendMru)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, Mru);
            PppOption.Write(ref writer, (byte)LcpOptionType.Mru, value[..2]);
        }

        if (_asking != PppAuthentication.None) PppOption.Write(ref writer, (byte)LcpOptionType.AuthenticationProtocol, Value(_asking));
        if (!_sendMagic) return;
        BinaryPrimitives.WriteUInt32BigEndian(value, Magic);
        PppOption.Write(ref writer, (byte)LcpOptionType.MagicNumber, value);
    }

    protected override OptionVerdict Judge(in PppOption option, ref WireWriter nak)
    {
        switch ((LcpOptionType)option.Type)
        {
            case LcpOptionType.Mru:
                if (option.Value.Length == 2 && BinaryPrimitives.ReadUInt16BigEndian(option.Value) <= _maxMru) return OptionVerdict.Accept;
                PppOption.Write(ref nak, option.Type, [(byte)(_maxMru >> 8), (byte)_maxMru]);
                return OptionVerdict.Nak;

            case LcpOptionType.MagicNumber:
                var theirs = option.Value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(option.Value) : 0;
                if (theirs != 0 && theirs != Magic) return OptionVerdict.Accept;
                Span<byte> other = stackalloc byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(other, Next(Magic));
                PppOption.Write(ref nak, option.Type, other);
                return OptionVerdict.Nak;

            case LcpOptionType.AuthenticationProtocol when _takes != PppAuthentication.None:
                if ((Protocol(option.Value) & _takes) != 0) return OptionVerdict.Accept;
                PppOption.Write(ref nak, option.Type, Value(Preferred(_takes)));
                return OptionVerdict.Nak;

            default:
                return OptionVerdict.Reject;
        }
    }

    protected override void Accept(in PppOption option)
    {
        switch ((LcpOptionType)option.Type)
        {
            case LcpOptionType.Mru when option.Value.Length == 2:
                PeerMru = BinaryPrimitives.ReadUInt16BigEndian(option.Value);
                break;
            case LcpOptionType.MagicNumber when option.Value.Length == 4:
                PeerMagic = BinaryPrimitives.ReadUInt32BigEndian(option.Value);
                break;
            case LcpOptionType.AuthenticationProtocol:
                Granted = Protocol(option.Value);
                break;
        }
    }

    protected override void Forget() => (PeerMru, PeerMagic, Granted) = (1500, 0, PppAuthentication.None);

    protected override bool Adapt(in PppOption option, bool rejected)
    {
        switch ((LcpOptionType)option.Type)
        {
            case LcpOptionType.Mru:
                if (rejected || option.Value.Length != 2) _sendMru = false;
                else Mru = Math.Min(_maxMru, BinaryPrimitives.ReadUInt16BigEndian(option.Value));
                return true;

            case LcpOptionType.MagicNumber:
                if (rejected) _sendMagic = false;
                else Magic = Next(Magic);
                return true;

            case LcpOptionType.AuthenticationProtocol when _asking != PppAuthentication.None:
                _asksLeft &= ~_asking;
                _asking = Preferred(_asksLeft);
                return !rejected && _asking != PppAuthentication.None;

            default:
                // The other side names an option that we never sent, as a hint.
                return true;
        }
    }

    /// <summary>None for none.</summary>
    public static PppProtocol? ProtocolOf(PppAuthentication one) => one switch
    {
        PppAuthentication.None => null,
        PppAuthentication.Pap => PppProtocol.Pap,
        PppAuthentication.Eap => PppProtocol.Eap,
        _ => PppProtocol.Chap,
    };

    private static PppAuthentication Preferred(PppAuthentication set) => _preference.FirstOrDefault(one => (set & one) != 0);

    private static ReadOnlySpan<byte> Value(PppAuthentication one) => one switch
    {
        PppAuthentication.Chap => [0xC2, 0x23, (byte)ChapAlgorithm.Md5],
        PppAuthentication.MsChapV2 => [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV2],
        PppAuthentication.MsChapV1 => [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV1],
        PppAuthentication.Eap => [0xC2, 0x27],
        _ => [0xC0, 0x23],
    };

    private static PppAuthentication Protocol(ReadOnlySpan<byte> value) => value switch
    {
        [0xC0, 0x23] => PppAuthentication.Pap,
        [0xC2, 0x23, (byte)ChapAlgorithm.Md5] => PppAuthentication.Chap,
        [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV1] => PppAuthentication.MsChapV1,
        [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV2] => PppAuthentication.MsChapV2,
        [0xC2, 0x27] => PppAuthentication.Eap,
        _ => PppAuthentication.None,
    };

    private static uint Next(uint magic) => magic * 2891336453 + 1 is var next && next != 0 ? next : 1;
}
