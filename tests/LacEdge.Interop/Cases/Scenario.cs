using LacEdge.Interop.Peers;
using LacEdge.Interop.UnderTest;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases;

/// <summary>What happens in a recorded scenario before LacEdge is stopped.</summary>
internal enum Course { HangUp, LnsHangUp, WrongPassword, Redial }

/// <summary>
/// A short run of one subscriber, recorded for <c>lacedge replay</c>: what both sides of LacEdge saw on the wire, its
/// configuration, and its own recording.
/// </summary>
internal sealed record Scenario(string Name, InteropCase Row, Course Course)
{
    public static readonly Scenario[] All =
    [
        new("xl2tpd-chap", new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true), Course.HangUp),
        new("xl2tpd-pap", new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true), Course.HangUp),
        new("xl2tpd-wrong-password", new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true), Course.WrongPassword),
        new("xl2tpd-lns-hangup", new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true), Course.LnsHangUp),
        new("xl2tpd-qinq", new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true) { Lines = AccessLines.Vlans }, Course.HangUp),
        new("xl2tpd-equal-ids", new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true) { Lines = AccessLines.EqualIds }, Course.HangUp),
        new("xl2tpd-mru-1500", new(PeerKind.Xl2tpdKernel, Authentication.Pap, HasSecret: true) { Lines = AccessLines.LargeMru }, Course.LnsHangUp),
        new("xl2tpd-ms-chap-v2", new(PeerKind.Xl2tpdKernel, Authentication.MsChapV2, HasSecret: true), Course.HangUp),
        new("xl2tpd-eap", new(PeerKind.Xl2tpdKernel, Authentication.Eap, HasSecret: true), Course.HangUp),
        new("xl2tpd-redial", new(PeerKind.Xl2tpdKernel, Authentication.Chap, HasSecret: true), Course.Redial),
        new("l2tpns-chap", new(PeerKind.L2tpns, Authentication.Chap, HasSecret: true), Course.HangUp),
        new("l2tpns-pap", new(PeerKind.L2tpns, Authentication.Pap, HasSecret: true), Course.HangUp),
    ];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Plays it and puts <c>access.pcap</c>, <c>core.pcap</c>, <c>lacedge.yaml</c> and <c>recording.jsonl</c> into
    /// a folder.</summary>
    /// <param name="work">For everything else that the run leaves behind.</param>
    /// <exception cref="CheckFailedException">It did not go as it should; nothing was put into the folder.</exception>
    public async Task RecordAsync(Lane lane, string work, string folder)
    {
        var lns = lane.Lns;
        var lacEdge = (LacEdgeProcess)lane.Concentrator;
        lacEdge.Recording = new(Path.Combine(work, "recording.jsonl"), $"/tmp/lacedge-scenario-{Name}");
        await lns.StartAsync(Row);
        var capture = await Capture.StartAsync(lane.Network, work);
        int? status;
        try
        {
            await lacEdge.StartAsync(new(work, "lacedge", Row, lns.Address, Row.TunnelSecret));
            await PlayAsync(lane.Subscribers, lns);
        }
        finally
        {
            status = await lacEdge.StopAsync();
            await capture.StopAsync();
            await lane.Subscribers.FinishAsync(work);
            await lns.StopAsync();
            lns.CopyLogs(work);
            Directory.Delete(lacEdge.Recording.RuntimeFolder, recursive: true);
        }
        if (status != 0)
            throw new CheckFailedException($"LacEdge did not end properly:\n{lacEdge.Log}");
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "access.pcap", "core.pcap", "lacedge.yaml", "recording.jsonl" })
            File.Copy(Path.Combine(work, file), Path.Combine(folder, file), overwrite: true);
    }

    private async Task PlayAsync(SubscriberGuest subscribers, Lns lns)
    {
        var link = subscribers.Dial(Subscriber.First, Row, Name, Course == Course.WrongPassword ? Subscriber.WrongPassword : null);
        if (Course != Course.WrongPassword)
        {
            await link.UpAsync();
            if (Course == Course.Redial)
            {
                await link.CrashAsync();
                await link.EndAsync(Soon);
                link = await subscribers.Dial(Subscriber.First, Row, $"{Name}-again").UpAsync();
            }
            await (Row.Lines == AccessLines.Untagged ? link.PingAsync(Lns.HostBehind) : link.PingLargestAsync(Lns.HostBehind));
            await (Course == Course.LnsHangUp ? lns.HangUpAsync(link) : link.HangUpAsync());
        }
        await link.EndAsync(Soon);
        await lns.ExpectSessionsAsync(0, Soon);
    }
}
