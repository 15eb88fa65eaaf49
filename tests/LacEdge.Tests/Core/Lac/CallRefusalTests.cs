using LacEdge.Core.Config;
using LacEdge.Core.Events;
using LacEdge.Core.L2tp;
using LacEdge.Core.Lac;

namespace LacEdge.Tests.Core.Lac;

public sealed class CallRefusalTests
{
    private static readonly PeerProfile _mapped = PeerProfile.Default with
    {
        Name = "mapped",
        ResultCodes = [new(3, null, RefusedCall.NextLns), new(2, null, RefusedCall.Refuse), new(2, 4, RefusedCall.NextLns)],
    };

    [Theory]
    [InlineData(2, 7, null, true, false)]
    [InlineData(2, 4, null, true, true)]
    [InlineData(4, 0, null, true, true)]
    [InlineData(5, 0, null, true, true)]
    [InlineData(3, 0, null, false, true)]
    // A wrong password is wrong at the next LNS, too.
    [InlineData(2, 6, 16, false, false)]
    [InlineData(1, 0, 16, false, false)]
    [InlineData(1, 0, 3, true, true)]
    public void L2TP_054_whether_the_next_LNS_is_asked_follows_from_the_codes(int result, int error, int? cause, bool byStandard, bool mapped)
    {
        var end = new CallEnd(EndCause.CallRefused, (ushort)result, (ushort)error, "", (ushort?)cause);
        Assert.Equal((byStandard, mapped), (CallRefusal.MayTryNext(end, PeerProfile.Default), CallRefusal.MayTryNext(end, _mapped)));
    }

    [Fact]
    public void L2TP_044_whatever_ends_the_tunnel_the_next_LNS_is_asked() =>
        Assert.True(CallRefusal.MayTryNext(new CallEnd(EndCause.TunnelRefused, 3, 0, "", 16), PeerProfile.Default));
}
