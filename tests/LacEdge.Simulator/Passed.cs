using LacEdge.Core;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator;

/// <summary>Where something passed, and in which direction. The LAC stands in the middle.</summary>
public enum Side { FromSubscriber, ToSubscriber, FromLns, ToLns }

/// <summary>A frame (subscriber side) or datagram (LNS side) at the LAC: what it sent, or what reached it.</summary>
/// <param name="Group">Access group; -1 on the LNS side.</param>
/// <param name="Local">The LAC's address and port, on the LNS side.</param>
/// <param name="Octets">The whole frame, or the UDP payload.</param>
public sealed record Passed(Instant At, Side Side, int Group, UdpEndpoint Local, UdpEndpoint Remote, byte[] Octets)
{
    public string Hex => Convert.ToHexStringLower(Octets);
    public override string ToString() => $"{At} {Side} {Hex}";
}
