using LacEdge.Wire;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Ppp;

/// <summary>What an authentication packet brought.</summary>
internal enum AuthenticationStep : byte
{
    /// <summary>Nothing: dropped and counted, or a repeat of what is known.</summary>
    Nothing,
    /// <summary>Credentials, the first or others than before.</summary>
    NewCredentials,
}

/// <summary>The LAC's half of an authentication protocol: it reads who the subscriber is and never answers yes or no. One for each
/// time that LCP opens.</summary>
internal abstract class Authenticator(LacCounters counters)
{
    protected LacCounters Counters => counters;

    public abstract PppProtocol Protocol { get; }
    public Credentials? Credentials { get; protected set; }

    /// <summary>The PPP frame that asks for credentials, to be repeated until they come; empty when the subscriber speaks first.</summary>
    public abstract Bytes Question { get; }

    /// <summary>How often the question must be sent before nobody is there, whatever the configuration says.</summary>
    public virtual int MinQuestions => 1;

    public abstract AuthenticationStep Handle(in PppControlPacket packet);
}
