using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LacEdge.Linux.Namespaces;

namespace LacEdge.Linux.Tests;

/// <param name="Message">Without the length that TCP puts before it.</param>
internal sealed record DnsReply(byte[] Message)
{
    public TimeSpan After { get; init; }
    /// <summary>From another port.</summary>
    public bool FromElsewhere { get; init; }
}

/// <summary>A DNS server over UDP and TCP on the loopback that answers whatever the test says.</summary>
internal sealed class FakeDnsServer : IDisposable
{
    private readonly UdpClient _udp, _elsewhere;
    private readonly TcpListener _tcp;
    private readonly Func<FakeDnsServer, byte[], IReadOnlyList<DnsReply>> _answer;
    private readonly List<string> _names = [];

    /// <param name="answer">Makes the replies to a question, of which it gets the octets up to the class.</param>
    public FakeDnsServer(NetworkNamespace space, ushort port, Func<FakeDnsServer, byte[], IReadOnlyList<DnsReply>> answer)
    {
        _answer = answer;
        var local = new IPEndPoint(IPAddress.Loopback, port);
        (_udp, _elsewhere, _tcp) = (new UdpClient(local), new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)), new TcpListener(local));
        _tcp.Start();
        foreach (var serve in (Action[])[ServeUdp, ServeTcp])
        {
            var thread = space.NewThread("dns", serve);
            thread.IsBackground = true;
            thread.Start();
        }
    }

    /// <summary>Whether the question at hand came over TCP.</summary>
    public bool IsTcp { get; private set; }
    public int TcpQuestions { get; private set; }
    /// <summary>What was asked for over UDP, in order.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    /// <param name="address">IPv4; empty: the name is an alias of itself.</param>
    public static DnsReply Answer(byte[] question, string address, uint ttl = 60)
    {
        var ttlOctets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(ttlOctets, ttl);
        byte[] record = address.Length > 0
            ? [0xC0, 12, 0, 1, 0, 1, .. ttlOctets, 0, 4, .. IPAddress.Parse(address).GetAddressBytes()]
            : [0xC0, 12, 0, 5, 0, 1, .. ttlOctets, 0, 2, 0xC0, 12];
        var message = (byte[])[.. question, .. record];
        (message[2], message[3], message[7], message[9], message[11]) = ((byte)(0x80 | question[2]), 0x80, 1, 0, 0);
        return new DnsReply(message);
    }

    public void Dispose()
    {
        _udp.Dispose();
        _elsewhere.Dispose();
        _tcp.Dispose();
    }

    private static byte[] QuestionOf(byte[] message)
    {
        var at = 12;
        while (message[at] != 0) at += message[at] + 1;
        return message[..(at + 5)];
    }

    private static string NameOf(byte[] question)
    {
        var labels = new List<string>();
        for (var at = 12; question[at] != 0; at += question[at] + 1) labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        return string.Join('.', labels).ToLowerInvariant();
    }

    private void ServeUdp()
    {
        try
        {
            while (true)
            {
                var from = new IPEndPoint(IPAddress.Any, 0);
                var message = _udp.Receive(ref from);
                // An empty one wakes the thread when the socket is closed.
                if (message.Length == 0) return;
                var question = QuestionOf(message);
                _names.Add(NameOf(question));
                foreach (var reply in Replies(question, false))
                {
                    Thread.Sleep(reply.After);
                    (reply.FromElsewhere ? _elsewhere : _udp).Send(reply.Message, from);
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void ServeTcp()
    {
        try
        {
            while (true)
            {
                using var client = _tcp.AcceptTcpClient();
                using var stream = client.GetStream();
                var size = new byte[2];
                stream.ReadExactly(size);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                stream.ReadExactly(message);
                TcpQuestions++;
                foreach (var reply in Replies(QuestionOf(message), true))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)reply.Message.Length);
                    stream.Write([.. size, .. reply.Message]);
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private IReadOnlyList<DnsReply> Replies(byte[] question, bool tcp)
    {
        lock (_names)
        {
            IsTcp = tcp;
            return _answer(this, question);
        }
    }
}
