using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.Pppoe;
using LacEdge.Core.Radius;
using LacEdge.Core.Steering;

namespace LacEdge.Core.Lac;

/// <summary>Answers steering's RADIUS targets: asks the group, makes candidates of the Accept.</summary>
internal sealed class RadiusSteering(LacConfig config, RadiusClient client, LnsSelector selector, PppoeServer pppoe) : ITargetSource, IRadiusUser
{
    private readonly RadiusCandidates _candidates = new(selector, config);

    public TargetAnswer? Ask(SteeringWalk walk, SteeringTarget target, Instant now)
    {
        var radius = (RadiusTarget)target;
        if (RadiusQuestions.Of(radius, client.Group(radius.Group), SubjectOf(walk), config.Node.Name, out var why) is not { } question)
        {
            // Whoever is to be authenticated and cannot be must not get past that.
            var outcome = radius.AuthenticateBeforeForward ? TargetOutcome.Rejected : TargetOutcome.Skipped;
            return TargetAnswer.None(outcome, radius.AuthenticateBeforeForward ? EndCause.RadiusReject : EndCause.NoRealm, why);
        }

        walk.Question = client.Ask(radius.Group, question, this, new Asked(walk, radius), now, radius.Timeout);
        return walk.Question is not null ? null
            : TargetAnswer.None(TargetOutcome.Timeout, EndCause.Limit, $"RADIUS group '{radius.Group}' has its max-outstanding questions on their way");
    }

    public void Withdraw(SteeringWalk walk, Instant now)
    {
        if (walk.Question is RadiusExchange exchange) client.Withdraw(exchange);
    }

    public void Answered(RadiusExchange exchange, RadiusOutcome outcome, RadiusReply reply, Instant now)
    {
        var asked = (Asked)exchange.Owner;
        asked.Walk.Answered(AnswerOf(asked.Target, exchange, outcome, reply), now);
    }

    private TargetAnswer AnswerOf(RadiusTarget target, RadiusExchange exchange, RadiusOutcome outcome, RadiusReply reply)
    {
        switch (outcome)
        {
            case RadiusOutcome.Accept:
                var accept = AccessAccept.Read(reply);
                return _candidates.Of(accept, target, $"{target.Group}/{reply.Server.Name}") with { Terms = new SessionTerms(accept.SessionTimeout, accept.IdleTimeout) };
            case RadiusOutcome.Reject:
                var message = AccessAccept.Read(reply).ReplyMessage;
                return TargetAnswer.None(
                    TargetOutcome.Rejected, EndCause.RadiusReject,
                    $"{target.Group}/{reply.Server.Name} rejects{(message.Length > 0 ? $": {message}" : "")}") with
                {
                    // Without its own credentials it is not the subscriber who has done wrong, and its equipment must not stop dialling.
                    ToUser = target.AuthenticateBeforeForward ? message : null,
                };
            case RadiusOutcome.Challenge:
                return TargetAnswer.None(
                    TargetOutcome.Rejected, EndCause.RadiusReject, $"{target.Group}/{reply.Server.Name} has a question to the subscriber (Access-Challenge)");
            case RadiusOutcome.Unsigned:
                return TargetAnswer.None(
                    TargetOutcome.Timeout, EndCause.RadiusUnsigned, $"the replies of RADIUS group '{target.Group}' carry no Message-Authenticator");
            default:
                var forged = exchange.ForgedReply ? "; replies with a wrong authenticator came: is the secret the same on both sides?" : "";
                return TargetAnswer.None(
                    TargetOutcome.Timeout, EndCause.RadiusTimeout, $"RADIUS group '{target.Group}' did not answer ({exchange.Sent} sent){forged}");
        }
    }

    private RadiusSubject SubjectOf(SteeringWalk walk)
    {
        var (line, session) = (walk.Line, walk.Owner as SubscriberSession);
        var (tx, rx) = ConnectSpeeds.Of(line.Service, line.Told, session is null ? 0 : pppoe.SpeedOf(session.Pppoe.AccessGroup));
        return new RadiusSubject(line, walk.User, session?.Key.AcctSessionId ?? "", session?.Link?.Credentials, tx, rx);
    }

    private sealed record Asked(SteeringWalk Walk, RadiusTarget Target);
}
