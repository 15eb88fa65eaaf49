using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LacEdge.Interop.Wire;

namespace LacEdge.Interop.Cases.Features;

/// <summary>
/// An access node puts an access-line tag (TR-101) into PADI and PADR of the first subscriber; LacEdge tells the LNS of it by
/// RFC 5515's AVPs, Cisco's AVP 100, connect speeds and calling number.
/// </summary>
/// <param name="HasRemoteId">An LNS that does not compare vendor ids takes this AVP (3561/2) for the protocol version, and closes the tunnel.</param>
internal sealed record LineInformation(bool HasRemoteId) : Feature("access-line")
{
    private const string CircuitId = "olt7 eth 1/3:42", RemoteId = "house-0815", NasPort = "Serial0:0";
    private const int Cisco = 9, CiscoNasPort = 100, BroadbandForum = 3561;
    private const int TxSpeed = 24, RxSpeed = 38;

    // Type, value in kbit/s or ms, tshark's name of the AVP.
    private static readonly (byte Type, uint Value, string Field)[] _numbers =
    [
        (0x81, 40_000, "actual_dr_up"), (0x82, 100_000, "actual_dr_down"), (0x83, 1_000, "minimum_dr_up"), (0x84, 2_000, "minimum_dr_down"),
        (0x85, 45_000, "attainable_dr_up"), (0x86, 110_000, "attainable_dr_down"), (0x87, 50_000, "maximum_dr_up"), (0x88, 5_000_000, "maximum_dr_down"),
        (0x89, 64, "minimum_dr_up_low_power"), (0x8A, 128, "minimum_dr_down_low_power"), (0x8B, 8, "maximum_interleaving_delay_up"),
        (0x8C, 4, "actual_interleaving_delay_up"), (0x8D, 16, "maximum_interleaving_delay_down"), (0x8E, 5, "actual_interleaving_delay_down"),
    ];

    public override string PeerProfile =>
        $"access-line-avps: [{(HasRemoteId ? "all" : "circuit-id, actual-rates, other-rates, delays, encapsulation, iwf, line-type")}], "
        + $"nas-port: \"{NasPort}\", calling-number: \"{{circuit-id|mac}}\"";
    public override string AccessService => "connect-speed: { method: line, tx: 1G, rx: 1G }";
    public override string[] LnsConfiguration => ["set debug 4"];

    /// <summary>What the access node adds: tag 0x0105.</summary>
    public static byte[] Tag
    {
        get
        {
            byte[] value =
            [
                0, 0, BroadbandForum >> 8, BroadbandForum & 0xFF,
                .. Option(0x01, Encoding.ASCII.GetBytes(CircuitId)), .. Option(0x02, Encoding.ASCII.GetBytes(RemoteId)),
                .. _numbers.SelectMany(each => Option(each.Type, Number(each.Value))),
                .. Option(0x90, [1, 1, 2]), .. Option(0x91, Number(5)), .. Option(0xFE, []),
            ];
            return [0x01, 0x05, (byte)(value.Length >> 8), (byte)value.Length, .. value];
        }
    }

    public override async Task JudgeAsync(Evidence evidence)
    {
        string[] fields =
        [
            "l2tp.avp.calling_number", "l2tp.broadband.agent_circuit_id", "l2tp.broadband.agent_remote_id",
            .. _numbers.Select(each => $"l2tp.broadband.{each.Field}"), "l2tp.broadband.access_loop_encapsulation.data_link",
            "l2tp.broadband.access_loop_encapsulation.enc1", "l2tp.broadband.access_loop_encapsulation.enc2", "l2tp.broadband.ancp_access_line_type",
            "l2tp.broadband.iwf_session",
        ];
        var icrqs = await evidence.SelectAsync(Side.Core, "l2tp.avp.message_type == 10", fields);
        var lines = evidence.Row.Lines;
        var first = icrqs.FirstOrDefault(frame => frame["l2tp.avp.calling_number"] == CircuitId)
            ?? throw new CheckFailedException("no ICRQ from the circuit");
        Expect(first["l2tp.broadband.agent_circuit_id"] == CircuitId, $"circuit id \"{first["l2tp.broadband.agent_circuit_id"]}\"");
        Expect(first["l2tp.broadband.agent_remote_id"] == (HasRemoteId ? RemoteId : ""), $"remote id \"{first["l2tp.broadband.agent_remote_id"]}\"");
        foreach (var (type, value, field) in _numbers)
        {
            // Rates go on in bit/s.
            var expected = ((ulong)value * (type <= 0x8A ? 1000u : 1u)).ToString(CultureInfo.InvariantCulture);
            Expect(first[$"l2tp.broadband.{field}"] == expected, $"{field} {first[$"l2tp.broadband.{field}"]}, not {expected}");
        }
        foreach (var field in fields[^5..])
            Expect(first[field].Length > 0, $"no {field}");
        var second = icrqs.FirstOrDefault(frame => frame["l2tp.avp.calling_number"] == lines.Second.Mac)
            ?? throw new CheckFailedException("no ICRQ with the MAC of a line that nobody told of");
        Expect(fields[1..].All(field => second[field].Length == 0), "AVPs of a line that nobody told of");

        var messages = await evidence.SentControlMessagesAsync();
        // There are both, or the first subscriber would not be known by its circuit.
        var (icrq, iccn) = (messages.First(each => each.Type == Message.Icrq), messages.First(each => each.Type == Message.Iccn));
        var nasPort = icrq.Find(Cisco, CiscoNasPort);
        Expect(nasPort is { Mandatory: false } && Encoding.ASCII.GetString(nasPort.Value) == NasPort, "no Cisco AVP 100");
        Expect(icrq.Avps.Where(avp => avp.Vendor != 0).All(avp => !avp.Mandatory), "a vendor's AVP is mandatory");
        ExpectSpeed(iccn, TxSpeed, 100_000_000);
        ExpectSpeed(iccn, RxSpeed, 40_000_000);
        Expect(evidence.LnsLog.Contains(CircuitId, StringComparison.Ordinal), "the LNS did not read the calling number");
    }

    private static void ExpectSpeed(SentControlMessage iccn, int type, uint expected)
    {
        var speed = iccn.Find(0, type) is { } avp ? BinaryPrimitives.ReadUInt32BigEndian(avp.Value) : 0;
        Expect(speed == expected, $"AVP {type} of ICCN says {speed}, not {expected}");
    }

    private static byte[] Option(byte type, byte[] value) => [type, (byte)value.Length, .. value];

    private static byte[] Number(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
