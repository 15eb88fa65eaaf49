using LacEdge.Interop.Cases;

namespace LacEdge.Interop.Wire;

/// <summary>The frames of both sides, or of a part of a run, with the questions that the checks ask of them.</summary>
internal sealed class WireLog(IReadOnlyList<WireFrame> frames)
{
    public static async Task<WireLog> ReadAsync(string folder)
    {
        var sides = await Task.WhenAll(
            Tshark.ReadAsync(Side.Access, Path.Combine(folder, "access.pcap")),
            Tshark.ReadAsync(Side.Core, Path.Combine(folder, "core.pcap")));
        return new([.. sides.SelectMany(side => side).OrderBy(frame => frame.Time)]);
    }

    public IReadOnlyList<WireFrame> Frames => frames;

    public WireLog Between(double start, double end) => new([.. frames.Where(frame => frame.Time >= start && frame.Time <= end)]);

    public int CountSent(Message message) => frames.Count(frame => frame.Ours && frame.Message == message);

    public WireFrame? Find(Message message, Side side, bool ours) =>
        frames.FirstOrDefault(frame => frame.Message == message && frame.Side == side && frame.Ours == ours);

    /// <exception cref="CheckFailedException">The access concentrator did not send it.</exception>
    public WireFrame ExpectSent(Message message, Side side) =>
        Find(message, side, ours: true) ?? throw new CheckFailedException($"no {message} sent on the {side} side");

    /// <exception cref="CheckFailedException">The access concentrator got none.</exception>
    public WireFrame ExpectReceived(Message message, Side side) =>
        Find(message, side, ours: false) ?? throw new CheckFailedException($"no {message} received on the {side} side");

    /// <exception cref="CheckFailedException">The access concentrator did not send the one before the other's last.</exception>
    public void ExpectSentBefore(Message message, Message last, Side side)
    {
        if (ExpectSent(message, side).Time > frames.Last(frame => frame.Ours && frame.Message == last).Time)
            throw new CheckFailedException($"the last {last} sent before {message}");
    }

    /// <exception cref="CheckFailedException">The access concentrator sent it.</exception>
    public void ExpectNotSent(Message message)
    {
        if (frames.FirstOrDefault(frame => frame.Ours && frame.Message == message) is { } frame)
            throw new CheckFailedException($"{message} sent (frame {frame.Number} of {frame.Side})");
    }
}
