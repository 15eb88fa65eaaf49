using System.Buffers.Binary;
using LacEdge.Core.Config;
using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>What a Configure packet of the subscriber leads to.</summary>
internal enum LcpVerdict : byte
{
    /// <summary>A Configure-Request to acknowledge; an answer that was taken.</summary>
    Good,
    Nak,
    Reject,
    /// <summary>A well-formed answer, but not to what we asked: drop it.</summary>
    Unexpected,
    /// <summary>The subscriber takes none of our authentication protocols.</summary>
    AuthenticationRefused,
    /// <summary>The subscriber keeps sending our own magic numbers: the link loops back.</summary>
    Looped,
}

/// <summary>The options of LCP (RFC 1661 sections 5 and 6): what we ask for, how we judge what the subscriber asks for, and both for
/// the record.</summary>
/// <param name="authentication">In order of preference; at least one, or None alone.</param>
/// <param name="maxMru">The largest MRU to grant and to ask for.</param>
internal sealed class LcpNegotiator(
    PppConfig config, IReadOnlyList<AuthenticationProtocol> authentication, ushort maxMru, RandomStream magicNumbers)
{
    /// <summary>Nobody can work with less; also the floor of what a hostile MRU can make us cut our packets to.</summary>
    public const ushort MinMru = 128;

    /// <summary>MRU that holds without the option (RFC 1661 section 6.1).</summary>
    private const ushort DefaultMru = 1500;

    /// <summary>MRU, authentication protocol and magic number.</summary>
    public const int MaxRequestSize = 4 + 5 + 6;

    private bool _askMru;
    private ushort _mru;
    private bool _askMagic;
    private uint _magic = DrawMagic(magicNumbers, 0);
    private uint _refusedAuthentication;

    private uint _suggestedMagic;
    private int _naksSent;
    private int _naksReceived;
    private int _loopSuspicions;

    private Bytes _initialReceived;
    private Bytes _lastSent;
    private Bytes _lastReceived;
    private bool _initialSeen;

    /// <summary>The protocol that we ask for; None: the option is not sent.</summary>
    public AuthenticationProtocol Authentication { get; private set; }
    /// <summary>The subscriber's MRU: the longest information field that it takes.</summary>
    public ushort PeerMru { get; private set; } = DefaultMru;
    /// <summary>Ours, for Echo packets; 0 when the subscriber rejected the option.</summary>
    public uint Magic => _askMagic ? _magic : 0;
    public ProxyLcp ProxyLcp => new(_initialReceived, _lastSent, _lastReceived);

    /// <summary>Forgets everything but the magic number: negotiation starts, or starts anew.</summary>
    public void Reset()
    {
        _askMru = true;
        _mru = maxMru;
        _askMagic = true;
        _refusedAuthentication = 0;
        Authentication = authentication[0];
        PeerMru = DefaultMru;
        _suggestedMagic = 0;
        _naksSent = 0;
        _naksReceived = 0;
        _loopSuspicions = 0;
        _initialSeen = false;
        _initialReceived = _lastSent = _lastReceived = default;
    }

    /// <summary>The options of our Configure-Request.</summary>
    public void WriteRequest(ref WireWriter writer)
    {
        Span<byte> value = stackalloc byte[4];
        if (_askMru)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, _mru);
            PppOption.Write(ref writer, (byte)LcpOptionType.Mru, value[..2]);
        }

        if (Authentication != AuthenticationProtocol.None)
            PppOption.Write(ref writer, (byte)LcpOptionType.AuthenticationProtocol, OptionValue(Authentication));
        if (_askMagic)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value, _magic);
            PppOption.Write(ref writer, (byte)LcpOptionType.MagicNumber, value);
        }
    }

    /// <summary>Whether an option list can be walked to its end; the rest of this class takes only such.</summary>
    public static DecodeError Check(ReadOnlySpan<byte> options)
    {
        var walk = new PppOptionReader(options);
        while (walk.MoveNext()) { }
        return walk.Error;
    }

    /// <summary>Judges a Configure-Request. The options to Nak or to Reject go into <paramref name="answer"/>, which must have
    /// room for the request and 16 octets more.</summary>
    public LcpVerdict Judge(ReadOnlySpan<byte> options, ref WireWriter answer)
    {
        var (nak, reject) = (false, false);
        var walk = new PppOptionReader(options);
        var seen = 0u;
        while (walk.MoveNext())
        {
            var verdict = JudgeOption(walk.Current, ref seen);
            nak |= verdict == LcpVerdict.Nak;
            reject |= verdict == LcpVerdict.Reject;
            if (IsOurMagic(walk.Current)) _loopSuspicions++;
        }

        if (!_initialSeen) (_initialSeen, _initialReceived) = (true, Bytes.Copy(options));
        if (_loopSuspicions > config.MaxFailure) return LcpVerdict.Looped;
        if (!nak && !reject) return LcpVerdict.Good;

        // A peer that Naks cannot bring to reason loses the options (RFC 1661 section 4.6, Max-Failure).
        var lost = !reject && _naksSent >= config.MaxFailure;
        if (!reject && !lost) _naksSent++;
        WriteAnswer(options, reject, lost, ref answer);
        return reject || lost ? LcpVerdict.Reject : LcpVerdict.Nak;
    }

    /// <summary>Our Configure-Ack to these options is being sent.</summary>
    public void RecordAcknowledged(ReadOnlySpan<byte> options)
    {
        _naksSent = 0;
        _loopSuspicions = 0;
        _lastReceived = options.SequenceEqual(_initialReceived.Span) ? _initialReceived : Bytes.Copy(options);
        PeerMru = DefaultMru;
        var walk = new PppOptionReader(options);
        while (walk.MoveNext())
            if (walk.Current.Type == (byte)LcpOptionType.Mru) PeerMru = BinaryPrimitives.ReadUInt16BigEndian(walk.Current.Value);
    }

    /// <summary>A Configure-Ack to our last request: must carry exactly its options.</summary>
    public LcpVerdict HandleAck(ReadOnlySpan<byte> options)
    {
        var request = new WireWriter(stackalloc byte[MaxRequestSize]);
        WriteRequest(ref request);
        if (!options.SequenceEqual(request.Written)) return LcpVerdict.Unexpected;
        _lastSent = Bytes.Copy(options);
        return LcpVerdict.Good;
    }

    /// <summary>A Configure-Nak: takes what we can live with. Options that we did not send are ignored.</summary>
    public LcpVerdict HandleNak(ReadOnlySpan<byte> options)
    {
        _naksReceived++;
        var offered = Authentication;
        var walk = new PppOptionReader(options);
        while (walk.MoveNext())
        {
            var option = walk.Current;
            switch ((LcpOptionType)option.Type)
            {
                case LcpOptionType.Mru when option.Value.Length == 2:
                    var mru = BinaryPrimitives.ReadUInt16BigEndian(option.Value);
                    if (mru >= MinMru && mru <= maxMru) _mru = mru;
                    break;
                case LcpOptionType.MagicNumber:
                    if (IsSuggested(option.Value)) _loopSuspicions++;
                    _magic = DrawMagic(magicNumbers, _magic);
                    break;
                case LcpOptionType.AuthenticationProtocol when Authentication == offered && offered != AuthenticationProtocol.None:
                    if (!FallBack(option.Value)) return LcpVerdict.AuthenticationRefused;
                    break;
            }
        }

        // The MRU is a wish: a peer that never likes it goes without.
        if (_naksReceived > config.MaxFailure) _askMru = false;
        return _loopSuspicions > config.MaxFailure ? LcpVerdict.Looped : LcpVerdict.Good;
    }

    /// <summary>A Configure-Reject: rejected options are not asked for again. They must be ours, unmodified.</summary>
    public LcpVerdict HandleReject(ReadOnlySpan<byte> options)
    {
        var (mru, magic, refused) = (_askMru, _askMagic, false);
        Span<byte> ours = stackalloc byte[4];
        var walk = new PppOptionReader(options);
        while (walk.MoveNext())
        {
            var value = walk.Current.Value;
            var expected = ours[..0];
            switch ((LcpOptionType)walk.Current.Type)
            {
                case LcpOptionType.Mru when mru:
                    BinaryPrimitives.WriteUInt16BigEndian(ours, _mru);
                    expected = ours[..2];
                    mru = false;
                    break;
                case LcpOptionType.MagicNumber when magic:
                    BinaryPrimitives.WriteUInt32BigEndian(ours, _magic);
                    expected = ours;
                    magic = false;
                    break;
                case LcpOptionType.AuthenticationProtocol when !refused && Authentication != AuthenticationProtocol.None:
                    refused = value.SequenceEqual(OptionValue(Authentication));
                    if (!refused) return LcpVerdict.Unexpected;
                    continue;
                default:
                    return LcpVerdict.Unexpected;
            }

            if (!value.SequenceEqual(expected)) return LcpVerdict.Unexpected;
        }

        (_askMru, _askMagic) = (mru, magic);
        if (!refused) return LcpVerdict.Good;
        // Over a loop it is we who reject our own option.
        return _loopSuspicions > 0 ? LcpVerdict.Looped : LcpVerdict.AuthenticationRefused;
    }

    /// <summary>An Echo-Request with our own magic number: true when it is time to believe in a loop.</summary>
    public bool SuspectLoop() => ++_loopSuspicions > config.MaxFailure;

    private LcpVerdict JudgeOption(PppOption option, ref uint seen)
    {
        var type = (LcpOptionType)option.Type;
        if (type is not (LcpOptionType.Mru or LcpOptionType.MagicNumber) && !(config.Multilink && IsMultilink(type))) return LcpVerdict.Reject;

        // An option stands once in a request; the second of a kind is not negotiable.
        var bit = 1u << option.Type;
        if ((seen & bit) != 0) return LcpVerdict.Reject;
        seen |= bit;

        if (type == LcpOptionType.Mru)
        {
            if (option.Value.Length != 2) return LcpVerdict.Nak;
            var mru = BinaryPrimitives.ReadUInt16BigEndian(option.Value);
            return mru >= MinMru && mru <= maxMru ? LcpVerdict.Good : LcpVerdict.Nak;
        }

        if (IsMultilink(type)) return JudgeMultilink(type, option.Value);
        if (option.Value.Length != 4) return LcpVerdict.Nak;
        return BinaryPrimitives.ReadUInt32BigEndian(option.Value) == 0 || IsOurMagic(option) ? LcpVerdict.Nak : LcpVerdict.Good;
    }

    private static bool IsMultilink(LcpOptionType type) =>
        type is LcpOptionType.Mrru or LcpOptionType.ShortSequenceNumbers or LcpOptionType.EndpointDiscriminator;

    /// <summary>RFC 1990 section 5.1: acknowledged for the LNS, which reads them in the proxy LCP AVPs. What is malformed is rejected.</summary>
    private static LcpVerdict JudgeMultilink(LcpOptionType type, ReadOnlySpan<byte> value)
    {
        var wellFormed = type switch
        {
            LcpOptionType.Mrru => value.Length == 2,
            LcpOptionType.ShortSequenceNumbers => value.IsEmpty,
            // The class, then its address.
            _ => value switch
            {
                [0, .. var none] => none.IsEmpty,
                [1, .. var local] => local.Length <= 20,
                [2, .. var ipv4] => ipv4.Length == 4,
                [3, .. var mac] => mac.Length == 6,
                [4, .. var magic] => magic.Length <= 20,
                [5, .. var number] => number.Length <= 15,
                _ => false,
            },
        };
        return wellFormed ? LcpVerdict.Good : LcpVerdict.Reject;
    }

    private bool IsOurMagic(PppOption option) =>
        option.Type == (byte)LcpOptionType.MagicNumber && _askMagic
        && option.Value.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(option.Value) == _magic;

    private void WriteAnswer(ReadOnlySpan<byte> options, bool reject, bool lost, ref WireWriter answer)
    {
        var walk = new PppOptionReader(options);
        var seen = 0u;
        while (walk.MoveNext())
        {
            var option = walk.Current;
            var verdict = JudgeOption(option, ref seen);
            if (verdict == (lost ? LcpVerdict.Nak : LcpVerdict.Reject)) PppOption.Write(ref answer, option.Type, option.Value);
            else if (verdict == LcpVerdict.Nak && !reject) WriteSuggestion(option, ref answer);
        }
    }

    private void WriteSuggestion(PppOption option, ref WireWriter answer)
    {
        Span<byte> value = stackalloc byte[4];
        if (option.Type == (byte)LcpOptionType.Mru)
        {
            var wanted = option.Value.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(option.Value) : maxMru;
            BinaryPrimitives.WriteUInt16BigEndian(value, Math.Clamp(wanted, MinMru, maxMru));
            PppOption.Write(ref answer, option.Type, value[..2]);
            return;
        }

        _suggestedMagic = DrawMagic(magicNumbers, _magic);
        BinaryPrimitives.WriteUInt32BigEndian(value, _suggestedMagic);
        PppOption.Write(ref answer, option.Type, value);
    }

    private bool IsSuggested(ReadOnlySpan<byte> value) =>
        value.Length == 4 && _suggestedMagic != 0 && BinaryPrimitives.ReadUInt32BigEndian(value) == _suggestedMagic;

    /// <summary>The protocol offered is refused: takes the suggested one if we may, else the next of ours. False: none is left.</summary>
    private bool FallBack(ReadOnlySpan<byte> suggestion)
    {
        _refusedAuthentication |= 1u << (int)Authentication;
        AuthenticationProtocol? next = null;
        foreach (var protocol in authentication)
        {
            if ((_refusedAuthentication & 1u << (int)protocol) != 0) continue;
            next ??= protocol;
            if (suggestion.SequenceEqual(OptionValue(protocol))) { next = protocol; break; }
        }

        if (next is null) return false;
        Authentication = next.Value;
        return true;
    }

    /// <summary>Value of the authentication protocol option (RFC 1334, 1994, 2433, 2759, 3748).</summary>
    private static ReadOnlySpan<byte> OptionValue(AuthenticationProtocol protocol) => protocol switch
    {
        AuthenticationProtocol.Pap => [0xC0, 0x23],
        AuthenticationProtocol.ChapMd5 => [0xC2, 0x23, (byte)ChapAlgorithm.Md5],
        AuthenticationProtocol.MsChapV1 => [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV1],
        AuthenticationProtocol.MsChapV2 => [0xC2, 0x23, (byte)ChapAlgorithm.MsChapV2],
        AuthenticationProtocol.Eap => [0xC2, 0x27],
        AuthenticationProtocol.None => [],
    };

    private static uint DrawMagic(RandomStream random, uint other)
    {
        uint magic;
        do magic = random.NextUInt32(); while (magic == 0 || magic == other);
        return magic;
    }
}
