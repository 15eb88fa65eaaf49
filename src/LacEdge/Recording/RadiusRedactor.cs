using System.Buffers.Binary;
using LacEdge.Wire.Radius;

namespace LacEdge.Recording;

/// <summary>Takes out of a RADIUS packet what is secret, or gives away a secret: passwords, challenges, responses, authenticators.</summary>
internal static class RadiusRedactor
{
    private const byte UserPassword = 2, ChapPassword = 3, ChapChallenge = 60, TunnelPassword = 69, EapMessage = 79;
    private const uint Cisco = 9, Microsoft = 311;
    private const int AuthenticatorAt = 4, VendorSize = 4;

    public static void Blank(Span<byte> packet, byte blank)
    {
        if (!RadiusPacket.TryParse(packet, out var parsed, out _))
        {
            packet.Fill(blank);
            return;
        }

        packet.Slice(AuthenticatorAt, RadiusAuthentication.Size).Fill(blank);
        var at = RadiusPacket.HeaderSize;
        var walk = new RadiusAttributeReader(parsed.Attributes);
        while (walk.MoveNext())
        {
            var value = packet.Slice(at + 2, walk.Current.Value.Length);
            at += 2 + value.Length;
            if (walk.Current.Type is UserPassword or ChapPassword or ChapChallenge or TunnelPassword or EapMessage or RadiusAttribute.MessageAuthenticator)
                value.Fill(blank);
            else if (walk.Current.Type == RadiusAttribute.VendorSpecific) BlankVendor(value, blank);
        }
    }

    private static void BlankVendor(Span<byte> value, byte blank)
    {
        if (value.Length <= VendorSize) return;
        var vendor = BinaryPrimitives.ReadUInt32BigEndian(value);
        var isPassword = vendor == Cisco && value.IndexOf("password"u8) >= 0;
        if (vendor == Microsoft || isPassword) value[VendorSize..].Fill(blank);
    }
}
