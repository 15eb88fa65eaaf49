using System.Diagnostics;
using System.Globalization;
using LacEdge.Decode;
using LacEdge.Wire.Ip;
using LacEdge.Wire.Ppp;

namespace LacEdge.Tests.Decode;

/// <summary>tshark as an independent judge of every field that both of us know, over all well-formed captures in one run.</summary>
public sealed class TsharkTests
{
    private static readonly string[] _fields =
    [
        "ieee8021ad.id", "vlan.id", "pppoe.code", "pppoe.session_id", "ppp.protocol", "ppp.code", "pap.code", "chap.code", "eap.code",
        "ppp.identifier", "pap.identifier", "chap.identifier", "eap.id", "lcp.opt.type", "ipcp.opt.type", "ipv6cp.opt.type", "ccp.opt.type",
        "l2tp.flags", "l2tp.length", "l2tp.tunnel", "l2tp.session", "l2tp.Ns", "l2tp.Nr", "l2tp.offset", "l2tp.avp.message_type", "l2tp.avp.vendor_id",
        "l2tp.avp.type", "l2tp.avp.mandatory", "l2tp.avp.hidden", "radius.code", "radius.id", "radius.avp.type", "ip.src", "ip.dst", "ipv6.src", "ip.proto",
        "udp.srcport", "udp.dstport",
    ];

    [TsharkFact]
    public void Tshark_finds_the_same_fields()
    {
        var folder = Directory.CreateTempSubdirectory("lacedge-tshark");
        try
        {
            var merged = Path.Combine(folder.FullName, "all.pcapng");
            var files = Captures.Files.Where(f => !f.StartsWith("malformed/", StringComparison.Ordinal)).Select(f => Path.Combine(Captures.Folder!, f));
            Run("mergecap", ["-a", "-w", merged, .. files]);
            var lines = Run("tshark", [
                "-r", merged, "-n", "-o", "ip.defragment:FALSE", "-T", "fields", "-E", "separator=|", "-E", "aggregator=,", .. _fields.SelectMany(f => new[] { "-e", f })]);
            var (frames, _) = Captures.Decode(merged);
            Assert.Equal(lines.Length, frames.Count);
            var differences = frames.Zip(lines).SelectMany(pair => Compare(pair.First, pair.Second)).ToList();
            Assert.True(differences.Count == 0, string.Join('\n', differences.Take(50)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Compare(DecodedFrame frame, string line)
    {
        var values = _fields.Zip(line.Split('|')).ToDictionary(p => p.First, p => p.Second.Split(',', StringSplitOptions.RemoveEmptyEntries));
        // What PPTP carries is left alone here.
        var isGre = frame.Ip?.Protocol == IpProtocol.Gre;
        foreach (var (field, expected) in Expected(frame))
        {
            if (isGre && !field.StartsWith("ip", StringComparison.Ordinal)) continue;
            // EAP inside of RADIUS is an attribute's business.
            if (frame.Radius is not null && field.Contains("eap.", StringComparison.Ordinal)) continue;
            // Of nested headers the outermost is ours.
            var found = field.Split(' ').SelectMany(f => values[f]).Select(Number).Take(IsList(field) ? int.MaxValue : 1);
            var actual = string.Join(',', found);
            if (actual != expected) yield return $"#{frame.Number} {field}: {actual} <> {expected}";
        }
    }

    private static bool IsList(string field) => field.EndsWith("vlan.id", StringComparison.Ordinal)
        || field.Contains(".opt.", StringComparison.Ordinal) || field.Contains(".avp.", StringComparison.Ordinal);

    private static IEnumerable<(string Field, string Value)> Expected(DecodedFrame frame)
    {
        yield return ("ieee8021ad.id vlan.id", string.Join(',', frame.Vlans.Select(v => v.Id)));
        yield return ("pppoe.code", Text((byte?)frame.Pppoe?.Code));
        yield return ("pppoe.session_id", Text(frame.Pppoe?.SessionId));
        var ppp = frame.Ppp;
        yield return ("ppp.protocol", Text((ushort?)ppp?.Protocol));
        yield return ("ppp.code pap.code chap.code eap.code", Text(ppp?.Code));
        yield return ("ppp.identifier pap.identifier chap.identifier eap.id", Text(ppp?.Identifier));
        foreach (var (protocol, field) in new[]
            {
                (PppProtocol.Lcp, "lcp.opt.type"), (PppProtocol.Ipcp, "ipcp.opt.type"),
                (PppProtocol.Ipv6cp, "ipv6cp.opt.type"), (PppProtocol.Ccp, "ccp.opt.type"),
            })
        {
            if (ppp?.Protocol == protocol) yield return (field, string.Join(',', (ppp.Options ?? []).Select(o => o.Type)));
        }

        var l2tp = frame.L2tp;
        yield return ("l2tp.flags", Text(l2tp?.Flags));
        yield return ("l2tp.length", Text(l2tp?.Length));
        yield return ("l2tp.tunnel", Text(l2tp?.TunnelId));
        yield return ("l2tp.session", Text(l2tp?.SessionId));
        yield return ("l2tp.Ns", Text(l2tp?.Ns));
        yield return ("l2tp.Nr", Text(l2tp?.Nr));
        yield return ("l2tp.offset", Text(l2tp?.Offset));
        yield return ("l2tp.avp.message_type", Text(l2tp?.MessageType));
        yield return ("l2tp.avp.vendor_id", string.Join(',', (l2tp?.Avps ?? []).Select(a => a.Vendor)));
        yield return ("l2tp.avp.type", string.Join(',', (l2tp?.Avps ?? []).Select(a => a.Type)));
        yield return ("l2tp.avp.mandatory", string.Join(',', (l2tp?.Avps ?? []).Select(a => a.Mandatory ? 1 : 0)));
        yield return ("l2tp.avp.hidden", string.Join(',', (l2tp?.Avps ?? []).Select(a => a.Hidden ? 1 : 0)));
        yield return ("radius.code", Text((byte?)frame.Radius?.Code));
        yield return ("radius.id", Text(frame.Radius?.Identifier));
        yield return ("radius.avp.type", string.Join(',', (frame.Radius?.Attributes ?? []).Select(a => a.Type)));
        if (frame.Ip is not { } ip) yield break;
        yield return (ip.Source.IsIpv4 ? "ip.src" : "ipv6.src", ip.Source.ToString());
        if (ip.SourcePort is null) yield break;
        yield return ("udp.srcport", Text(ip.SourcePort));
        yield return ("udp.dstport", Text(ip.DestinationPort));
    }

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Number(string value) => value.StartsWith("0x", StringComparison.Ordinal)
        ? Convert.ToInt32(value, 16).ToString(CultureInfo.InvariantCulture)
        : value;

    private static string[] Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Drained, so that a long complaint does not stop the program.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A test that needs tshark, mergecap and the shared captures; skipped with a message where one is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkFactAttribute : FactAttribute
{
    public TsharkFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (Captures.Folder is null) Skip = "LACEDGE_CAPTURES does not name a folder of captures";
        else if (!new[] { "tshark", "mergecap" }.All(p => folders.Any(f => File.Exists(Path.Combine(f, p))))) Skip = "tshark is not installed";
    }
}
