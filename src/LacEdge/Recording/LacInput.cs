using LacEdge.Core;
using LacEdge.Core.Dns;
using LacEdge.Core.Forwarding;
using LacEdge.Core.Lac;
using LacEdge.Wire;
using LacEdge.Wire.Ethernet;
using LacEdge.Wire.Ip;

namespace LacEdge.Recording;

/// <summary>Something that enters the <see cref="Lac"/>, as a value: what a recording holds and what waits for its turn.</summary>
internal abstract record LacInput(Instant At)
{
    public abstract void ApplyTo(Lac lac);
    public abstract void WriteTo(RecordWriter writer);
}

internal sealed record FrameInput(Instant At, int AccessGroup, Bytes Octets) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleFrame(AccessGroup, Octets.Span, At);
    public override void WriteTo(RecordWriter writer) => writer.Frame(AccessGroup, Octets.Span, At);
}

internal sealed record DatagramInput(Instant At, int Socket, UdpEndpoint Source, Bytes Octets) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleDatagram(Socket, Source, Octets.Span, At);
    public override void WriteTo(RecordWriter writer) => writer.Datagram(Socket, Source, Octets.Span, At);
}

internal sealed record TimeoutInput(Instant At) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleTimeout(At);
    public override void WriteTo(RecordWriter writer) => writer.Timeout(At);
}

internal sealed record SocketInput(Instant At, int Socket, bool Opened, UdpEndpoint Local, string Error) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleSocket(Socket, Opened, Local, Error, At);
    public override void WriteTo(RecordWriter writer) => writer.Socket(Socket, Opened, Local, Error, At);
}

internal sealed record LinkInput(Instant At, int AccessGroup, MacAddress Mac, int Mtu, bool Up, ulong Speed = 0) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleLink(AccessGroup, Mac, Mtu, Up, At, Speed);
    public override void WriteTo(RecordWriter writer) => writer.Link(AccessGroup, Mac, Mtu, Up, At, Speed);
}

internal sealed record CountersInput(Instant At, int Slot, ForwardingCounters Counters) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleCounters(Slot, Counters, At);
    public override void WriteTo(RecordWriter writer) => writer.Counters(Slot, Counters, At);
}

internal sealed record TunnelFramesInput(Instant At, int TunnelSlot, ulong Frames) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleTunnelFrames(TunnelSlot, Frames, At);
    public override void WriteTo(RecordWriter writer) => writer.TunnelFrames(TunnelSlot, Frames, At);
}

internal sealed record SessionFramesInput(Instant At, int Slot, ulong Frames) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleSessionFrames(Slot, Frames, At);
    public override void WriteTo(RecordWriter writer) => writer.SessionFrames(Slot, Frames, At);
}

/// <param name="Octets">The server's response; empty when there is none.</param>
internal sealed record LookupInput(Instant At, int Lookup, LookupOutcome Outcome, Bytes Octets, string Error) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleLookup(Lookup, Outcome, Octets.Span, Error, At);
    public override void WriteTo(RecordWriter writer) => writer.Lookup(Lookup, Outcome, Octets.Span, Error, At);
}

internal sealed record CommandInput(Instant At, LacCommand Command) : LacInput(At)
{
    public override void ApplyTo(Lac lac) => lac.HandleCommand(Command, At);
    public override void WriteTo(RecordWriter writer) => writer.Command(Command, At);
}
