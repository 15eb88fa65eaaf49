using LacEdge.Wire;
using LacEdge.Wire.L2tp;
using LacEdge.Wire.Pppoe;
using LacEdge.Wire.Radius;

namespace LacEdge.Decode;

/// <summary>Turns decoded frames into the rows of a <see cref="Ladder"/>: what is not PPPoE, PPP, L2TP or RADIUS is left out, user data
/// is counted.</summary>
internal sealed class FrameLadder
{
    private const string Line = "PPP line";

    private readonly Ladder _ladder = new();

    public void Add(DecodedFrame frame)
    {
        if (frame is { Pppoe: null, Ppp: null, L2tp: null, Radius: null }) return;
        var (from, to) = TextFormat.Ends(frame, withPorts: false);
        if (from is not null && to is not null) Describe(frame, from, to);
        if (frame.Ethernet?.Destination.IsGroup == true) to = null;
        else to ??= Line;

        var label = TextFormat.Message(frame);
        if (frame.Error != DecodeError.None) label += $" !! {ProtocolNames.Error(frame.Error)}";
        var isControl = frame.L2tp is { IsControl: true } || frame.Radius is not null || frame.Ppp?.Code is not null
            || frame.Pppoe is { Code: not PppoeCode.Session };
        _ladder.Add(frame.UnixNanoseconds ?? 0, from ?? Line, to, label, merge: !isControl);
    }

    public void Write(TextWriter output) => _ladder.Write(output);

    private void Describe(DecodedFrame frame, string from, string to)
    {
        switch (frame.Pppoe?.Code)
        {
            case PppoeCode.Padi or PppoeCode.Padr:
                _ladder.Describe(from, "subscriber");
                break;
            case PppoeCode.Pado or PppoeCode.Pads:
                _ladder.Describe(from, "AC");
                break;
        }

        if ((MessageType?)frame.L2tp?.MessageType is MessageType.Sccrq or MessageType.Icrq)
        {
            _ladder.Describe(from, "LAC");
            _ladder.Describe(to, "LNS");
        }

        if (frame.Radius?.Code is RadiusCode.AccessRequest or RadiusCode.AccountingRequest)
        {
            _ladder.Describe(from, "NAS");
            _ladder.Describe(to, "RADIUS");
        }
    }
}
