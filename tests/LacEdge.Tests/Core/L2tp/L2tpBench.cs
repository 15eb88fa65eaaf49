using System.Globalization;
using LacEdge.Core;
using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Ppp;
using LacEdge.Wire;
using LacEdge.Wire.Ip;
using LacEdge.Wire.L2tp;

namespace LacEdge.Tests.Core.L2tp;

/// <summary>A whole endpoint in virtual time, its user, and an LNS whose messages the test writes one by one.</summary>
internal sealed class L2tpBench : IL2tpUser, IDisposable
{
    public const int Socket = 3;
    public static readonly UdpEndpoint Lns = new(IpAddress.Parse("198.51.100.10"), 1701);

    private readonly RandomStreams _random;
    private readonly byte[] _buffer = new byte[2048];
    private ulong _timerOrder;

    public L2tpBench(TunnelProfile? profile = null, byte seed = 1, int maxTunnels = 100)
    {
        var octets = new byte[RandomStreams.SeedSize];
        octets[0] = seed;
        _random = new RandomStreams(octets);
        Profile = profile ?? Plain;
        Endpoint = new L2tpEndpoint(_random, Timers, Outbox, Counters, this, maxTunnels, () => ++_timerOrder);
    }

    public static TunnelProfile Plain { get; } = new() { Name = "t", HostName = "lac1.example.net" };
    public static TunnelProfile WithSecret { get; } = Plain with { Secret = Secret.FromText("tunnel-secret") };

    public TunnelProfile Profile { get; }
    public TimerQueue Timers { get; } = new();
    public Outbox Outbox { get; } = new();
    public LacCounters Counters { get; } = new();
    public L2tpEndpoint Endpoint { get; }
    public Instant Now { get; private set; } = new(1_000_000_000_000);
    /// <summary>What the user was told since it was last asked.</summary>
    public List<string> Told { get; } = [];
    /// <summary>Whether the user knows of data that does not come this way; when it was asked.</summary>
    public bool AnswersActivity { get; set; }
    public List<Instant> Asked { get; } = [];
    public List<CallEnd> Ends { get; } = [];
    public List<string> Data { get; } = [];
    /// <summary>What the user does with an accepted call; null: nothing.</summary>
    public Func<L2tpCall, CallConnect>? Connecting { get; set; } = _ => Chap;
    public Action<L2tpCall, CallEnd>? OnCallEnded { get; set; }
    public Action<L2tpCall>? OnCallAccepted { get; set; }
    public Action<L2tpTunnel>? OnTunnelClosed { get; set; }

    /// <summary>Where the LNS sends from.</summary>
    public UdpEndpoint Source { get; set; } = Lns;
    public ushort LnsTunnelId { get; set; } = 0x3c4d;
    public ushort LnsNs { get; set; }
    public ushort LnsNr { get; set; }

    public static CallConnect Chap { get; } = new(
        16_384_000, 1_024_000,
        new ProxyLcp(Bytes.Hex("010405dc05060a0b0c0d"), Bytes.Hex("010405d40305c2230505060badcafe"), Bytes.Hex("010405d405060a0b0c0d")),
        new ProxyAuthentication(
            2, 0x2a, Bytes.Copy("alice@isp.example"u8), Bytes.Hex("101112131415161718191a1b1c1d1e1f"),
            Bytes.Hex("e19a9463414757c0fd809ea3977b7730")));

    public static CallConnect Pap { get; } = new(
        16_384_000, 1_024_000,
        new ProxyLcp(Bytes.Hex("010405dc05060a0b0c0d"), Bytes.Hex("010405d40304c02305060badcafe"), Bytes.Hex("010405d405060a0b0c0d")),
        new ProxyAuthentication(3, 1, Bytes.Copy("alice@isp.example"u8), Bytes.Empty, Bytes.Copy("wonderland"u8)));

    public void Dispose() => _random.Dispose();

    // The LAC's side.

    public L2tpTunnel Open(TunnelProfile? profile = null, PeerProfile? peer = null) =>
        Endpoint.Open(new TunnelTarget(profile ?? Profile, Lns, "lns1", peer ?? PeerProfile.Default), Socket, Now) ?? throw new InvalidOperationException("refused");

    public L2tpCall Place(L2tpTunnel tunnel, string name = "s") =>
        Endpoint.PlaceCall(tunnel, new CallRequest("02:00:00:00:00:01", "isp.example"), name, Now)
        ?? throw new InvalidOperationException("refused");

    public void EndCall(L2tpCall call, ushort result = 3, ushort error = 0, string text = "", ushort? cause = null) =>
        Endpoint.EndCall(call, result, error, text, cause, Now);

    public void Close(L2tpTunnel tunnel) => Endpoint.Close(tunnel, 6, 0, "shutting down", EndCause.Shutdown, Now);

    /// <summary>Runs every timer up to then, at its own time.</summary>
    public void Advance(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (Timers.NextDeadline <= end)
        {
            Now = Timers.NextDeadline;
            Timers.RunDue(Now);
        }

        Now = end;
    }

    /// <summary>What was sent since the last call, in words; the LNS has received it all. See <see cref="Describe"/>.</summary>
    public string Sent()
    {
        var sent = new List<string>();
        foreach (var datagram in SentOctets())
        {
            sent.Add(Describe(datagram, Profile.Secret.Span));
            Assert.True(L2tpHeader.TryParse(datagram, out var header, out _));
            if (!header.IsZlb && header.Ns == LnsNr) LnsNr++;
        }

        return string.Join(" | ", sent);
    }

    public List<byte[]> SentOctets()
    {
        var sent = new List<byte[]>();
        foreach (var output in Outbox.Outputs)
        {
            if (output.Event is HostTrouble trouble)
            {
                Told.Add(trouble.What);
                continue;
            }

            Assert.Equal((OutputKind.Datagram, Socket, -1), (output.Kind, output.Target, output.Slot));
            Assert.Equal(Source, output.Peer);
            sent.Add(Outbox.Octets(output).ToArray());
        }

        Outbox.Clear();
        return sent;
    }

    /// <summary>"ICRQ tunnel/session ns,nr"; CDN and StopCCN with their codes in brackets and the text.</summary>
    public static string Describe(byte[] datagram, ReadOnlySpan<byte> secret)
    {
        Assert.True(L2tpHeader.TryParse(datagram, out var header, out var error), error.ToString());
        var text = string.Create(CultureInfo.InvariantCulture, $"{header.TunnelId:x4}/{header.SessionId:x4} {header.Ns},{header.Nr}");
        if (header.IsZlb) return "ZLB " + text;
        var message = ControlMessageParser.Parse(header, secret);
        Assert.Equal(default, message.Problem);
        Assert.Equal(DecodeError.None, message.Ignored);
        text = $"{MessageTable.NameOf(message.Type)} {text}";
        if (message.Type is not (MessageType.Cdn or MessageType.StopCcn)) return text;
        text += string.Create(CultureInfo.InvariantCulture, $" ({message.ResultCode.Result}/{message.ResultCode.Error})");
        return message.ResultCode.Text.IsEmpty ? text : $"{text} {PrintableText.From(message.ResultCode.Text)}";
    }

    public string WasTold()
    {
        var told = string.Join(" | ", Told);
        Told.Clear();
        return told;
    }

    // The LNS's side.

    public void FromLns(ReadOnlySpan<byte> datagram, int socket = Socket) => Endpoint.HandleDatagram(socket, Source, datagram, Now);

    /// <summary>A message with these AVPs (Message Type first), in hex.</summary>
    public void FromLns(L2tpTunnel tunnel, ushort sessionId, string avps)
    {
        var payload = Convert.FromHexString(avps.Replace(" ", "", StringComparison.Ordinal));
        var writer = new WireWriter(_buffer);
        L2tpHeader.WriteControl(ref writer, tunnel.LocalTunnelId, sessionId, LnsNs++, LnsNr);
        writer.WriteBytes(payload);
        L2tpHeader.PatchControlLength(ref writer, 0);
        FromLns(writer.Written);
    }

    public void Sccrp(L2tpTunnel tunnel, byte[]? challenge = null, byte[]? response = null, ushort? window = 16)
    {
        var sccrp = new StartControlConnection
        {
            HostName = "lns1.example.net",
            AssignedTunnelId = LnsTunnelId,
            FramingCapabilities = Framings.Synchronous | Framings.Asynchronous,
            ReceiveWindowSize = window,
            Challenge = challenge,
            ChallengeResponse = response,
            VendorName = "test",
        };
        FromLns(sccrp.WriteSccrp(_buffer, tunnel.LocalTunnelId, LnsNs++, LnsNr));
    }

    public void Zlb(L2tpTunnel tunnel, ushort sessionId = 0) => FromLns(AvpWriter.Zlb(_buffer, tunnel.LocalTunnelId, sessionId, LnsNs, LnsNr));
    public void Hello(L2tpTunnel tunnel) => FromLns(Messages.Hello(_buffer, tunnel.LocalTunnelId, LnsNs++, LnsNr));

    public void Icrp(L2tpCall call, ushort lnsSessionId) =>
        FromLns(Messages.Icrp(_buffer, call.Tunnel.LocalTunnelId, call.LocalSessionId, lnsSessionId, LnsNs++, LnsNr));

    public void Cdn(L2tpTunnel tunnel, ushort sessionId, ushort lnsSessionId, ResultCode result, DisconnectCause? cause = null) =>
        FromLns(Messages.Cdn(_buffer, tunnel.LocalTunnelId, sessionId, lnsSessionId, result, cause, LnsNs++, LnsNr));

    public void StopCcn(L2tpTunnel tunnel, ResultCode result) =>
        FromLns(Messages.StopCcn(_buffer, tunnel.LocalTunnelId, LnsTunnelId, result, LnsNs++, LnsNr));

    /// <summary>A tunnel that is established, with everything acknowledged.</summary>
    public L2tpTunnel Establish(ushort? window = 16)
    {
        var tunnel = Open();
        if (Profile.Secret.IsSet) throw new InvalidOperationException("not for tunnels with a secret");
        Sent();
        Sccrp(tunnel, window: window);
        Sent();
        Zlb(tunnel);
        Told.Clear();
        return tunnel;
    }

    /// <summary>A call that is connected, with everything acknowledged.</summary>
    public L2tpCall Connect(L2tpTunnel tunnel, ushort lnsSessionId, string name = "s")
    {
        var call = Place(tunnel, name);
        Sent();
        Icrp(call, lnsSessionId);
        Sent();
        Zlb(tunnel);
        Told.Clear();
        return call;
    }

    // The user.

    void IL2tpUser.TunnelEstablished(L2tpTunnel tunnel, Instant now) => Told.Add($"established {tunnel.PeerHostName}");

    void IL2tpUser.TunnelClosed(L2tpTunnel tunnel, EndCause cause, string detail, Instant now)
    {
        Assert.Equal(0, tunnel.CallCount);
        Told.Add($"closed {cause}: {detail}");
        OnTunnelClosed?.Invoke(tunnel);
    }

    bool IL2tpUser.AskActivity(L2tpTunnel tunnel) => Asked.Count < 1000 && AnswersActivity && Add(Asked, Now);

    private static bool Add(List<Instant> asked, Instant now)
    {
        asked.Add(now);
        return true;
    }

    void IL2tpUser.TunnelForgotten(L2tpTunnel tunnel, Instant now)
    {
        Assert.DoesNotContain(tunnel, Endpoint.Tunnels);
        Told.Add("forgotten");
    }

    void IL2tpUser.CallAccepted(L2tpCall call, Instant now)
    {
        Told.Add($"accepted {call.Owner}");
        OnCallAccepted?.Invoke(call);
        if (Connecting is { } connecting && call.State == CallState.WaitReply) Endpoint.Connect(call, connecting(call), now);
    }

    void IL2tpUser.CallConnected(L2tpCall call, Instant now) => Told.Add($"connected {call.Owner}");

    void IL2tpUser.CallEnded(L2tpCall call, CallEnd end, Instant now)
    {
        Assert.Equal(CallState.Idle, call.State);
        Told.Add($"ended {call.Owner} {end.Cause}");
        Ends.Add(end);
        OnCallEnded?.Invoke(call, end);
    }

    void IL2tpUser.DataReceived(L2tpCall call, ReadOnlySpan<byte> ppp, Instant now) => Data.Add($"{call.Owner} {Convert.ToHexStringLower(ppp)}");
}
