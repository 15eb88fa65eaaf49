using LacEdge.Wire;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Lab.Peers;

/// <summary>What a host reads from PADO, PADS and PADT.</summary>
internal ref struct OfferTags
{
    private const int MaxReturned = 1200;
    private ReadOnlySpan<byte> _cookie, _relaySessionId;
    private bool _hasCookie, _hasRelaySessionId;

    public DecodeError Error { get; private set; }
    public ReadOnlySpan<byte> AcName { get; private set; }
    public ReadOnlySpan<byte> HostUniq { get; private set; }
    public bool HasHostUniq { get; private set; }
    public int ServiceNames { get; private set; }
    public PppoeTagType? ErrorTag { get; private set; }
    public ReadOnlySpan<byte> ErrorText { get; private set; }

    public static OfferTags Read(ReadOnlySpan<byte> payload)
    {
        var result = new OfferTags();
        var tags = new PppoeTagReader(payload);
        while (tags.MoveNext())
        {
            var tag = tags.Current;
            switch (tag.Type)
            {
                case PppoeTagType.AcName: result.AcName = tag.Value; break;
                case PppoeTagType.ServiceName: result.ServiceNames++; break;
                case PppoeTagType.HostUniq:
                    result.HasHostUniq = true;
                    result.HostUniq = tag.Value;
                    break;
                case PppoeTagType.AcCookie:
                    result._hasCookie = true;
                    result._cookie = tag.Value;
                    break;
                case PppoeTagType.RelaySessionId:
                    result._hasRelaySessionId = true;
                    result._relaySessionId = tag.Value;
                    break;
                case PppoeTagType.ServiceNameError or PppoeTagType.AcSystemError or PppoeTagType.GenericError:
                    result.ErrorTag = tag.Type;
                    result.ErrorText = tag.Value;
                    break;
            }
        }

        result.Error = tags.Error;
        return result;
    }

    /// <summary>The tags that PADR has to bring back as they were.</summary>
    public readonly byte[] ToReturn()
    {
        var writer = new WireWriter(stackalloc byte[MaxReturned]);
        if (_hasCookie) PppoeTag.Write(ref writer, PppoeTagType.AcCookie, _cookie);
        if (_hasRelaySessionId) PppoeTag.Write(ref writer, PppoeTagType.RelaySessionId, _relaySessionId);
        return writer.Written.ToArray();
    }
}
