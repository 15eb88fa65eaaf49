namespace LacEdge.Interop;

/// <summary>The command line.</summary>
/// <param name="Only">Rows whose name contains this; empty: all.</param>
/// <param name="Keep">Leaves guests and namespaces up until interrupted.</param>
/// <param name="Reference">l2tpns in LacEdge's place.</param>
/// <param name="LacEdge">The program under test, as the beginning of a command line.</param>
/// <param name="Artifacts">Folder for logs and captures.</param>
/// <param name="RecordScenarios">Folder for scenarios to replay; null: a normal run.</param>
internal sealed record Options(
    string Only, bool Keep, bool Reference, IReadOnlyList<string> LacEdge, string Artifacts, string? RecordScenarios)
{
    public const string Usage = """
        usage: LacEdge.Interop [--only TEXT] [--keep] [--reference l2tpns] [--lacedge PROGRAM] [--artifacts DIR] [--record-scenarios DIR]

          --only TEXT             only rows whose name contains TEXT, for example "l2tpns" or "chap-secret"
          --keep                  leave the lab up at the end, until interrupted
          --reference l2tpns      run l2tpns in LacEdge's place, to tell the peers' trouble from ours
          --lacedge PROGRAM       program under test (default: the one built with this one)
          --artifacts DIR         captures and logs (default: artifacts/interop in the repository)
          --record-scenarios DIR  instead of the matrix, record the scenarios that "lacedge replay" plays
        """;

    /// <summary>Null when the arguments are not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        var lacEdge = Program(Path.Combine(AppContext.BaseDirectory, "lacedge.dll"));
        var options = new Options("", false, false, lacEdge, Path.Combine(RepositoryRoot(), "artifacts", "interop"), null);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--keep")
                options = options with { Keep = true };
            else if (i + 1 == arguments.Length)
                return null;
            else
            {
                var value = arguments[i + 1];
                var next = arguments[i++] switch
                {
                    "--only" => options with { Only = value },
                    "--reference" when value == "l2tpns" => options with { Reference = true },
                    "--lacedge" => options with { LacEdge = Program(Path.GetFullPath(value)) },
                    "--artifacts" => options with { Artifacts = Path.GetFullPath(value) },
                    "--record-scenarios" => options with { RecordScenarios = Path.GetFullPath(value) },
                    _ => null,
                };
                if (next is null)
                    return null;
                options = next;
            }
        }
        return options;
    }

    private static string[] Program(string path) => Path.GetExtension(path) == ".dll" ? ["dotnet", path] : [path];

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LacEdge.sln")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }
}
