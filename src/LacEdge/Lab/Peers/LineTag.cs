using System.Buffers.Binary;
using System.Text;
using LacEdge.Wire;
using LacEdge.Wire.Pppoe;

namespace LacEdge.Lab.Peers;

/// <summary>What an access node adds to PADI and PADR (TR-101 section 3.9.2), for <see cref="SubscriberOptions.ExtraTags"/>.</summary>
public static class LineTag
{
    /// <summary>The whole tag. Rates are in kbit/s; what is empty or 0 is left out.</summary>
    public static Bytes Of(string circuitId, string remoteId = "", uint rateUp = 0, uint rateDown = 0)
    {
        Span<byte> value = stackalloc byte[512];
        var options = new WireWriter(value);
        options.WriteUInt32(AccessLine.Vendor);
        if (circuitId.Length > 0) AccessLineOption.Write(ref options, AccessLineType.CircuitId, Encoding.UTF8.GetBytes(circuitId));
        if (remoteId.Length > 0) AccessLineOption.Write(ref options, AccessLineType.RemoteId, Encoding.UTF8.GetBytes(remoteId));
        Rate(ref options, AccessLineType.ActualRateUp, rateUp);
        Rate(ref options, AccessLineType.ActualRateDown, rateDown);
        if (!options.Ok) throw new ArgumentException("the ids are too long for a tag", nameof(circuitId));

        var tag = new WireWriter(new byte[4 + options.Position]);
        PppoeTag.Write(ref tag, PppoeTagType.VendorSpecific, options.Written);
        return Bytes.Copy(tag.Written);
    }

    private static void Rate(ref WireWriter options, AccessLineType type, uint rate)
    {
        if (rate == 0) return;
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, rate);
        AccessLineOption.Write(ref options, type, value);
    }
}
