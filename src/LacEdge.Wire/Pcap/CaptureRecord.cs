namespace LacEdge.Wire.Pcap;

/// <summary>Link types of capture files (the LINKTYPE_ and DLT_ numbers of tcpdump.org) that LacEdge can look into.</summary>
public enum LinkType : ushort
{
    BsdNull = 0,
    Ethernet = 1,
    Ppp = 9,
    /// <summary>Raw IP as most systems number it inside their kernels.</summary>
    RawKernel = 12,
    /// <summary>Raw IP as OpenBSD numbers it.</summary>
    RawOpenBsd = 14,
    PppHdlc = 50,
    Pppoe = 51,
    Raw = 101,
    BsdLoop = 108,
    LinuxCooked = 113,
    PppWithDirection = 166,
    Ipv4 = 228,
    Ipv6 = 229,
    LinuxCooked2 = 276,
}

/// <summary>Where records of a capture come from: the whole of a pcap file, or one interface of a pcapng section.</summary>
public sealed record CaptureInterface(LinkType LinkType, string? Name);

/// <summary>One frame of a capture file; valid until the bytes it was read from change.</summary>
public readonly ref struct CaptureRecord
{
    public CaptureInterface Interface { get; internal init; }
    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z; none when the format carries none.</summary>
    public long? UnixNanoseconds { get; internal init; }
    /// <summary>Octets that the frame had on the wire; at least those captured.</summary>
    public long OriginalLength { get; internal init; }
    public ReadOnlySpan<byte> Data { get; internal init; }
}

public enum CaptureReadStatus : byte
{
    /// <summary>A record was read.</summary>
    Record,
    /// <summary>Call again with more bytes.</summary>
    NeedMore,
    /// <summary>The file ended where a record ends.</summary>
    End,
    /// <summary>Nothing more can be read: see <see cref="CaptureReader.Error"/>.</summary>
    Error,
}
