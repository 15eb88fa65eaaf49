namespace LacEdge.Configuration;

/// <summary>Why a file could not be read, for people.</summary>
internal static class FileFailure
{
    public static string Of(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"'{path}' does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => $"'{path}' is a directory",
        UnauthorizedAccessException => $"'{path}' may not be read by this user",
        _ => $"'{path}': {failure.Message}",
    };
}
