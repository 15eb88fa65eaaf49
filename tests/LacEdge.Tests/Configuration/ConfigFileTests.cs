using System.Text;
using LacEdge.Configuration;
using LacEdge.Core.Config;

namespace LacEdge.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Drop_ins_are_read_by_name_and_others_are_not()
    {
        var main = _folder.Write("lacedge.yaml", ConfigText.Valid());
        _folder.Write("conf.d/20-b.yaml", "isps: { b: { realms: [b.example], tunnel: extra, lns: { b: { address: 192.0.2.2 } } } }");
        _folder.Write("conf.d/10-a.yaml", "tunnels: { extra: {} }");
        _folder.Write("conf.d/.#10-a.yaml", "{ broken");
        _folder.Write("conf.d/README", "{ broken");
        _folder.Write("conf.d/30-c.yml", "{ broken");
        var result = ConfigFile.Load(main);
        Assert.Equal(["b", "isp1"], result.Config!.Isps.Select(isp => isp.Name));
        Assert.Equal($"{_folder["conf.d/30-c.yml"]}:1:1: warning: this file is not read: its name must end in .yaml", Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void A_problem_in_a_drop_in_names_the_drop_in()
    {
        var main = _folder.Write("lacedge.yaml", ConfigText.Valid());
        var dropIn = _folder.Write("conf.d/a.yaml", "\nlimits: { tunnels: many }");
        Assert.Equal($"{dropIn}:2:20: error: limits.tunnels: expected a whole number from 1 to 65000, found 'many'",
            Assert.Single(ConfigFile.Load(main).Problems).ToString());
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_problem()
    {
        var result = ConfigFile.Load(_folder["absent.yaml"]);
        Assert.Null(result.Config);
        Assert.Equal($"{_folder["absent.yaml"]}:1:1: error: cannot read the file: '{_folder["absent.yaml"]}' does not exist", Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Equal($"{_folder.Path}:1:1: error: cannot read the file: '{_folder.Path}' is a directory", Assert.Single(ConfigFile.Load(_folder.Path).Problems).ToString());

    [Fact]
    public void With_a_broken_file_only_broken_files_are_told()
    {
        var main = _folder.Write("lacedge.yaml", "steering: {");
        var dropIn = _folder.Write("conf.d/a.yaml", "- a");
        Assert.Equal([dropIn, main], ConfigFile.Load(main).Problems.Select(problem => problem.Place.File));
    }

    [Theory]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData("secret", "secret")]
    [InlineData(" secret \n\n", " secret \n")]
    public void A_secret_file_loses_one_line_end(string content, string secret)
    {
        _folder.Write("secrets/wholesale", content);
        Assert.Equal(secret, Encoding.UTF8.GetString(Load("{ file: secrets/wholesale }").Config!.Tunnels[0].Secret.Span));
    }

    [Fact]
    public void A_secret_file_of_a_drop_in_is_relative_to_the_main_file()
    {
        _folder.Write("secrets/wholesale", "secret");
        var main = _folder.Write("lacedge.yaml", ConfigText.Valid());
        _folder.Write("conf.d/a.yaml", "tunnels: { wholesale: { secret: { file: secrets/wholesale } } }");
        Assert.True(ConfigFile.Load(main).Config!.Tunnels[0].Secret.IsSet);
    }

    [Fact]
    public void A_secret_that_everyone_may_read_is_refused_also_behind_a_link()
    {
        var file = _folder.Write("open", "secret", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(_folder["link"], file);
        Assert.Equal($"'{file}' can be read by everyone (mode 404); chmod o-rwx it", Problem("{ file: open }"));
        Assert.Equal($"'{_folder["link"]}' can be read by everyone (mode 404); chmod o-rwx it", Problem("{ file: link }"));
    }

    [Fact]
    public void A_secret_file_must_be_there_and_hold_a_secret()
    {
        _folder.Write("empty", "\n");
        _folder.Write("long", new string('a', 1025));
        Assert.Equal($"cannot read the secret: '{_folder["absent"]}' does not exist", Problem("{ file: absent }"));
        Assert.Equal($"'{_folder["empty"]}' is empty", Problem("{ file: empty }"));
        Assert.Equal($"'{_folder["long"]}' holds more than 1024 octets", Problem("{ file: long }"));
        Assert.Equal($"cannot read the secret: '{_folder.Path}/.' is a directory", Problem("{ file: . }"));
    }

    [Fact]
    public void Secrets_come_from_the_environment_and_from_systemd()
    {
        Assert.Equal("the environment variable 'LACEDGE_TEST_ABSENT' is not set or empty", Problem("{ env: LACEDGE_TEST_ABSENT }"));
        Assert.Equal("there are no systemd credentials here ($CREDENTIALS_DIRECTORY is not set), so no 'isp1'", Problem("{ credential: isp1 }"));
        _folder.Write("credentials/isp1", "secret\n", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Environment.SetEnvironmentVariable("LACEDGE_TEST_SECRET", "swordfish");
        Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", _folder["credentials"]);
        try
        {
            Assert.Equal(Secret.FromText("swordfish"), Load("{ env: LACEDGE_TEST_SECRET }").Config!.Tunnels[0].Secret);
            Assert.Equal(Secret.FromText("secret"), Load("{ credential: isp1 }").Config!.Tunnels[0].Secret);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LACEDGE_TEST_SECRET", null);
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", null);
        }
    }

    [Theory]
    [InlineData("secret: swordfish")]
    [InlineData("secret: { inline: swordfish }")]
    [InlineData("secret: [swordfish]")]
    [InlineData("secret: { inline: swordfish, env: X }")]
    [InlineData("secret: { inline: [swordfish] }")]
    public void A_secret_never_prints(string secret)
    {
        var result = ConfigFile.Load(_folder.Write("lacedge.yaml", ConfigText.Valid().Replace("wholesale: {}", $"wholesale: {{ {secret} }}", StringComparison.Ordinal)));
        var printed = string.Join('\n', result.Problems) + result.Config + string.Join('\n', result.Config?.Tunnels ?? []);
        Assert.DoesNotContain("swordfish", printed, StringComparison.Ordinal);
        Assert.NotEmpty(result.Problems);
    }

    private string Problem(string secret) => Assert.Single(Load(secret).Problems).Message;

    private ConfigResult Load(string secret) =>
        ConfigFile.Load(_folder.Write("lacedge.yaml", ConfigText.Valid().Replace("wholesale: {}", $"wholesale: {{ secret: {secret} }}", StringComparison.Ordinal)));
}
