using System.Runtime.InteropServices;
using LacEdge.Wire.Ppp;

namespace LacEdge.Core.Forwarding;

/// <summary>An LCP Echo-Request or Echo-Reply (RFC 1661 section 5.8) on its way through the data plane.</summary>
public readonly record struct LcpEcho(bool IsRequest, byte Identifier)
{
    /// <summary>Protocol, code, identifier, length, magic number.</summary>
    private const int MinSize = 10;

    /// <param name="ppp">From the protocol field on, which LCP never compresses (RFC 1661 section 6.5).</param>
    public static bool TryRead(ReadOnlySpan<byte> ppp, out LcpEcho echo)
    {
        echo = default;
        if (ppp is not [0xC0, 0x21, (byte)LcpCode.EchoRequest or (byte)LcpCode.EchoReply, ..] || ppp.Length < MinSize) return false;
        echo = new LcpEcho(ppp[2] == (byte)LcpCode.EchoRequest, ppp[3]);
        return true;
    }
}

/// <summary>
/// What is known of the echoes of one session that pass in one direction: requests of one end, replies to the other end's.
/// One cache line, all zero at first.
/// </summary>
/// <remarks>
/// One thread calls <see cref="Passed"/> of one flow: that direction's worker. The other worker reads <see cref="Request"/> and
/// <see cref="Answered"/>, each written at once, whole: no locks. A request's word is written before its frame is sent and its
/// reply read after it was received, with system calls between them on both sides: who sees a reply sees its request.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct EchoFlow
{
    // A request as a word: microseconds of its time (48 bits), serial number (7), repeated (1), identifier (8).
    private const ulong Repeated = 1 << 8;
    private const ulong TimeMask = (1ul << 48) - 1;

    /// <summary>The last request that passed; 0: none yet.</summary>
    public ulong Request;
    /// <summary>The last request of the opposite flow whose reply passed here, as it stood there.</summary>
    public ulong Answered;
    public ulong Requests;
    public ulong Replies;
    /// <summary>Replies whose request passed but once: of the others nobody knows which one they answer.</summary>
    public ulong Timed;
    /// <summary>In microseconds, from the request to its reply as they pass LacEdge.</summary>
    public uint LastRtt, MaxRtt;
    /// <summary>Likewise; a new one counts one eighth (RFC 6298 section 2).</summary>
    public float SmoothedRtt;

    /// <summary>An echo passes and will be sent. A request with the identifier of one that still waits is its retransmission; a reply
    /// to anything but the last request is not counted.</summary>
    /// <param name="oppositeRequest"><see cref="Request"/> of the opposite flow.</param>
    /// <param name="oppositeAnswered"><see cref="Answered"/> of the opposite flow.</param>
    public void Passed(in LcpEcho echo, Instant now, ulong oppositeRequest, ulong oppositeAnswered)
    {
        var microseconds = (ulong)now.Nanoseconds / 1000 & TimeMask;
        if (echo.IsRequest) RequestPassed(echo.Identifier, microseconds, oppositeAnswered);
        else if (!IsSame(oppositeRequest, Answered) && (byte)oppositeRequest == echo.Identifier) ReplyPassed(oppositeRequest, microseconds);
    }

    internal static bool IsSame(ulong one, ulong other) => ((one ^ other) & ~Repeated) == 0;

    private void RequestPassed(byte identifier, ulong microseconds, ulong answered)
    {
        if (!IsSame(Request, answered) && (byte)Request == identifier)
        {
            Request |= Repeated;
            return;
        }

        Requests++;
        Request = microseconds << 16 | (Requests & 0x7F) << 9 | identifier;
    }

    private void ReplyPassed(ulong request, ulong microseconds)
    {
        Replies++;
        if ((request & Repeated) == 0)
        {
            LastRtt = (uint)Math.Min(microseconds - (request >> 16) & TimeMask, uint.MaxValue);
            MaxRtt = Math.Max(MaxRtt, LastRtt);
            SmoothedRtt = Timed == 0 ? LastRtt : SmoothedRtt + (LastRtt - SmoothedRtt) / 8;
            Timed++;
        }

        Answered = request;
    }
}

/// <summary>How one end answers the other's LCP echoes, as seen from LacEdge.</summary>
/// <param name="Sent">Without retransmissions.</param>
/// <param name="Lost">The next request came, and no reply had.</param>
/// <param name="LastRtt">From LacEdge to the end that answers and back; null: none was measured.</param>
/// <param name="Rtt">Smoothed.</param>
public readonly record struct EchoQuality(ulong Sent, ulong Answered, ulong Lost, TimeSpan? LastRtt, TimeSpan? Rtt, TimeSpan? MaxRtt)
{
    /// <summary>The two may be copies of different moments, while the workers go on counting.</summary>
    internal static EchoQuality Of(in EchoFlow requests, in EchoFlow replies)
    {
        var sent = requests.Requests;
        var answered = Math.Min(replies.Replies, sent);
        var waiting = EchoFlow.IsSame(requests.Request, replies.Answered) ? 0u : 1u;
        var lost = sent - answered - Math.Min(waiting, sent - answered);
        if (replies.Timed == 0) return new EchoQuality(sent, answered, lost, null, null, null);
        return new EchoQuality(
            sent, answered, lost, TimeSpan.FromMicroseconds(replies.LastRtt), TimeSpan.FromMicroseconds(replies.SmoothedRtt),
            TimeSpan.FromMicroseconds(replies.MaxRtt));
    }
}

/// <summary>The health of a spliced line: LacEdge times the LCP echoes that pass and answers none itself.</summary>
/// <param name="FromLns">The LNS asks, the subscriber answers: the access side.</param>
/// <param name="FromSubscriber">The subscriber asks, the LNS answers: the core side.</param>
public readonly record struct LineQuality(EchoQuality FromLns, EchoQuality FromSubscriber)
{
    /// <summary>No echo has passed.</summary>
    public bool IsUnknown => FromLns.Sent == 0 && FromSubscriber.Sent == 0;

    /// <summary>Frames in both directions that were no such echoes.</summary>
    public ulong FramesBeside(ForwardingCounters all)
    {
        var (frames, echoes) = (all.UpFrames + all.DownFrames, FromLns.Sent + FromLns.Answered + FromSubscriber.Sent + FromSubscriber.Answered);
        return frames - Math.Min(echoes, frames);
    }

    /// <param name="up">Towards the LNS.</param>
    public static LineQuality Of(in EchoFlow up, in EchoFlow down) => new(EchoQuality.Of(down, up), EchoQuality.Of(up, down));
}
