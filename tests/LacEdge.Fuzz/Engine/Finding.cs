namespace LacEdge.Fuzz.Engine;

/// <summary>An input that breaks something, and how.</summary>
internal sealed record Finding(byte[] Input, string Fault)
{
    /// <summary>The same fault is the same kind of exception at the same place; its text may differ.</summary>
    public static string FaultOf(Exception e)
    {
        if (e is FuzzException) return e.Message;
        var at = e.StackTrace?.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith("at LacEdge.", StringComparison.Ordinal)) ?? "at an unknown place";
        var end = at.IndexOf(" in ", StringComparison.Ordinal);
        return $"{e.GetType().Name} {(end < 0 ? at : at[..end])}";
    }
}
