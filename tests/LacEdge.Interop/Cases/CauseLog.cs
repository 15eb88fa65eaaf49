namespace LacEdge.Interop.Cases;

/// <summary>What the log must and must not say.</summary>
internal static class CauseLog
{
    public const string TunnelSecretWrong = "tunnel-secret-wrong";
    public static void Examine(string log, InteropCase row) { }
}
