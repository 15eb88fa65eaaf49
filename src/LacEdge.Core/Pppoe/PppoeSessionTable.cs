using System.Buffers.Binary;
using System.Security.Cryptography;
using LacEdge.Wire.Ethernet;

namespace LacEdge.Core.Pppoe;

/// <summary>The sessions of one access group: by session id, and the newest of each request for PADRs that are repeated.</summary>
internal sealed class PppoeSessionTable
{
    private const int PageSize = 256;

    private readonly PppoeSession?[]?[] _pages = new PppoeSession?[]?[0x10000 / PageSize];
    private readonly Dictionary<ulong, PppoeSession> _newestByRequest = [];
    private readonly byte[] _key = new byte[32];
    private readonly byte[] _closedBySubscriber = new byte[0x10000 / 8];

    public PppoeSessionTable(RandomStream keys) => keys.Fill(_key);

    public PppoeSession? Find(ushort sessionId) => _pages[sessionId / PageSize]?[sessionId % PageSize];

    /// <summary>The last session with this id ended by the subscriber's PADT.</summary>
    public bool WasClosedBySubscriber(ushort sessionId) => (_closedBySubscriber[sessionId >> 3] & 1 << (sessionId & 7)) != 0;

    public void ClosedBySubscriber(ushort sessionId) => _closedBySubscriber[sessionId >> 3] |= (byte)(1 << (sessionId & 7));

    /// <summary>The newest session that this MAC opened on this line with this Host-Uniq.</summary>
    public PppoeSession? NewestOf(MacAddress subscriber, VlanStack vlans, ReadOnlySpan<byte> hostUniq)
    {
        var session = _newestByRequest.GetValueOrDefault(Digest(subscriber, hostUniq));
        return session is not null && session.Subscriber == subscriber && session.Vlans.SameLine(vlans)
            && session.HostUniq.Span.SequenceEqual(hostUniq) ? session : null;
    }

    public void Add(PppoeSession session)
    {
        (_pages[session.SessionId / PageSize] ??= new PppoeSession?[PageSize])[session.SessionId % PageSize] = session;
        _closedBySubscriber[session.SessionId >> 3] &= (byte)~(1 << (session.SessionId & 7));
        session.RequestDigest = Digest(session.Subscriber, session.HostUniq.Span);
        _newestByRequest[session.RequestDigest] = session;
    }

    public void Remove(PppoeSession session)
    {
        _pages[session.SessionId / PageSize]![session.SessionId % PageSize] = null;
        if (_newestByRequest.GetValueOrDefault(session.RequestDigest) == session) _newestByRequest.Remove(session.RequestDigest);
    }

    /// <summary>Hosts choose MAC and Host-Uniq: keyed, so that they cannot choose them to collide.</summary>
    private ulong Digest(MacAddress subscriber, ReadOnlySpan<byte> hostUniq)
    {
        var size = sizeof(ulong) + hostUniq.Length;
        var input = size <= 256 ? stackalloc byte[size] : new byte[size];
        BinaryPrimitives.WriteUInt64BigEndian(input, subscriber.Value);
        hostUniq.CopyTo(input[sizeof(ulong)..]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, input, mac);
        return BinaryPrimitives.ReadUInt64BigEndian(mac);
    }
}
