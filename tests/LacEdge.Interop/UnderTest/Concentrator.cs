using LacEdge.Interop.Cases;

namespace LacEdge.Interop.UnderTest;

/// <summary>What a run asks of the access concentrator in the middle.</summary>
/// <param name="Folder">For its log and generated configuration.</param>
/// <param name="Name">Of these files.</param>
/// <param name="TunnelSecret">The row's, or a wrong one.</param>
internal sealed record ConcentratorSettings(
    string Folder, string Name, InteropCase Row, string LnsAddress, string TunnelSecret);

/// <summary>The PPPoE access concentrator and LAC in the middle: LacEdge, or a reference in its place.</summary>
internal abstract class Concentrator
{
    public abstract string Name { get; }
    public abstract string Log { get; }

    /// <summary>Checks that this concentrator cannot be asked to pass.</summary>
    public abstract IReadOnlySet<Check> Unsupported { get; }

    public abstract Task StartAsync(ConcentratorSettings settings);

    /// <summary>Asks it to end; its exit status, or null when it had to be killed.</summary>
    public abstract Task<int?> StopAsync();

    /// <summary>It dies without a word to anybody.</summary>
    public abstract Task CrashAsync();
}
