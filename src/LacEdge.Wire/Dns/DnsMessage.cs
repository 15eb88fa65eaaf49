using System.Buffers.Binary;
using System.Collections.Immutable;
using LacEdge.Wire.Ip;

namespace LacEdge.Wire.Dns;

/// <summary>Types of records that can be asked for.</summary>
public enum DnsType : ushort
{
    A = 1,
    Aaaa = 28,
    /// <summary>RFC 2782.</summary>
    Srv = 33,
}

/// <summary>Response codes that mean something to us; every other one is a failure of the server.</summary>
public enum DnsRcode : byte
{
    NoError = 0,
    NameError = 3,
}

/// <param name="Name">By <see cref="DnsName"/>: in lower case, absolute.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type)
{
    public override string ToString() => $"{Name} {(Type == DnsType.Aaaa ? "AAAA" : Type == DnsType.A ? "A" : "SRV")}";
}

/// <summary>One SRV record (RFC 2782).</summary>
public readonly record struct DnsService(ushort Priority, ushort Weight, ushort Port, string Target);

/// <summary>What a response says to one question.</summary>
/// <param name="Ttl">Seconds that it holds: the least of the records that led to it; when there are none, that of RFC 2308 section 5, 0 without
/// SOA. 0: for this use only.</param>
/// <param name="Addresses">For A and AAAA.</param>
/// <param name="Services">For SRV.</param>
public sealed record DnsAnswer(DnsRcode Rcode, uint Ttl, ImmutableArray<IpAddress> Addresses, ImmutableArray<DnsService> Services)
{
    public bool IsEmpty => Addresses.IsEmpty && Services.IsEmpty;
}

/// <summary>Reads responses (RFC 1035 section 4).</summary>
public static class DnsMessage
{
    public const int HeaderSize = 12;
    /// <summary>Records that are looked at, and aliases that are followed.</summary>
    private const int MaxRecords = 256, MaxAliases = 8;
    private const ushort Internet = 1, Cname = 5, Soa = 6;

    private readonly record struct Record(string Name, ushort Type, uint Ttl, int DataAt, int DataSize);

    /// <summary>
    /// Takes only a whole response to this question; records of others in it are passed over. Errors: <see cref="DecodeError.DnsTruncated"/>,
    /// <see cref="DecodeError.DnsName"/>, <see cref="DecodeError.DnsNotAnswer"/> (no response, a cut one, or one to another question),
    /// <see cref="DecodeError.DnsRecord"/>, <see cref="DecodeError.DnsAliases"/> (a loop of CNAMEs, or more than eight).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> message, DnsQuestion question, out DnsAnswer? answer, out DecodeError error)
    {
        answer = null;
        error = DecodeError.DnsTruncated;
        if (message.Length < HeaderSize) return false;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var counts = (Questions: Count(message, 4), Answers: Count(message, 6), Authorities: Count(message, 8));
        error = DecodeError.DnsNotAnswer;
        // QR, then opcode and TC.
        if ((flags & 0x8000) == 0 || (flags & 0x7A00) != 0 || counts.Questions != 1) return false;

        var at = HeaderSize;
        error = DecodeError.DnsName;
        if (!DnsName.TryRead(message, ref at, out var asked)) return false;
        error = DecodeError.DnsTruncated;
        if (at + 4 > message.Length) return false;
        var (type, kind) = (Count(message, at), Count(message, at + 2));
        at += 4;
        error = DecodeError.DnsNotAnswer;
        if (asked != question.Name || type != (ushort)question.Type || kind != Internet) return false;

        var records = new List<Record>();
        if (!TryReadRecords(message, ref at, counts.Answers, records, out error)) return false;
        var answers = records.Count;
        if (!TryReadRecords(message, ref at, counts.Authorities, records, out error)) return false;
        answer = Answer(message, question, (DnsRcode)(flags & 0xF), records[..answers], records[answers..], out error);
        return answer is not null;
    }

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static bool TryReadRecords(ReadOnlySpan<byte> message, ref int at, int count, List<Record> records, out DecodeError error)
    {
        error = DecodeError.None;
        for (var i = 0; i < count; i++)
        {
            error = DecodeError.DnsRecord;
            if (records.Count == MaxRecords) return false;
            error = DecodeError.DnsName;
            if (!DnsName.TryRead(message, ref at, out var name)) return false;
            error = DecodeError.DnsTruncated;
            if (at + 10 > message.Length) return false;
            var (type, ttl, size) = (Count(message, at), BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]), Count(message, at + 8));
            var isInternet = Count(message, at + 2) == Internet;
            at += 10;
            if (at + size > message.Length) return false;
            // A TTL with the top bit set counts as 0 (RFC 2181 section 8).
            if (isInternet) records.Add(new Record(name, (ushort)type, ttl > int.MaxValue ? 0 : ttl, at, size));
            at += size;
            error = DecodeError.None;
        }

        return true;
    }

    private static DnsAnswer? Answer(
        ReadOnlySpan<byte> message, DnsQuestion question, DnsRcode rcode, List<Record> answers, List<Record> authorities, out DecodeError error)
    {
        error = DecodeError.DnsAliases;
        var (name, ttl) = (question.Name, uint.MaxValue);
        for (var aliases = 0; answers.Find(one => one.Type == Cname && one.Name == name) is { Name: not null } alias; aliases++)
        {
            if (aliases == MaxAliases) return null;
            var at = alias.DataAt;
            ttl = Math.Min(ttl, alias.Ttl);
            if (!DnsName.TryRead(message, ref at, out name)) error = DecodeError.DnsName;
            if (error == DecodeError.DnsName) return null;
        }

        error = DecodeError.DnsRecord;
        var addresses = ImmutableArray.CreateBuilder<IpAddress>();
        var services = ImmutableArray.CreateBuilder<DnsService>();
        foreach (var record in answers)
        {
            if (record.Type != (ushort)question.Type || record.Name != name) continue;
            ttl = Math.Min(ttl, record.Ttl);
            var data = message.Slice(record.DataAt, record.DataSize);
            if (question.Type == DnsType.Srv)
            {
                var at = record.DataAt + 6;
                if (data.Length < 7 || !DnsName.TryRead(message, ref at, out var target)) return null;
                services.Add(new DnsService((ushort)Count(data, 0), (ushort)Count(data, 2), (ushort)Count(data, 4), target));
            }
            else if (data.Length != (question.Type == DnsType.A ? 4 : 16))
            {
                return null;
            }
            else if (IpAddress.Read(data) is var address && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        if (addresses.Count + services.Count == 0 && !TryReadNegative(message, authorities, ref ttl)) return null;
        error = DecodeError.None;
        return new DnsAnswer(rcode, ttl, addresses.ToImmutable(), services.ToImmutable());
    }

    /// <summary>How long nothing holds: the lesser of the SOA's TTL and its MINIMUM; without SOA it is not kept (RFC 2308 section 5).</summary>
    private static bool TryReadNegative(ReadOnlySpan<byte> message, List<Record> authorities, ref uint ttl)
    {
        var at = authorities.FindIndex(one => one.Type == Soa);
        if (at < 0)
        {
            ttl = 0;
            return true;
        }

        var soa = authorities[at];
        var place = soa.DataAt;
        if (!DnsName.TryRead(message, ref place, out _) || !DnsName.TryRead(message, ref place, out _)) return false;
        if (place + 20 > soa.DataAt + soa.DataSize) return false;
        var minimum = BinaryPrimitives.ReadUInt32BigEndian(message[(place + 16)..]);
        ttl = Math.Min(ttl, Math.Min(soa.Ttl, minimum > int.MaxValue ? 0 : minimum));
        return true;
    }
}
