using LacEdge.Core;
using LacEdge.Recording;
using LacEdge.Recording.Scenarios;
using LacEdge.Tests.Decode;
using LacEdge.Wire.Pcap;

namespace LacEdge.Tests.Replay;

/// <summary>Our LAC in the place of others, against what their LNSes and clients said: captures of real peers.</summary>
public sealed class ForeignReplayTests : IDisposable
{
    private readonly CaptureEdit _edit = new();

    private const string Secret = "tunsecret";

    /// <summary>How ours differs from each LAC: with the messages that both send, and the frames as #n.</summary>
    private static readonly Dictionary<string, (int Compared, string[] Differences)> _expected = new()
    {
        ["l2tpns-lac-to-xl2tpd-kernel-noauth.pcap"] = (25, FromL2tpns(1, 3, 5)),
        ["l2tpns-lac-to-xl2tpd-user-chap.pcap"] = (22, FromL2tpns(8, 12, 14)),
        ["l2tpns-lac-to-xl2tpd-wrong-password.pcap"] = (11, FromL2tpns(1, 3, 5)),
        ["l2tpns-lac-to-l2tpns-lns.pcap"] = (25,
        [
            .. FromL2tpns(3, 5, 7),
            // Here an xl2tpd takes over as LAC.
            "SCCRQ (55): mandatory AVPs that we do not send: 4 Bearer Capabilities",
            "ICRQ (59): mandatory AVPs that only we send: 21 Called Number, 22 Calling Number",
        ]),
        ["xl2tpd-to-xl2tpd-kernel.pcap"] = (17,
        [
            "SCCRQ (7): mandatory AVPs that we do not send: 4 Bearer Capabilities",
            "ICRQ (10): mandatory AVPs that only we send: 21 Called Number, 22 Calling Number",
        ]),
    };

    public void Dispose() => _edit.Dispose();

    [CapturesFact]
    public void Against_every_captured_LNS_ours_differs_in_nothing_but_what_is_known()
    {
        var seen = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Captures.Folder!, "peers"), "*.pcap*").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (!Captures.Decode($"peers/{name}").Frames.Exists(f => f.L2tp is { MessageType: 1 })) continue;
            seen.Add(name);
            var report = Play(path);
            Assert.True(_expected.TryGetValue(name, out var expected), $"{name} is new: {string.Join("; ", Lines(report))}");
            Assert.Equal(expected.Differences, Lines(report));
            Assert.Equal(expected.Compared, report.Compared);
        }

        Assert.Equal(_expected.Keys.Order(StringComparer.Ordinal), seen);
    }

    [CapturesFact]
    public void With_the_access_side_the_client_is_played_too()
    {
        // The client's first session: later another concentrator answers it as well.
        var access = _edit.Write(Capture("pppd-to-l2tpns-lac-acc0.pcap"), frames => frames.Take(68));
        var report = Play(Capture("l2tpns-lac-to-xl2tpd-kernel-noauth.pcap"), access);
        Assert.Equal(
        [
            "PADS (7): tags that we do not send: AC-Name",
            "LCP Configure-Request (8): options that we do not send: Endpoint-Discriminator, MRRU",
            "missing LCP Configure-Request (17): we do not send it",
            .. FromL2tpns(1, 3, 5),
            // l2tpns goes on to challenge although the LNS has the call.
            "missing CHAP Challenge (49): we do not send it",
            "missing CHAP Challenge (53): we do not send it",
            "missing CHAP Challenge (58): we do not send it",
            "PADT (65): tags that we do not send: AC-Name",
            "PADT (65): tags that only we send: Generic-Error",
            // Nothing tells it to end: ours is told by order. l2tpns sends PADT and yet keeps the call for a while.
            "missing LCP Echo-Request (58): we do not send it",
            "missing LCP Echo-Reply (66): we do not send it",
            "missing LCP Echo-Request (67): we do not send it",
            "extra LCP Terminate-Request (after 65): only we send it",
        ], Lines(report));
        Assert.Equal(
        [
            "LCP Terminate-Request of a PPPoE session that we do not have",
            "LCP Terminate-Request of a PPPoE session that we do not have",
            "LCP Configure-Reject answers something that we did not ask",
            "LCP Configure-Ack answers something that we did not ask",
            "CHAP Response answers something that we did not ask",
        ], report.Remarks.Select(r => r[(r.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [CapturesFact]
    public void A_capture_may_begin_in_the_middle()
    {
        // With a PADT of the concentrator, for a session of before; and with a CDN.
        var access = _edit.Write(Capture("pppd-to-l2tpns-lac-acc0.pcap"), frames => frames.Skip(64).Take(20));
        var core = _edit.Write(Capture("l2tpns-lac-to-l2tpns-lns.pcap"), frames => frames.Skip(48));
        var report = Play(access, core);
        Assert.DoesNotContain(report.Differences, d => d is { Kind: ScenarioDifferenceKind.Missing, Message: "PADT" or "CDN" });
        Assert.Contains(report.Differences, d => d.Message == "LCP Configure-Request");
    }

    [CapturesFact]
    public void What_our_LAC_draws_at_random_changes_nothing()
    {
        foreach (var name in _expected.Keys)
        {
            var reports = Enumerable.Range(1, 4).Select(seed => Lines(Play((byte)seed, Capture(name)))).ToList();
            Assert.All(reports, lines => Assert.Equal(reports[0], lines));
        }
    }

    [CapturesFact]
    public void LACs_and_LNSes_of_other_vendors_can_be_played_too()
    {
        var lac = PlayHardware("huawei-lac-lns-tunnelauth-chap.pcap");
        Assert.Equal(
        [
            // The user has no realm for us to put there.
            "ICRQ (4): mandatory AVPs that we do not send: 21 Called Number",
            "ICRQ (4): mandatory AVPs that only we send: 22 Calling Number",
        ], Lines(lac));
        Assert.Equal(27, lac.Compared);

        var client = PlayHardware("huawei-vpnclient-lns-pap.pcap");
        Assert.Equal(
        [
            "SCCRQ (1): mandatory AVPs that we do not send: 8 Vendor Name",
            "ICRQ (4): mandatory AVPs that we do not send: 21 Called Number",
            "ICRQ (4): mandatory AVPs that only we send: 22 Calling Number",
        ], Lines(client));
        Assert.Equal(155, client.Compared);
    }

    [CapturesFact]
    public void The_core_side_may_have_been_captured_without_Ethernet()
    {
        var capture = Capture("xl2tpd-to-xl2tpd-kernel.pcap");
        var ethernet = Lines(Play(capture));
        byte[] cooked = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0];
        Assert.Equal(ethernet, Lines(Play(_edit.Write(capture, f => f.Select(f => CaptureEdit.Relink(f, [])), LinkType.Raw))));
        Assert.Equal(ethernet, Lines(Play(_edit.Write(capture, f => f.Select(f => CaptureEdit.Relink(f, cooked)), LinkType.LinuxCooked))));
    }

    [CapturesFact]
    public void Without_the_right_secret_the_capture_cannot_be_played()
    {
        var path = Capture("xl2tpd-to-xl2tpd-kernel.pcap");
        var wrong = Assert.Throws<RecordingException>(() => ReplayRun.PlayForeign([path], null, "wrong"u8.ToArray(), [], Seed(1)));
        Assert.Equal("xl2tpd-to-xl2tpd-kernel.pcap frame 8: the tunnel has another secret than the one given", wrong.Message);
        var missing = Assert.Throws<RecordingException>(() => ReplayRun.PlayForeign([path], null, [], [], Seed(1)));
        Assert.Equal("xl2tpd-to-xl2tpd-kernel.pcap frame 8: the tunnel is authenticated; give its secret with --secret", missing.Message);
    }

    [CapturesFact]
    public void A_message_that_the_LAC_does_not_send_is_extra_with_us()
    {
        // Frame 14 is the ICCN.
        var report = Play(_edit.Write(Capture("xl2tpd-to-xl2tpd-kernel.pcap"), frames => frames.Where((_, i) => i != 13)));
        Assert.Contains("extra ICCN (after 12): only we send it", Lines(report));
    }

    [CapturesFact]
    public void A_message_that_only_the_LAC_sends_is_missing_with_us()
    {
        // The ICCN becomes a WAN-Error-Notify, which ours never sends.
        var report = Play(_edit.Write(Capture("xl2tpd-to-xl2tpd-kernel.pcap"), frames => CaptureEdit.Change(
            frames, 13, f => CaptureEdit.Replace(f, "80080000" + "0000000c", "80080000" + "0000000f"))));
        Assert.Contains("missing WEN (14): we do not send it", Lines(report));
        Assert.Contains("extra ICCN (after 12): only we send it", Lines(report));
    }

    [CapturesFact]
    public void Messages_in_another_order_are_told()
    {
        // SCCCN and ICRQ change places.
        var report = Play(_edit.Write(Capture("xl2tpd-to-xl2tpd-kernel.pcap"), frames => CaptureEdit.Swap(frames, 8)));
        Assert.Contains("order of SCCCN (10): we send it before ICRQ", Lines(report));
    }

    [CapturesFact]
    public void A_frame_that_does_not_reach_the_subscriber_is_told()
    {
        // An LNS's echo reply grows beyond what PPPoE can carry.
        var report = Play(_edit.Write(
            Capture("xl2tpd-to-xl2tpd-kernel.pcap"), frames => CaptureEdit.Change(frames, 46, f => CaptureEdit.Grow(f, 1600))));
        Assert.Contains("IPv4 (47): the subscriber does not get it from us, or not as it was", Lines(report));
    }

    [CapturesFact]
    public void The_command_prints_differences_and_exits_with_5()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = new ReplayRun(false, output, TextWriter.Null).Foreign([Capture("xl2tpd-to-xl2tpd-kernel.pcap")], null, Secret, "");
        Assert.Equal(5, code);
        Assert.Equal(
            "xl2tpd-to-xl2tpd-kernel.pcap: 33 messages of the peers played, 17 of the LAC found among ours\n"
            + "  SCCRQ (xl2tpd-to-xl2tpd-kernel.pcap frame 7): mandatory AVPs that we do not send: 4 Bearer Capabilities\n"
            + "  ICRQ (xl2tpd-to-xl2tpd-kernel.pcap frame 10): mandatory AVPs that only we send: 21 Called Number, 22 Calling Number\n",
            output.ToString());
    }

    private static string Capture(string name) => Path.Combine(Captures.Folder!, "peers", name);
    private static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, RandomStreams.SeedSize)];
    private static ScenarioReport Play(params string[] paths) => Play(1, paths);

    private static ScenarioReport Play(byte seed, params string[] paths) =>
        ReplayRun.PlayForeign(paths, null, System.Text.Encoding.UTF8.GetBytes(Secret), [], Seed(seed));

    private static ScenarioReport PlayHardware(string name) =>
        ReplayRun.PlayForeign([Path.Combine(Captures.Folder!, "l2tp", name)], null, "abc-123"u8.ToArray(), [], Seed(1));

    /// <summary>With frame numbers alone: "SCCRQ (3): ...".</summary>
    private static string[] Lines(ScenarioReport report) =>
        [.. report.Differences.Select(d => System.Text.RegularExpressions.Regex.Replace(d.ToString(), @"[\w.-]+\.pcap frame (\d+)", "$1"))];

    /// <summary>l2tpns marks and repeats more AVPs than it has to. Ours says who calls, and how large its window is.</summary>
    private static string[] FromL2tpns(int sccrq, int scccn, int icrq) =>
    [
        $"SCCRQ ({sccrq}): mandatory AVPs that we do not send: 8 Vendor Name",
        $"SCCRQ ({sccrq}): mandatory AVPs that only we send: 10 Receive Window Size",
        $"SCCCN ({scccn}): mandatory AVPs that we do not send: "
            + "2 Protocol Version, 3 Framing Capabilities, 7 Host Name, 8 Vendor Name, 9 Assigned Tunnel ID",
        $"ICRQ ({icrq}): mandatory AVPs that only we send: 18 Bearer Type, 21 Called Number, 22 Calling Number",
    ];
}
