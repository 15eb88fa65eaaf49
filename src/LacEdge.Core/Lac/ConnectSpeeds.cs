using LacEdge.Core.Config;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Core.Lac;

/// <summary>What ICCN says of the line (AVPs 24 and 38), in bit/s as the LAC sees it: Tx is towards the subscriber.</summary>
internal static class ConnectSpeeds
{
    private const ulong BitsPerKilobit = 1000;

    /// <summary>By the service's method; a direction of which that knows nothing has the configured speed.</summary>
    /// <param name="interfaceSpeed">Of the access interface in bit/s; 0: not known.</param>
    public static (ulong Tx, ulong Rx) Of(AccessServiceConfig service, AccessLine? line, ulong interfaceSpeed)
    {
        var (tx, rx) = service.SpeedMethod switch
        {
            SpeedMethod.Line => (Rate(line, AccessLineType.ActualRateDown), Rate(line, AccessLineType.ActualRateUp)),
            SpeedMethod.Interface => (interfaceSpeed, interfaceSpeed),
            SpeedMethod.Static => (0ul, 0ul),
        };
        return (tx > 0 ? tx : service.TxSpeed, rx > 0 ? rx : service.RxSpeed);
    }

    private static ulong Rate(AccessLine? line, AccessLineType type) => (line?[type] ?? 0) * BitsPerKilobit;
}
