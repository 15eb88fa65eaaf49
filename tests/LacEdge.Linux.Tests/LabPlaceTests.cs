using System.Diagnostics;
using LacEdge.Lab;
using LacEdge.Linux.Namespaces;

namespace LacEdge.Linux.Tests;

public sealed class LabPlaceTests
{
    private readonly string _name = $"lacedge-test-{Environment.ProcessId}";

    [RootFact]
    public void One_lab_of_a_name_at_a_time_and_nothing_is_left_of_it()
    {
        using (var place = LabPlace.Take(_name))
        {
            File.WriteAllText(Path.Combine(place.Directory, "isp1.secret"), "secret");
            var trouble = Assert.Throws<HostException>(() => LabPlace.Take(_name));
            Assert.Equal($"{_name} is running on this machine already, process {Environment.ProcessId}: end it first", trouble.Message);
        }

        Assert.False(Directory.Exists($"/run/{_name}"));
    }

    [RootFact]
    public void What_a_killed_lab_has_left_is_cleared_away()
    {
        Directory.CreateDirectory($"/run/{_name}");
        File.WriteAllText($"/run/{_name}/boot", "7");
        using var access = NetworkNamespace.Create($"{_name}-access");
        using var core = NetworkNamespace.Create($"{_name}-core");

        using var place = LabPlace.Take(_name);
        Assert.False(File.Exists($"/run/{_name}/boot"));
        Assert.DoesNotContain(LabNetwork.NamesOf(_name), name => File.Exists($"/run/netns/{name}"));
    }

    [RootFact]
    public void A_namespace_that_somebody_is_in_stays()
    {
        using var space = NetworkNamespace.Create($"{_name}-lac");
        using var guest = space.Run(() => Process.Start("sleep", "60"));
        try
        {
            var trouble = Assert.Throws<HostException>(() => LabPlace.Take(_name));
            Assert.Contains($"{_name}-lac", trouble.Message, StringComparison.Ordinal);
            Assert.Contains($"in use by process {guest.Id} (sleep)", trouble.Message, StringComparison.Ordinal);
            Assert.Contains($"ip netns del {_name}-lac", trouble.Message, StringComparison.Ordinal);
            Assert.False(guest.HasExited);
        }
        finally
        {
            guest.Kill();
            guest.WaitForExit();
        }

        LabPlace.Take(_name).Dispose();
    }
}
