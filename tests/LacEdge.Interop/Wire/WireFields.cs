namespace LacEdge.Interop.Wire;

/// <summary>A captured frame by the tshark fields that were asked for.</summary>
/// <param name="Ours">The access concentrator sent it.</param>
internal sealed record WireFields(int Number, bool Ours, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Empty when the frame has none; several are parted by <c>|</c>.</summary>
    public string this[string field] => Values[field];
}
