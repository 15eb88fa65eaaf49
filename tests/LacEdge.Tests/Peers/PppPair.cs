using LacEdge.Core;
using LacEdge.Lab.Peers;

namespace LacEdge.Tests.Peers;

/// <summary>A PPP client and a PPP server joined by a line that delivers at once, or loses what a test says.</summary>
internal sealed class PppPair
{
    private readonly Queue<(End To, byte[] Frame)> _inFlight = new();
    private readonly End _clientEnd, _serverEnd;

    public PppPair(
        PppAuthentication asks = PppAuthentication.Either, PppAuthentication takes = PppAuthentication.Either,
        string password = "wonderland", string known = "wonderland")
    {
        _clientEnd = new End(this);
        _serverEnd = new End(this);
        Client = new PppClient(_clientEnd, PppTimers.Default, 1492, 0x11111111, takes, "alice@isp.example", password);
        Server = new PppServer(
            _serverEnd, PppTimers.Default, 1492, LnsMode.Renegotiate, asks, user => user == "alice@isp.example" ? known : null, "lns1",
            new PeerRandom(7), 0x0A000001, 0x0A010005);
        (_clientEnd.Stack, _serverEnd.Stack) = (Client, Server);
    }

    public PppClient Client { get; }
    public PppServer Server { get; }
    public Instant Now { get; set; } = new(1_000_000_000);
    public List<string> Violations { get; } = [];
    /// <summary>Frames in the order of sending, "c" or "s" and hex.</summary>
    public List<string> Sent { get; } = [];
    /// <summary>Whether a frame is lost; the number counts all frames from 0.</summary>
    public Func<int, byte[], bool> Loses { get; set; } = (_, _) => false;
    public (PppEnd Reason, string Text) ClientEnded => _clientEnd.Reason;
    public (PppEnd Reason, string Text) ServerEnded => _serverEnd.Reason;

    public void Start()
    {
        Client.Start(Now);
        Server.Start(Now);
        Deliver();
    }

    public void Deliver()
    {
        while (_inFlight.TryDequeue(out var next)) next.To.Stack!.HandleFrame(next.Frame, Now);
    }

    /// <summary>Lets time pass, timer by timer.</summary>
    public void Wait(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            var next = Client.NextTimeout < Server.NextTimeout ? Client.NextTimeout : Server.NextTimeout;
            if (next > end) break;
            Now = next;
            Client.HandleTimeout(Now);
            Server.HandleTimeout(Now);
            Deliver();
        }

        Now = end;
    }

    private void Send(End from, byte[] frame)
    {
        var number = Sent.Count;
        Sent.Add((ReferenceEquals(from, _clientEnd) ? "c " : "s ") + Convert.ToHexStringLower(frame));
        if (!Loses(number, frame)) _inFlight.Enqueue((ReferenceEquals(from, _clientEnd) ? _serverEnd : _clientEnd, frame));
    }

    private sealed class End(PppPair pair) : IPppLine
    {
        public PppStack? Stack { get; set; }
        public (PppEnd, string) Reason { get; private set; }

        public void Send(ReadOnlySpan<byte> ppp, Instant now) => pair.Send(this, ppp.ToArray());
        public void PhaseChanged(PppPhase phase, Instant now) { }
        public void Ended(PppEnd end, string text, Instant now) => Reason = (end, text);
        public void Violation(string what) => pair.Violations.Add(what);
    }
}
