namespace LacEdge.Core.Config;

public enum SecretSource { File, Credential, Environment }

/// <summary>Fetches a secret from outside the configuration. Returns what is wrong, null when the secret is there; never part of the secret.</summary>
public delegate string? SecretResolver(SecretSource source, string name, out Secret secret);
