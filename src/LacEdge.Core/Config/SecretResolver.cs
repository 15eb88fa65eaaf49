namespace LacEdge.Core.Config;

public enum SecretSource { File, Credential, Environment }

/// <summary>
/// Fetches a secret from outside the configuration. Returns what is wrong (never a part of the secret), null when the
/// secret is there.
/// </summary>
public delegate string? SecretResolver(SecretSource source, string name, out Secret secret);
