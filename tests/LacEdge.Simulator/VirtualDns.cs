using System.Buffers.Binary;
using System.Text;
using LacEdge.Core;
using LacEdge.Core.Dns;
using LacEdge.Wire.Dns;
using LacEdge.Wire.Ip;

namespace LacEdge.Simulator;

/// <summary>The servers that the LAC asks for names, and the host's resolver in front of them. Whatever is not in the zone does not exist.</summary>
public sealed class VirtualDns
{
    private readonly Dictionary<DnsQuestion, (uint Ttl, List<byte[]> Data)> _zone = [];
    private readonly List<(Instant Due, LookupResult Result)> _answers = [];

    internal readonly record struct LookupResult(int Lookup, LookupOutcome Outcome, byte[] Message, string Error);

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(10);
    /// <summary>Nobody answers.</summary>
    public bool Silent { get; set; }
    /// <summary>The host's resolver has no answer to give.</summary>
    public bool Broken { get; set; }
    /// <summary>SERVFAIL, say.</summary>
    public byte Rcode { get; set; }
    /// <summary>TTL and MINIMUM of the SOA with which nothing is answered; null: no SOA.</summary>
    public (uint Ttl, uint Minimum)? Soa { get; set; } = (60, 30);
    public bool Bogus { get; set; }
    /// <summary>Every question, in order.</summary>
    public List<DnsQuestion> Questions { get; } = [];
    public int Cancelled { get; private set; }

    internal Instant NextAnswer => _answers.Count == 0 ? Instant.Never : _answers.Min(one => one.Due);

    /// <summary>Replaces what the name had of this family.</summary>
    public void Set(string name, uint ttl, params string[] addresses)
    {
        var read = addresses.Select(IpAddress.Parse).ToList();
        foreach (var type in (DnsType[])[DnsType.A, DnsType.Aaaa])
        {
            var data = read.Where(one => one.IsIpv4 == (type == DnsType.A)).Select(Octets).ToList();
            if (data.Count > 0) _zone[new DnsQuestion(name, type)] = (ttl, data);
            else _zone.Remove(new DnsQuestion(name, type));
        }
    }

    public void SetServices(string name, uint ttl, params DnsService[] services) => _zone[new DnsQuestion(name, DnsType.Srv)] = (ttl,
    [
        .. services.Select(one => (byte[])
        [
            .. Number(one.Priority), .. Number(one.Weight), .. Number(one.Port), .. Name(one.Target),
        ]),
    ]);

    internal void Ask(int lookup, DnsQuestion question, Instant now)
    {
        Questions.Add(question);
        if (Silent) return;
        var result = Broken ? new LookupResult(lookup, LookupOutcome.Failed, [], "no DNS server gives an answer")
            : Bogus ? new LookupResult(lookup, LookupOutcome.Bogus, [], "its zone is not signed")
            : new LookupResult(lookup, LookupOutcome.Answered, Response(question), "");
        _answers.Add((now + Delay, result));
    }

    internal void Forget(int lookup)
    {
        Cancelled++;
        _answers.RemoveAll(one => one.Result.Lookup == lookup);
    }

    internal bool TryTakeDue(Instant now, out LookupResult result)
    {
        var due = _answers.FindIndex(one => one.Due <= now);
        result = due < 0 ? default : _answers[due].Result;
        if (due >= 0) _answers.RemoveAt(due);
        return due >= 0;
    }

    private byte[] Response(DnsQuestion question)
    {
        var known = _zone.TryGetValue(question, out var records) && Rcode == 0;
        var exists = _zone.Keys.Any(one => one.Name == question.Name);
        var rcode = Rcode != 0 ? Rcode : exists ? (byte)0 : (byte)3;
        var soa = !known && Soa is not null;
        List<byte> message =
        [
            0, 7, 0x81, (byte)(0x80 | rcode), 0, 1, .. Number(known ? records.Data.Count : 0), .. Number(soa ? 1 : 0), 0, 0,
            .. Name(question.Name), .. Number((int)question.Type), 0, 1,
        ];
        foreach (var data in known ? records.Data : [])
            message.AddRange([0xC0, 12, .. Number((int)question.Type), 0, 1, .. Long(records.Ttl), .. Number(data.Length), .. data]);
        if (soa) message.AddRange([0, 0, 6, 0, 1, .. Long(Soa!.Value.Ttl), 0, 22, 0, 0, .. new byte[16], .. Long(Soa.Value.Minimum)]);
        return [.. message];
    }

    private static byte[] Octets(IpAddress address)
    {
        var octets = new byte[address.Size];
        address.Write(octets);
        return octets;
    }

    private static byte[] Name(string name) =>
        name == "." ? [0] : [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Long(uint number)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return octets;
    }
}
