using System.Buffers.Binary;
using System.Globalization;
using LacEdge.Core.Config;
using LacEdge.Core.Ppp;
using LacEdge.Core.Radius;
using LacEdge.Core.Steering;
using LacEdge.Wire;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Core.Lac;

/// <summary>Whom RADIUS is asked about: all that stands in a question besides name and password.</summary>
/// <param name="SessionId">Acct-Session-Id; empty: nobody is there, somebody only wants to know.</param>
/// <param name="Credentials">What the subscriber presented; null: nothing.</param>
/// <param name="Tx">Towards the subscriber, bit/s.</param>
/// <param name="Rx">From it.</param>
internal sealed record RadiusSubject(SubscriberLine Line, UserName? User, string SessionId, Credentials? Credentials, ulong Tx, ulong Rx);

/// <summary>Access-Requests for steering (RFC 2865 section 5, RFC 4679, RFC 2548).</summary>
internal static class RadiusQuestions
{
    private const byte ChapPassword = 3, ServiceType = 6, FramedProtocol = 7, CalledStationId = 30, CallingStationId = 31;
    private const byte AcctSessionId = 44, ChapChallenge = 60, NasPortType = 61, ConnectInfo = 77, NasPortId = 87;
    private const byte MsChapResponse = 1, MsChapChallenge = 11, MsChap2Response = 25;
    private const uint Microsoft = 311, Framed = 2, Ppp = 1;
    private const int PppoeOverEthernet = 32, MaxLineId = 63;
    private const ulong BitsPerKilobit = 1000;

    /// <summary>Null when there is nothing to ask with; <paramref name="why"/> says what is missing.</summary>
    public static RadiusQuestion? Of(RadiusTarget target, RadiusGroupConfig group, RadiusSubject subject, string node, out string why)
    {
        var name = target.AuthenticateBeforeForward ? subject.User?.ToRadius() ?? default : subject.Line.FillOctets(target.UserName, subject.User, node);
        why = name.IsEmpty ? $"there is nothing to fill user-name '{target.UserName}' with" : "the name is longer than RADIUS takes";
        if (name.IsEmpty || name.Length > RadiusAttribute.MaxValueSize) return null;

        var buffer = new byte[RadiusPacket.MaxSize];
        var writer = new RadiusWriter(buffer);
        writer.Begin(RadiusCode.AccessRequest, 0);
        var question = new RadiusQuestion { Code = RadiusCode.AccessRequest, UserName = name, Password = target.Password, Attributes = default };
        if (target.AuthenticateBeforeForward)
        {
            why = $"{subject.Credentials?.Protocol.ToString() ?? "nothing"} is nothing that RADIUS judges";
            if (!TryWriteCredentials(ref writer, subject.Credentials, out var password)) return null;
            question = question with { Password = password };
        }

        writer.Integer(ServiceType, (uint)target.ServiceType);
        if (target.ServiceType == Framed) writer.Integer(FramedProtocol, Ppp);
        writer.Integer(NasPortType, (uint)(group.NasPortType ?? PppoeOverEthernet + subject.Line.Vlans.Count));
        writer.Text(NasPortId, subject.Line.Fill(group.NasPortId, subject.User, node));
        writer.Text(CallingStationId, subject.Line.Fill(group.CallingStationId, subject.User, node));
        writer.Text(CalledStationId, subject.Line.Fill(group.CalledStationId, subject.User, node));
        writer.Text(AcctSessionId, subject.SessionId);
        writer.Text(ConnectInfo, string.Create(CultureInfo.InvariantCulture, $"{subject.Tx}/{subject.Rx}"));
        if (subject.Line.Told is { } line) WriteLine(ref writer, line);
        return question with { Attributes = Bytes.Copy(writer.End()[RadiusPacket.HeaderSize..]) };
    }

    /// <summary>Exactly one credential (RFC 2865 section 5.44): a password for the client to hide, or attributes.</summary>
    private static bool TryWriteCredentials(ref RadiusWriter writer, Credentials? credentials, out Secret? password)
    {
        password = null;
        if (credentials is null) return false;
        var challenge = credentials.Challenge.Span;
        var response = credentials.Response.Span;
        switch (credentials.Protocol)
        {
            case AuthenticationProtocol.Pap:
                password = new Secret(credentials.Response);
                return response.Length <= RadiusAuthentication.MaxPasswordSize;
            case AuthenticationProtocol.ChapMd5:
                writer.Octets(ChapPassword, [credentials.Identifier, .. response]);
                writer.Octets(ChapChallenge, challenge);
                return true;
            case AuthenticationProtocol.MsChapV1:
                // Flags stand behind the two responses in PPP, before them in RADIUS (RFC 2548 section 2.1.3).
                writer.Vendor(Microsoft, MsChapChallenge, challenge);
                writer.Vendor(Microsoft, MsChapResponse, [credentials.Identifier, response[^1], .. response[..^1]]);
                return true;
            case AuthenticationProtocol.MsChapV2:
                writer.Vendor(Microsoft, MsChapChallenge, challenge);
                writer.Vendor(Microsoft, MsChap2Response, [credentials.Identifier, 0, .. response[..^1]]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What RFC 4679 section 4 allows in an Access-Request, in its units: bit/s, and data links counted from 1.</summary>
    private static void WriteLine(ref RadiusWriter writer, AccessLine line)
    {
        Id(ref writer, AccessLineType.CircuitId, line.CircuitId.Span);
        Id(ref writer, AccessLineType.RemoteId, line.RemoteId.Span);
        Rate(ref writer, AccessLineType.ActualRateUp, line);
        Rate(ref writer, AccessLineType.ActualRateDown, line);
        if (line.Encapsulation.Span is [< byte.MaxValue and var dataLink, var first, var second])
            writer.Vendor(AccessLine.Vendor, (byte)AccessLineType.Encapsulation, [(byte)(dataLink + 1), first, second]);
        if (line.Iwf) writer.Vendor(AccessLine.Vendor, (byte)AccessLineType.Iwf, default);
    }

    /// <summary>As received: one that does not fit is not cut but left out.</summary>
    private static void Id(ref RadiusWriter writer, AccessLineType type, ReadOnlySpan<byte> id)
    {
        if (id.Length is > 0 and <= MaxLineId) writer.Vendor(AccessLine.Vendor, (byte)type, id);
    }

    private static void Rate(ref RadiusWriter writer, AccessLineType type, AccessLine line)
    {
        if (line[type] is not { } kilobits) return;
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)Math.Min(kilobits * BitsPerKilobit, uint.MaxValue));
        writer.Vendor(AccessLine.Vendor, (byte)type, value);
    }
}
