using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Decode;

/// <summary>PPP frames of every carrier: option lists of LCP and the NCPs, PAP, CHAP and EAP, and what they carry.</summary>
internal static class PppDecoder
{
    private const PppProtocol Bacp = (PppProtocol)0xC02B, Cbcp = (PppProtocol)0xC029;
    private const byte MaxConfigureCode = (byte)LcpCode.ConfigureReject;

    /// <summary>Windows shows PPP as Ethernet, the PPP protocol number in the EtherType.</summary>
    public static bool IsNdisWan(ushort etherType) => (PppProtocol)etherType is
        PppProtocol.Lcp or PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap or Cbcp
        or PppProtocol.Ipcp or PppProtocol.Ipv6cp or PppProtocol.Ccp or PppProtocol.Ecp;

    public static DecodeError Decode(DecodedFrame frame, ReadOnlySpan<byte> bytes, FrameDecoder decoder) =>
        PppFrame.TryParse(bytes, out var ppp, out var error)
            ? DecodeInformation(frame, ppp.Protocol, ppp.HeaderForm, ppp.Information, decoder)
            : error;

    public static DecodeError DecodeInformation(
        DecodedFrame frame, PppProtocol protocol, PppHeaderForm form, ReadOnlySpan<byte> information, FrameDecoder decoder)
    {
        DecodedPpp ppp;
        var error = DecodeError.None;
        if (IsControl(protocol)) ppp = DecodeControl(new DecodedPpp(protocol, form), information, out error);
        else ppp = new DecodedPpp(protocol, form) { Data = Bytes.Copy(information) };
        frame.Ppp ??= ppp;

        if (protocol is PppProtocol.Ipv4 or PppProtocol.Ipv6) error = decoder.DecodeIp(frame, information);
        // The short header of RFC 1990 has two octets.
        else if (protocol == PppProtocol.Multilink && information.Length < 2) error = DecodeError.PppTruncated;
        return error;
    }

    /// <summary>Protocols whose packets begin with code, identifier and length: NCPs (8000 to BFFF) and those of the link itself.</summary>
    public static bool IsControl(PppProtocol protocol) => HasOptions(protocol)
        || protocol is PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap or Cbcp;

    private static bool HasOptions(PppProtocol protocol) =>
        protocol is PppProtocol.Lcp or Bacp || ((ushort)protocol & 0xC000) == 0x8000;

    private static DecodedPpp DecodeControl(DecodedPpp ppp, ReadOnlySpan<byte> information, out DecodeError error)
    {
        if (!PppControlPacket.TryParse(information, out var packet, out error))
        {
            return information.Length < 2 ? ppp : ppp with { Code = information[0], Identifier = information[1] };
        }

        ppp = ppp with { Code = packet.Code, Identifier = packet.Identifier };
        if (!HasOptions(ppp.Protocol) || packet.Code is 0 or > MaxConfigureCode)
        {
            error = CheckData(ppp.Protocol, packet.Code, packet.Data);
            return ppp with { Data = Bytes.Copy(packet.Data) };
        }

        var options = new PppOptionReader(packet.Data);
        var found = new List<TypeAndValue>();
        while (options.MoveNext()) found.Add(new TypeAndValue(options.Current.Type, Bytes.Copy(options.Current.Value)));
        error = options.Error;
        return ppp with { Options = found };
    }

    /// <summary>The lengths inside of authentication packets.</summary>
    private static DecodeError CheckData(PppProtocol protocol, byte code, ReadOnlySpan<byte> data)
    {
        var error = DecodeError.None;
        var fits = protocol switch
        {
            PppProtocol.Pap when code == (byte)PapCode.AuthenticateRequest => PapRequest.TryParse(data, out _, out error),
            PppProtocol.Pap when code is (byte)PapCode.AuthenticateAck or (byte)PapCode.AuthenticateNak =>
                data is [var length, .. var rest] && length <= rest.Length,
            PppProtocol.Chap when code is (byte)ChapCode.Challenge or (byte)ChapCode.Response => ChapValue.TryParse(data, out _, out error),
            PppProtocol.Eap when code is (byte)EapCode.Request or (byte)EapCode.Response => !data.IsEmpty,
            _ => true,
        };
        if (fits || error != DecodeError.None) return error;
        return protocol == PppProtocol.Pap ? DecodeError.PapLength : DecodeError.EapLength;
    }
}
