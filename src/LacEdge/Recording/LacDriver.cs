using LacEdge.Core;
using LacEdge.Core.Dns;
using LacEdge.Core.Events;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Wire;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording;

/// <summary>Does what the <see cref="Lac"/> wants done. Octets are valid only during the call.</summary>
internal interface ILacHost
{
    /// <param name="slot">The forwarding slot in which the frame counts; -1: none.</param>
    void SendFrame(int accessGroup, ReadOnlySpan<byte> frame, int slot);
    void SendDatagram(int socket, UdpEndpoint peer, ReadOnlySpan<byte> payload, int slot);
    /// <summary>Answered by <see cref="LacDriver.Socket"/>.</summary>
    void OpenSocket(int socket, UdpEndpoint local, UdpSocketOptions options);
    void CloseSocket(int socket);
    /// <summary>Answered by <see cref="LacDriver.Lookup"/>, unless it is cancelled before.</summary>
    void Lookup(int lookup, DnsQuestion question);
    void CancelLookup(int lookup);
    /// <summary><see cref="RemoveSession"/> is answered by <see cref="LacDriver.Counters"/>, <see cref="ReadTunnel"/> by
    /// <see cref="LacDriver.TunnelFrames"/>, <see cref="ReadSession"/> by <see cref="LacDriver.SessionFrames"/>.</summary>
    void Apply(ForwardingUpdate update);
    void Publish(LacEvent happened);
}

/// <summary>
/// The one way into a <see cref="Lac"/> and out of it: records each input and its outputs when there is a recorder, hands the
/// outputs to the host in order, and clears the outbox.
/// </summary>
/// <remarks>
/// A host may answer from within its call (a socket that opens at once, the counters of a removed session): the answer
/// waits until all outputs of the present input are carried out, and is the next input then. Not thread-safe: it belongs
/// to the control thread.
/// </remarks>
internal sealed class LacDriver(Lac lac, ILacHost host, LacRecorder? recorder = null)
{
    private readonly Queue<LacInput> _answers = new();
    private bool _delivering;

    public Lac Lac { get; } = lac;

    public void Frame(int accessGroup, ReadOnlySpan<byte> frame, Instant now)
    {
        if (_delivering)
        {
            _answers.Enqueue(new FrameInput(now, accessGroup, Bytes.Copy(frame)));
            return;
        }

        recorder?.Writer?.Frame(accessGroup, frame, now);
        Lac.HandleFrame(accessGroup, frame, now);
        Deliver();
    }

    public void Datagram(int socket, UdpEndpoint source, ReadOnlySpan<byte> payload, Instant now)
    {
        if (_delivering)
        {
            _answers.Enqueue(new DatagramInput(now, socket, source, Bytes.Copy(payload)));
            return;
        }

        recorder?.Writer?.Datagram(socket, source, payload, now);
        Lac.HandleDatagram(socket, source, payload, now);
        Deliver();
    }

    public void Timeout(Instant now)
    {
        if (_delivering)
        {
            _answers.Enqueue(new TimeoutInput(now));
            return;
        }

        recorder?.Writer?.Timeout(now);
        Lac.HandleTimeout(now);
        Deliver();
    }

    public void Socket(int socket, bool opened, UdpEndpoint local, string error, Instant now) =>
        Input(new SocketInput(now, socket, opened, local, error));

    public void Link(int accessGroup, MacAddress mac, int mtu, bool up, Instant now, ulong speed = 0) =>
        Input(new LinkInput(now, accessGroup, mac, mtu, up, speed));

    public void Counters(int slot, ForwardingCounters counters, Instant now) => Input(new CountersInput(now, slot, counters));
    public void SessionFrames(int slot, ulong frames, Instant now) => Input(new SessionFramesInput(now, slot, frames));
    public void TunnelFrames(int tunnelSlot, ulong frames, Instant now) => Input(new TunnelFramesInput(now, tunnelSlot, frames));
    public void Lookup(int lookup, LookupOutcome outcome, ReadOnlySpan<byte> message, string error, Instant now) =>
        Input(new LookupInput(now, lookup, outcome, Bytes.Copy(message), error));
    public void Command(LacCommand command, Instant now) => Input(new CommandInput(now, command));

    /// <summary>Any input as a value.</summary>
    public void Input(LacInput input)
    {
        if (_delivering)
        {
            _answers.Enqueue(input);
            return;
        }

        Apply(input);
        Deliver();
    }

    private void Apply(LacInput input)
    {
        if (recorder?.Writer is { } writer) input.WriteTo(writer);
        input.ApplyTo(Lac);
    }

    private void Deliver()
    {
        _delivering = true;
        try
        {
            DeliverOutputs();
            while (_answers.TryDequeue(out var answer))
            {
                Apply(answer);
                DeliverOutputs();
            }
        }
        finally
        {
            _delivering = false;
        }
    }

    private void DeliverOutputs()
    {
        var outbox = Lac.Outbox;
        if (outbox.Count == 0) return;
        recorder?.Writer?.Outputs(outbox);
        try
        {
            for (var i = 0; i < outbox.Outputs.Count; i++) Deliver(outbox, outbox.Outputs[i]);
        }
        finally
        {
            outbox.Clear();
        }
    }

    private void Deliver(Outbox outbox, in Output output)
    {
        switch (output.Kind)
        {
            case OutputKind.Frame: host.SendFrame(output.Target, outbox.Octets(output), output.Slot); break;
            case OutputKind.Datagram: host.SendDatagram(output.Target, output.Peer, outbox.Octets(output), output.Slot); break;
            case OutputKind.OpenSocket: host.OpenSocket(output.Target, output.Peer, output.Socket!); break;
            case OutputKind.CloseSocket: host.CloseSocket(output.Target); break;
            case OutputKind.Lookup: host.Lookup(output.Target, output.Question); break;
            case OutputKind.CancelLookup: host.CancelLookup(output.Target); break;
            case OutputKind.Forwarding: host.Apply(output.Update!); break;
            case OutputKind.Event: host.Publish(output.Event!); break;
        }
    }
}
