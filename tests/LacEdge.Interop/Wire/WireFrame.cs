namespace LacEdge.Interop.Wire;

internal enum Side { Access, Core }

/// <summary>What a frame says, by tshark: its PPPoE, L2TP or (in a session of either) PPP message.</summary>
internal enum Message
{
    Other,
    Padi, Pado, Padr, Pads, Padt,
    Sccrq, Sccrp, Scccn, StopCcn, Hello, Icrq, Icrp, Iccn, Cdn, Zlb, OtherL2tp,
    LcpConfigureRequest, LcpConfigureAck, LcpConfigureNak, LcpTerminateRequest, LcpTerminateAck, OtherLcp,
    PapRequest, PapAck, PapNak, ChapChallenge, ChapResponse, ChapSuccess, ChapFailure, EapSuccess, EapFailure, OtherPpp,
}

/// <summary>A captured frame.</summary>
/// <param name="Number">In the capture, from 1.</param>
/// <param name="Time">Seconds since the epoch.</param>
/// <param name="Ours">The access concentrator sent it.</param>
/// <param name="Destination">MAC address.</param>
/// <param name="Tags">VLAN tags as <c>TPID:ID</c>, from the outermost.</param>
/// <param name="Avps">Numbers of the L2TP AVPs that are not hidden, in wire order.</param>
/// <param name="HiddenAvps">How many AVPs are hidden: tshark does not look into them.</param>
/// <param name="Trouble">Why tshark calls it malformed or wrong; empty when it does not.</param>
internal sealed record WireFrame(
    Side Side, int Number, double Time, bool Ours, string Destination, string Tags, Message Message,
    IReadOnlyList<int> Avps, int HiddenAvps, string Trouble);
