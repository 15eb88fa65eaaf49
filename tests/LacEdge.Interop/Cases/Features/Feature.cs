using LacEdge.Interop.Host;

namespace LacEdge.Interop.Cases.Features;

/// <summary>What a row is for beyond its LNS, authentication and lines: how both sides are set up for it, and what shows that it works.</summary>
/// <param name="Name">Ends the row's name.</param>
internal abstract record Feature(string Name)
{
    /// <summary>LacEdge's peer profile of the LNS: entries of a YAML flow mapping.</summary>
    public virtual string PeerProfile => "";

    /// <summary>More of LacEdge's tunnel profile: one line.</summary>
    public virtual string TunnelProfile => "";

    /// <summary>More of LacEdge's access service: one line.</summary>
    public virtual string AccessService => "";

    /// <summary>LacEdge's <c>discovery</c>: entries of a YAML flow mapping.</summary>
    public virtual string Discovery => "";

    /// <summary>Options of the LNS's pppd.</summary>
    public virtual string LnsPppOptions => "";

    /// <summary>Further lines of the LNS's configuration.</summary>
    public virtual string[] LnsConfiguration => [];

    /// <summary>The largest IP packet between LacEdge and the LNS.</summary>
    public virtual int CoreMtu => LabNetwork.Mtu;

    /// <summary>How long the end of all subscribers may take.</summary>
    public virtual TimeSpan ShutdownTime => TimeSpan.FromSeconds(6);

    /// <summary>More to do while both subscribers are online.</summary>
    public virtual Task ActAsync(Stage stage) => Task.CompletedTask;

    /// <summary>What the captures and the LNS's log say of the whole row.</summary>
    /// <exception cref="CheckFailedException">The feature did not work, or does not show.</exception>
    public abstract Task JudgeAsync(Evidence evidence);

    /// <exception cref="CheckFailedException">It does not hold.</exception>
    protected static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new CheckFailedException(otherwise);
    }
}
