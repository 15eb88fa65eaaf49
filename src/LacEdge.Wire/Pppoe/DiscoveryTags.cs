using System.Buffers.Binary;

namespace LacEdge.Wire.Pppoe;

/// <summary>The tags of a PADI, PADR or PADT that an access concentrator acts upon (RFC 2516 appendix A, RFC 4638); all others are
/// passed over.</summary>
public ref struct DiscoveryTags
{
    /// <summary>How many Service-Name tags there are; a PADI or PADR has exactly one.</summary>
    public int ServiceNameCount { get; private set; }
    /// <summary>The first one; empty asks for any service.</summary>
    public ReadOnlySpan<byte> ServiceName { get; private set; }
    /// <summary>Present, though perhaps empty.</summary>
    public bool HasHostUniq { get; private set; }
    public ReadOnlySpan<byte> HostUniq { get; private set; }
    public bool HasAcCookie { get; private set; }
    public ReadOnlySpan<byte> AcCookie { get; private set; }
    public bool HasRelaySessionId { get; private set; }
    public ReadOnlySpan<byte> RelaySessionId { get; private set; }
    /// <summary>PPP-Max-Payload; 0 when absent or not of two octets.</summary>
    public ushort MaxPayload { get; private set; }
    /// <summary>The sub-options of the access-line tag, for <see cref="AccessLine.Read"/> or <see cref="AccessLineReader"/>. Of two
    /// tags the first counts: the access node puts its own in the place of one that the subscriber made (TR-101 R-121), and
    /// nodes behind it, which see less of the line, append theirs.</summary>
    public ReadOnlySpan<byte> AccessLine { get; private set; }
    /// <summary>The text of a Generic-Error.</summary>
    public ReadOnlySpan<byte> GenericError { get; private set; }

    /// <summary>Walks the tags up to End-Of-List; of a tag that stands more than once the first counts.
    /// Errors: <see cref="DecodeError.PppoeTagTruncated"/>, <see cref="DecodeError.PppoeTagLength"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out DiscoveryTags tags, out DecodeError error)
    {
        tags = default;
        var walk = new PppoeTagReader(payload);
        while (walk.MoveNext()) tags.Take(walk.Current);
        error = walk.Error;
        return error == DecodeError.None;
    }

    private void Take(PppoeTag tag)
    {
        switch (tag.Type)
        {
            case PppoeTagType.ServiceName:
                if (ServiceNameCount++ == 0) ServiceName = tag.Value;
                break;
            case PppoeTagType.HostUniq when !HasHostUniq:
                HasHostUniq = true;
                HostUniq = tag.Value;
                break;
            case PppoeTagType.AcCookie when !HasAcCookie:
                HasAcCookie = true;
                AcCookie = tag.Value;
                break;
            case PppoeTagType.RelaySessionId when !HasRelaySessionId:
                HasRelaySessionId = true;
                RelaySessionId = tag.Value;
                break;
            case PppoeTagType.PppMaxPayload when MaxPayload == 0 && tag.Value.Length == 2:
                MaxPayload = BinaryPrimitives.ReadUInt16BigEndian(tag.Value);
                break;
            case PppoeTagType.VendorSpecific when AccessLine.IsEmpty && tag.Value.Length > 4
                && BinaryPrimitives.ReadUInt32BigEndian(tag.Value) == Pppoe.AccessLine.Vendor:
                AccessLine = tag.Value[4..];
                break;
            case PppoeTagType.GenericError when GenericError.IsEmpty:
                GenericError = tag.Value;
                break;
        }
    }
}
