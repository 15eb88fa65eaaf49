using System.Security.Cryptography;

namespace LacEdge.Fuzz.Engine;

/// <summary>Kept cases: one file of hexadecimal text each, named by its content, in a folder by target.</summary>
internal sealed class CorpusFolder(string path)
{
    private const int LineOctets = 64;

    /// <summary>In the order of their names.</summary>
    public IEnumerable<string> Files(string target) =>
        Directory.Exists(Path.Combine(path, target)) ? Directory.EnumerateFiles(Path.Combine(path, target), "*.hex").Order(StringComparer.Ordinal) : [];

    public static byte[] Read(string file) => Convert.FromHexString(string.Concat(File.ReadLines(file)));

    /// <summary>Gives the file's name; a case that is there already is not written again.</summary>
    public string Keep(string target, byte[] input)
    {
        var folder = Path.Combine(path, target);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6)) + ".hex");
        if (!File.Exists(file)) File.WriteAllLines(file, input.Chunk(LineOctets).Select(Convert.ToHexStringLower));
        return file;
    }
}
