using System.Collections.Immutable;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Dns;

/// <summary>One address of a host.</summary>
/// <param name="Port">0: none was named.</param>
/// <param name="Priority">Of its SRV record, lowest first; 0 without.</param>
/// <param name="Weight">Of its SRV record; 0 without.</param>
/// <param name="Host">Whose address it is.</param>
internal readonly record struct HostAddress(IpAddress Address, ushort Port, ushort Priority, ushort Weight, string Host);

/// <param name="Addresses">Some exactly when the state is found.</param>
internal sealed record HostAnswer(LookupState State, ImmutableArray<HostAddress> Addresses, string Why);

/// <summary>One user's search for the addresses of a host: A and AAAA at once, after SRV where that is asked for.</summary>
internal sealed class HostLookup(LookupTable table, string name, bool services, Action<HostAnswer, Instant> found) : ILookupUser
{
    /// <summary>SRV targets that are looked up; what an LNS farm needs, and no more for a hostile server.</summary>
    private const int MaxTargets = 8;
    private const int MaxAddresses = 32;

    private readonly List<DnsQuestion> _open = [];
    private readonly List<(DnsQuestion Question, LookupAnswer Answer)> _answers = [];
    private ImmutableArray<DnsService> _targets = [];
    private bool _late;

    /// <summary>The answer where it is known; else null, and it is given later.</summary>
    public HostAnswer? Start(Instant now)
    {
        HostAnswer? answer;
        if (services) answer = Ask(new DnsQuestion($"_l2tp._udp.{name}", DnsType.Srv), now);
        else answer = AskAddresses([new DnsService(0, 0, 0, name)], now);
        _late = answer is null;
        return answer;
    }

    public void Withdraw()
    {
        _late = false;
        foreach (var question in _open) table.Withdraw(question, this);
        _open.Clear();
    }

    public void LookedUp(DnsQuestion question, LookupAnswer answer, Instant now)
    {
        if (!_open.Remove(question)) return;
        if (Take(question, answer, now) is { } all && _late) found(all, now);
    }

    private HostAnswer? Ask(DnsQuestion question, Instant now)
    {
        if (table.Ask(question, this, now) is { } answer) return Take(question, answer, now);
        _open.Add(question);
        return null;
    }

    private HostAnswer? Take(DnsQuestion question, LookupAnswer answer, Instant now)
    {
        if (question.Type == DnsType.Srv)
        {
            if (answer.State != LookupState.Found) return new HostAnswer(answer.State, [], $"{question}: {answer.Why}");
            // "." says that the service is not there (RFC 2782).
            var hosts = answer.Services.Where(one => DnsName.TryParseHost(one.Target, out _));
            var targets = hosts.OrderBy(one => one.Priority).Take(MaxTargets).ToImmutableArray();
            return targets.IsEmpty ? new HostAnswer(LookupState.NotFound, [], $"{question}: no target is a host") : AskAddresses(targets, now);
        }

        _answers.Add((question, answer));
        return _open.Count > 0 || _answers.Count < 2 * _targets.DistinctBy(one => one.Target).Count() ? null : Whole();
    }

    private HostAnswer? AskAddresses(ImmutableArray<DnsService> targets, Instant now)
    {
        _targets = targets;
        HostAnswer? whole = null;
        foreach (var host in targets.Select(one => one.Target).Distinct(StringComparer.Ordinal))
        {
            whole = Ask(new DnsQuestion(host, DnsType.A), now) ?? whole;
            whole = Ask(new DnsQuestion(host, DnsType.Aaaa), now) ?? whole;
        }

        return whole;
    }

    private HostAnswer Whole()
    {
        var found = ImmutableArray.CreateBuilder<HostAddress>();
        var refused = 0;
        foreach (var target in _targets)
        {
            foreach (var address in _answers.Where(one => one.Question.Name == target.Target).SelectMany(one => one.Answer.Addresses))
            {
                if (!CanBeLns(address)) refused++;
                else if (found.Count < MaxAddresses) found.Add(new HostAddress(address, target.Port, target.Priority, target.Weight, target.Target));
            }
        }

        if (found.Count > 0) return new HostAnswer(LookupState.Found, found.ToImmutable(), $"{name}: {Told(found)}");
        if (refused > 0) return new HostAnswer(LookupState.NotFound, [], $"{name}: no address that an LNS can have");
        var failed = _answers.Find(one => one.Answer.State == LookupState.Failed).Answer;
        return failed is null ? new HostAnswer(LookupState.NotFound, [], $"{name}: {_answers[0].Answer.Why}")
            : new HostAnswer(LookupState.Failed, [], $"{name}: {failed.Why}");
    }

    /// <summary>The first addresses, and how long they hold.</summary>
    private string Told(ImmutableArray<HostAddress>.Builder found)
    {
        var first = string.Join(", ", found.Take(4).Select(one => one.Address)) + (found.Count > 4 ? $" and {found.Count - 4} more" : "");
        return $"{first} ({string.Join("; ", _answers.Select(one => one.Answer).Where(one => one.State == LookupState.Found).Select(one => one.Why).Distinct())})";
    }

    /// <summary>Addresses of this machine, of the link and of groups are no LNS's: whoever answers so wants us to talk to ourselves.</summary>
    private static bool CanBeLns(IpAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.Write(octets);
        if (address.IsIpv4) return octets[0] is not (0 or 127 or >= 224) && octets[..2] is not [169, 254];
        // ::/96 holds "any", the loopback and compatible addresses; ::ffff:0:0/96 mapped ones.
        var mapped = octets[10..12] is [0, 0] or [0xFF, 0xFF] && octets[..10].IndexOfAnyExcept((byte)0) < 0;
        return !mapped && octets[0] != 0xFF && !(octets[0] == 0xFE && octets[1] >= 0x80);
    }
}
