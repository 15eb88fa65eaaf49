using LacEdge.Core.Config;
using LacEdge.Core.Ppp;

namespace LacEdge.Tests.Core.Ppp;

/// <summary>Links that ask for PAP and a known magic number, at the stages at which tests begin.</summary>
internal static class PapLink
{
    public const string Magic = "0badcafe";
    public const string OurOptions = "010405d4" + "0304c023" + "05060badcafe";
    public const string TheirOptions = "010405d4" + "050601020304";

    public static LinkHarness Pap(PppConfig? config = null) => new(config, [AuthenticationProtocol.Pap], magic: Magic);

    public static LinkHarness Started()
    {
        var link = Pap();
        link.Start();
        link.ForgetSent();
        return link;
    }

    public static LinkHarness Opened()
    {
        var link = Pap();
        Assert.Equal(OurOptions, link.Open(TheirOptions));
        Assert.Equal(PppState.Opened, link.Link.State);
        return link;
    }

    public static LinkHarness Authenticated()
    {
        var link = Opened();
        link.Receive(LinkHarness.Packet("c023", 1, "01", "01610162"));
        link.NewsIs("credentials");
        return link;
    }
}
