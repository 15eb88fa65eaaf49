namespace LacEdge.Core;

/// <summary>What a UDP socket shall be like besides its address and port. Tunnels share a socket only when they want the same.</summary>
/// <param name="Device">It sends and receives by this device (VRF) only; empty: by any.</param>
/// <param name="Checksum">False: data messages go without UDP checksum (IPv4 only); control messages always have one.</param>
/// <param name="DontFragment">True: datagrams that the path does not take whole are refused; else they are fragmented.</param>
/// <param name="Questions">It is for questions to servers: the control thread reads it, not the data plane.</param>
public sealed record UdpSocketOptions(string Device = "", bool Checksum = true, bool DontFragment = false, bool Questions = false)
{
    public static UdpSocketOptions Default { get; } = new();
    public static UdpSocketOptions ForQuestions { get; } = new(Questions: true);
}
