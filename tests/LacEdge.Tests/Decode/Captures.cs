using LacEdge.Decode;
using LacEdge.Wire;

namespace LacEdge.Tests.Decode;

/// <summary>The shared captures: a folder named by the environment variable LACEDGE_CAPTURES.</summary>
internal static class Captures
{
    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("LACEDGE_CAPTURES") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>Paths of the captures, relative to the folder.</summary>
    public static IEnumerable<string> Files => Folder is null ? [] : Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetExtension(f) is ".pcap" or ".pcapng").Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal);

    public static (List<DecodedFrame> Frames, DecodeError Error) Decode(string file)
    {
        using var stream = File.OpenRead(Path.Combine(Folder!, file));
        var decoder = new FrameDecoder();
        var frames = new List<DecodedFrame>();
        var error = CaptureFile.Read(stream, (number, in record) => frames.Add(decoder.Decode(number, record)));
        return (frames, error);
    }
}

/// <summary>A test that needs the shared captures; skipped with a message where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturesFactAttribute : FactAttribute
{
    public CapturesFactAttribute()
    {
        if (Captures.Folder is null) Skip = "LACEDGE_CAPTURES does not name a folder of captures";
    }
}
