using System.Runtime.InteropServices;
using LacEdge.Core.Config;
using LacEdge.Core.Dns;
using LacEdge.Wire;
using LacEdge.Wire.Dns;

namespace LacEdge.Linux.Dns;

/// <summary>One libunbound with its thread, configured once, and the lookups that are on their way in it.</summary>
internal sealed unsafe class UnboundContext : IDisposable
{
    private const int Internet = 1;

    private readonly nint _context;
    private readonly bool _mustBeSecure;
    private readonly LookupAnswered _answered;
    private readonly Dictionary<int, Pending> _pending = [];

    private sealed class Pending(UnboundContext context, int lookup)
    {
        public UnboundContext Context { get; } = context;
        public int Lookup { get; } = lookup;
        public int Id { get; set; }
        public GCHandle Self { get; set; }
    }

    /// <exception cref="HostException">libunbound is not there or does not take the configuration.</exception>
    public UnboundContext(DnsConfig config, LookupAnswered answered)
    {
        (_answered, _mustBeSecure) = (answered, config.Dnssec == DnssecPolicy.Require);
        try
        {
            _context = Unbound.Create();
        }
        catch (DllNotFoundException)
        {
            throw new HostException("names cannot be looked up: libunbound.so.8 is not installed (Debian package libunbound8)");
        }

        if (_context == 0) throw new HostException("names cannot be looked up: libunbound does not start");
        try
        {
            Configure(config);
        }
        catch
        {
            Unbound.Delete(_context);
            throw;
        }
    }

    public int Fd => Unbound.Fd(_context);
    public int PendingCount => _pending.Count;

    public void Lookup(int lookup, DnsQuestion question)
    {
        var pending = new Pending(this, lookup);
        pending.Self = GCHandle.Alloc(pending);
        int id;
        // With the dot at its end the name is absolute.
        var error = Unbound.Resolve(_context, question.Name + ".", (int)question.Type, Internet, GCHandle.ToIntPtr(pending.Self), &Answered, &id);
        if (error == 0)
        {
            pending.Id = id;
            _pending.Add(lookup, pending);
            return;
        }

        pending.Self.Free();
        _answered(lookup, LookupOutcome.Failed, [], $"cannot be asked: {Unbound.TextOf(error)}");
    }

    /// <summary>Whether it was on its way here.</summary>
    public bool Cancel(int lookup)
    {
        if (!_pending.Remove(lookup, out var pending)) return false;
        _ = Unbound.Cancel(_context, pending.Id);
        // Its callback never comes any more: nothing runs but on this thread.
        pending.Self.Free();
        return true;
    }

    public void Process() => _ = Unbound.Process(_context);

    public void Dispose()
    {
        foreach (var lookup in _pending.Keys.ToArray()) Cancel(lookup);
        Unbound.Delete(_context);
    }

    private void Configure(DnsConfig config)
    {
        Check(Unbound.SetAsync(_context, 1), "a thread of its own");
        foreach (var (option, value) in (ReadOnlySpan<(string, string)>)
            [
                // One slab with one entry is the least.
                ("msg-cache-size:", "0"), ("msg-cache-slabs:", "1"), ("rrset-cache-size:", "0"), ("rrset-cache-slabs:", "1"),
                ("do-not-query-localhost:", "no"), ("num-queries-per-thread:", "2048"), ("outgoing-range:", "2048"),
            ]) Check(Unbound.SetOption(_context, option, value), option);
        if (!config.SourceAddress.IsNone) Check(Unbound.SetOption(_context, "outgoing-interface:", config.SourceAddress.ToString()), "the source address");
        foreach (var server in config.Servers) Check(Unbound.SetForwarder(_context, $"{server.Address}@{server.Port}"), $"server {server}");
        if (!_mustBeSecure) return;
        // It would notice at the first question only.
        if (!File.Exists(config.TrustAnchor)) throw new HostException($"names cannot be looked up: there are no trust anchors in {config.TrustAnchor}");
        Check(Unbound.AddTrustAnchors(_context, config.TrustAnchor), $"trust anchors in {config.TrustAnchor}");
    }

    private static void Check(int error, string what)
    {
        if (error != 0) throw new HostException($"names cannot be looked up: libunbound does not take {what}: {Unbound.TextOf(error)}");
    }

    [UnmanagedCallersOnly]
    private static void Answered(nint data, int error, Unbound.Result* result)
    {
        var pending = (Pending)GCHandle.FromIntPtr(data).Target!;
        pending.Self.Free();
        pending.Context._pending.Remove(pending.Lookup);
        pending.Context.Tell(pending.Lookup, error, result);
        if (result != null) Unbound.Free(result);
    }

    private void Tell(int lookup, int error, Unbound.Result* result)
    {
        if (error != 0 || result == null) _answered(lookup, LookupOutcome.Failed, [], Unbound.TextOf(error));
        else if (result->Bogus != 0) _answered(lookup, LookupOutcome.Bogus, [], Text(result->WhyBogus));
        else if (_mustBeSecure && result->Secure == 0 && result->Rcode is 0 or 3) _answered(lookup, LookupOutcome.Bogus, [], "its zone is not signed");
        // It says SERVFAIL as well when no server answers.
        else if (result->Rcode is not (0 or 3)) _answered(lookup, LookupOutcome.Failed, [], $"no DNS server gives an answer (RCODE {result->Rcode})");
        else if (result->PacketLength < DnsMessage.HeaderSize) _answered(lookup, LookupOutcome.Failed, [], "no DNS server gives an answer");
        else _answered(lookup, LookupOutcome.Answered, new ReadOnlySpan<byte>(result->Packet, result->PacketLength), "");
    }

    private static string Text(byte* text) => PrintableText.From(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
