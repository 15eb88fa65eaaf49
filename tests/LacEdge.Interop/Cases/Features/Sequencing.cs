using System.Globalization;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>Data messages with sequence numbers (RFC 2661 section 5.4).</summary>
/// <param name="Required">LacEdge demands them and begins itself; else it follows the LNS.</param>
/// <param name="LnsNumbers">The LNS numbers what it sends.</param>
internal sealed record Sequencing(string Name, bool Required, bool LnsNumbers) : Feature(Name)
{
    private const string SequencingRequired = "39";

    public override string PeerProfile => Required ? "sequencing: required" : "";
    // An LNS in the kernel; it drops what has no number.
    public override string LnsPppOptions => LnsNumbers ? "pppol2tp_send_seq pppol2tp_recv_seq" : "pppol2tp_recv_seq";

    public override async Task JudgeAsync(Evidence evidence)
    {
        var iccn = await evidence.SelectAsync(Side.Core, "l2tp.avp.message_type == 12", "l2tp.avp.type");
        Expect(iccn.Count > 0 && iccn.All(frame => frame["l2tp.avp.type"].Split('|').Contains(SequencingRequired) == Required), "AVP 39 in ICCN");
        var frames = await evidence.SelectAsync(Side.Core, "l2tp.type == 0", "l2tp.tunnel", "l2tp.session", "l2tp.seq_bit", "l2tp.Ns");
        var sessions = frames.GroupBy(frame => (frame.Ours, Tunnel: frame["l2tp.tunnel"], Session: frame["l2tp.session"])).ToList();
        foreach (var session in sessions)
        {
            var numbered = session.Where(frame => frame["l2tp.seq_bit"] == "1").ToList();
            var plain = session.Except(numbered).ToList();
            var whose = session.Key.Ours ? "LacEdge's" : "the LNS's";
            if (!session.Key.Ours && !LnsNumbers)
            {
                Expect(numbered.Count == 0, $"{whose} frame {numbered.FirstOrDefault()?.Number} is numbered: this row is for an LNS that does not");
                continue;
            }
            Expect(plain.Count == 0, $"{whose} frame {plain.FirstOrDefault()?.Number} has no sequence number ({plain.Count} of {session.Count()})");
            var next = 0;
            foreach (var frame in numbered)
            {
                var ns = int.Parse(frame["l2tp.Ns"], CultureInfo.InvariantCulture);
                Expect(ns == next, $"{whose} frame {frame.Number} has Ns {ns} after {next - 1}");
                next = ns + 1 & 0xFFFF;
            }
        }
        Expect(sessions.Count(session => session.Key.Ours) >= 2 && sessions.Max(session => session.Count()) > 500, "too few data messages to judge by");
    }
}
