using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Lac;

/// <summary>What an operator orders.</summary>
public abstract record LacCommand;

/// <summary>Ends one subscriber session: CDN 3 to the LNS, LCP Terminate-Request and PADT to the subscriber.</summary>
public sealed record ClearSession(SessionKey Key, string Reason) : LacCommand;

/// <summary>Answers the lines of one MAC again whose sessions kept ending at once, or all such lines.</summary>
public sealed record ClearLockout(MacAddress? Mac) : LacCommand;

/// <summary>Sends all AVPs again to the LNSes of this name, whatever was learned of them.</summary>
public sealed record ClearAdaptations(string Lns) : LacCommand;

/// <summary>Ends everything: StopCCN per tunnel, PADT to every subscriber (paced). Afterwards <see cref="Lac.ShutdownComplete"/>.</summary>
public sealed record Shutdown : LacCommand;
