using LacEdge.Core.Config;

namespace LacEdge.Configuration;

/// <summary>Fetches secrets from files, systemd credentials and the environment.</summary>
/// <param name="folder">Where relative file names start: the folder of the main configuration file.</param>
internal sealed class SecretStore(string folder)
{
    /// <summary>Octets; far longer than any LNS takes.</summary>
    private const int MaxLength = 1024;

    public string? Resolve(SecretSource source, string name, out Secret secret)
    {
        secret = default;
        switch (source)
        {
            case SecretSource.File:
                return ReadFile(Path.Combine(folder, name), othersMayRead: false, out secret);
            case SecretSource.Credential:
                if (Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is not { Length: > 0 } credentials)
                {
                    return $"there are no systemd credentials here ($CREDENTIALS_DIRECTORY is not set), so no '{name}'";
                }

                return ReadFile(Path.Combine(credentials, name), othersMayRead: true, out secret);
            default:
                if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text)
                {
                    return $"the environment variable '{name}' is not set or empty";
                }

                secret = Secret.FromText(text);
                return null;
        }
    }

    /// <summary>Of the file itself when the path is a link to it.</summary>
    private static UnixFileMode ModeOf(string path)
    {
        var file = new FileInfo(path);
        return ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).UnixFileMode;
    }

    private static string? ReadFile(string path, bool othersMayRead, out Secret secret)
    {
        secret = default;
        try
        {
            var mode = ModeOf(path);
            if (!othersMayRead && mode.HasFlag(UnixFileMode.OtherRead))
            {
                return $"'{path}' can be read by everyone (mode {Convert.ToString((int)mode, 8)}); chmod o-rwx it";
            }

            using var stream = File.OpenRead(path);
            var buffer = new byte[MaxLength + 3];
            var content = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            if (content.EndsWith("\n"u8)) content = content[..^1];
            if (content.EndsWith("\r"u8)) content = content[..^1];
            if (content.IsEmpty) return $"'{path}' is empty";
            if (content.Length > MaxLength) return $"'{path}' holds more than {MaxLength} octets";
            secret = new Secret(LacEdge.Wire.Bytes.Copy(content));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"cannot read the secret: {FileFailure.Of(path, failure)}";
        }
    }
}
