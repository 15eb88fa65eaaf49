using System.Security.Cryptography;
using System.Text;
using LacEdge.Core.Config;
using LacEdge.Core.Radius;
using LacEdge.Tests.Core.Radius;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Radius;

namespace LacEdge.Tests.Simulation;

/// <summary>A RADIUS server that a test plays: it checks what comes and answers what it is told to.</summary>
internal sealed class FakeRadius(string name, string address, string secret = "radius-secret")
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);
    private byte[] _authenticator = [];

    public UdpEndpoint Endpoint { get; } = new(IpAddress.Parse(address), 1812);
    public RadiusServerConfig Config => new() { Name = name, Address = Endpoint.Address, Secret = Secret.FromText("radius-secret") };
    /// <summary>Answers nothing.</summary>
    public bool Silent { get; set; }
    public bool Signs { get; set; } = true;
    /// <summary>By User-Name: the code and the attributes, in hex.</summary>
    public Func<string, (RadiusCode Code, string Attributes)> Says { get; set; } = _ => (RadiusCode.AccessReject, "");
    /// <summary>All that came, repetitions too.</summary>
    public List<Dictionary<byte, List<byte[]>>> Asked { get; } = [];
    public List<RadiusCode> Codes { get; } = [];

    public byte[]? Answer(byte[] request)
    {
        Assert.True(RadiusPacket.TryParse(request, out var packet, out _));
        var attributes = new Dictionary<byte, List<byte[]>>();
        var walk = new RadiusAttributeReader(packet.Attributes);
        while (walk.MoveNext())
        {
            if (!attributes.TryGetValue(walk.Current.Type, out var values)) attributes.Add(walk.Current.Type, values = []);
            values.Add(walk.Current.Value.ToArray());
        }

        _authenticator = packet.Authenticator.ToArray();
        Asked.Add(attributes);
        Codes.Add(packet.Code);
        if (Silent) return null;
        var (code, said) = packet.Code == RadiusCode.StatusServer ? (RadiusCode.AccessAccept, "") : Says(Encoding.UTF8.GetString(attributes[1][0]));
        var writer = new RadiusWriter(new byte[RadiusPacket.MaxSize]);
        writer.Begin(code, packet.Identifier);
        if (Signs) RadiusSeal.Reserve(ref writer);
        writer.Encoded(Convert.FromHexString(said));
        var reply = writer.End();
        RadiusSeal.Reply(reply, packet.Authenticator, _secret);
        return reply.ToArray();
    }

    /// <summary>A Tunnel-Password in answer to the present question (RFC 2868 section 3.5).</summary>
    public string TunnelPassword(byte tag, string password)
    {
        byte[] clear = [(byte)password.Length, .. Encoding.UTF8.GetBytes(password)];
        var hidden = new byte[(clear.Length + 15) / 16 * 16];
        byte[] salt = [0x80, tag];
        byte[] before = [.. _authenticator, .. salt];
        for (var at = 0; at < hidden.Length; at += 16)
        {
            var digest = MD5.HashData([.. _secret, .. before]);
            for (var i = 0; i < 16; i++) hidden[at + i] = (byte)(digest[i] ^ (at + i < clear.Length ? clear[at + i] : 0));
            before = hidden[at..(at + 16)];
        }

        return AccessAcceptTests.Attribute(69, Convert.ToHexStringLower([tag, .. salt, .. hidden]));
    }

    /// <summary>A value of the last question, as hex.</summary>
    public string Last(byte type) => Convert.ToHexStringLower(Assert.Single(Asked[^1][type]));
    public string LastText(byte type) => Encoding.UTF8.GetString(Assert.Single(Asked[^1][type]));
}
