using LacEdge.Wire.Ip;

namespace LacEdge.Recording.Scenarios;

/// <summary>One thing that happened at a LAC, own or foreign.</summary>
/// <param name="Where">Of it in its source: "core.pcap frame 12", "line 40".</param>
/// <param name="Time">Nanoseconds from any beginning.</param>
internal abstract record TranscriptItem(string Where, long Time);

/// <summary>A frame or datagram, seen at the LAC.</summary>
/// <param name="AccessGroup">Of a frame.</param>
/// <param name="Lns">Of a datagram: the LNS's end.</param>
internal sealed record TranscriptMessage(string Where, long Time, Message Message, bool FromLac, int AccessGroup, UdpEndpoint Lns)
    : TranscriptItem(Where, Time);

/// <summary>A link event or an order of the operator.</summary>
internal sealed record TranscriptInput(string Where, long Time, LacInput Input) : TranscriptItem(Where, Time);

/// <summary>A new subscriber dials: put in where a capture shows only what came of it.</summary>
internal sealed record TranscriptDial(string Where, long Time) : TranscriptItem(Where, Time);

/// <summary>What was seen at a LAC, in order of time.</summary>
/// <param name="Boot">What the session keys in its orders begin with; any number when there are none.</param>
/// <param name="HasAccessSide">Whether the subscribers' frames are in it.</param>
internal sealed record Transcript(IReadOnlyList<TranscriptItem> Items, uint Boot, bool HasAccessSide, IReadOnlyList<string> Remarks)
{
    public IEnumerable<TranscriptMessage> Messages => Items.OfType<TranscriptMessage>();
}
