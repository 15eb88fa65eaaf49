namespace LacEdge.Wire.L2tp;

/// <summary>What is wrong with a control message: everything needed to refuse it (RFC 2661 section 7.1).</summary>
/// <param name="Error">None: the message is good.</param>
/// <param name="Vendor">Of the AVP concerned.</param>
/// <param name="Type">Of the AVP concerned; for <see cref="DecodeError.MessageTypeUnknown"/> the message type.</param>
public readonly record struct AvpProblem(DecodeError Error, ushort Vendor, ushort Type)
{
    public bool IsNone => Error == DecodeError.None;

    /// <summary>General error code that goes with result 2 of StopCCN and of CDN.</summary>
    public L2tpErrorCode ErrorCode => Error switch
    {
        DecodeError.AvpUnknownMandatory or DecodeError.AvpReservedBits or DecodeError.MessageTypeUnknown =>
            L2tpErrorCode.UnknownMandatoryAvp,
        DecodeError.AvpTruncated or DecodeError.AvpLength or DecodeError.AvpHiddenLength => L2tpErrorCode.LengthWrong,
        DecodeError.AvpMissing or DecodeError.MessageTypeMissing or DecodeError.AvpHiddenWithoutSecret => L2tpErrorCode.VendorSpecific,
        _ => L2tpErrorCode.FieldOutOfRange,
    };

    /// <summary>What to tell the peer: "AVP 0/4242: unknown".</summary>
    public override string ToString() => Error switch
    {
        DecodeError.None => "",
        DecodeError.MessageTypeUnknown => FormattableString.Invariant($"message type {Type}: unknown"),
        DecodeError.MessageTypeMissing => "message type missing",
        _ => FormattableString.Invariant($"AVP {Vendor}/{Type}: {Reason}"),
    };

    private string Reason => Error switch
    {
        DecodeError.AvpTruncated or DecodeError.AvpLength => "length",
        DecodeError.AvpReservedBits => "reserved bits",
        DecodeError.AvpValue => "value",
        DecodeError.AvpHiddenWithoutVector => "hidden without random vector",
        DecodeError.AvpHiddenWithoutSecret => "hidden, but no secret here",
        DecodeError.AvpHiddenLength => "hidden length",
        DecodeError.AvpMustNotBeHidden => "must not be hidden",
        DecodeError.AvpMissing => "missing",
        _ => "unknown",
    };
}
