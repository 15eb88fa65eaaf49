using System.Globalization;
using LacEdge.Linux;

namespace LacEdge.Hosting;

/// <summary>How often LacEdge has started with a state directory: the first half of every session's id, so that ids never repeat.</summary>
internal static class BootNumber
{
    private const string FileName = "boot";

    /// <summary>Counts one up, on disk, and gives the new number (from 1). Throws <see cref="HostException"/> when the directory cannot be used.</summary>
    public static uint Next(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, FileName);
        try
        {
            Directory.CreateDirectory(stateDirectory);
            var next = (File.Exists(path) ? Parse(path, File.ReadAllText(path)) : 0) + 1;
            // Written aside and moved: a crash leaves the old number or the new one, never half of one.
            var aside = path + ".new";
            File.WriteAllText(aside, next.ToString(CultureInfo.InvariantCulture) + "\n");
            File.Move(aside, path, overwrite: true);
            return next;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"cannot keep the boot number in {path}: {failure.Message} Set node.state-directory to a folder that LacEdge may write");
        }
    }

    private static uint Parse(string path, string text) =>
        uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < uint.MaxValue
            ? number
            : throw new HostException($"{path} does not hold a number; restore it, or write one above every first half of a session id in use");
}
