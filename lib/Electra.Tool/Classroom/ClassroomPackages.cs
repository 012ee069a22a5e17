using System.Text.Json;
using System.Text.RegularExpressions;

namespace Electra.Tool.Classroom;

/// <summary>The packages that a workspace is restored from, for each system: found by restoring it.</summary>
internal static partial class ClassroomPackages
{
    private const string Tools = ".config/dotnet-tools.json";

    /// <summary>Restores a workspace: its solution, its programs of one file and its tools.</summary>
    /// <param name="workspace">A copy of the project, whose obj folders are of no use to anyone afterwards.</param>
    /// <param name="files">Its files, as paths there.</param>
    /// <param name="systems">Those that it is restored for.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The packages in the machine's packages folder, in order of their names.</returns>
    /// <exception cref="InputException">A package is not to be had; the message says which.</exception>
    public static FileInfo[] Restore(string workspace, string[] files, ClassroomSystem[] systems, CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, FileInfo>(StringComparer.Ordinal);
        foreach (ClassroomSystem system in systems)
        {
            Terminal.Note($"packages for {system.Name} …");
            foreach (string project in Programs(workspace, files).Prepend("ElectraNotebooks.sln"))
            {
                // A building machine of that system has its own host of programs in its SDK.
                string[] what = [project, $"-p:RuntimeIdentifier={system.Rid}", "-p:UseAppHost=false", "-p:NuGetAudit=false"];
                Dotnet(["restore", .. what, "-v:quiet"], $"the packages for {system.Rid}");
                string place = project.EndsWith(".sln", StringComparison.Ordinal) ? workspace
                    : Dotnet(["build", project, "-getProperty:MSBuildProjectExtensionsPath"], project).Trim();
                foreach (string restored in Directory.EnumerateFiles(place, "project.nuget.cache", SearchOption.AllDirectories))
                {
                    using JsonDocument cache = JsonDocument.Parse(File.ReadAllBytes(restored));
                    foreach (JsonElement hash in cache.RootElement.GetProperty("expectedPackageFiles").EnumerateArray())
                    {
                        Add(hash.GetString()![..^".sha512".Length]);
                    }
                }
            }
        }

        if (File.Exists(Path.Combine(workspace, Tools)))
        {
            Terminal.Note("tools …");
            Dotnet(["tool", "restore"], "the tools");
            string folder = Dotnet(["nuget", "locals", "global-packages", "--list"], "the packages folder").Split(": ", 2)[1].Trim();
            using JsonDocument tools = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(workspace, Tools)));
            foreach (JsonProperty tool in tools.RootElement.GetProperty("tools").EnumerateObject())
            {
                string id = tool.Name.ToLowerInvariant();
                string version = tool.Value.GetProperty("version").GetString()!.ToLowerInvariant();
                Add(Path.Combine(folder, id, version, $"{id}.{version}.nupkg"));
            }
        }

        return [.. found.Values];

        void Add(string path)
        {
            var file = new FileInfo(path);
            InputException.ThrowUnless(file.Exists, $"The packages folder has no {path}; delete {file.DirectoryName} and try again.");
            found[file.Name] = file;
        }

        string Dotnet(string[] arguments, string what)
        {
            var (code, output) = Child.Run("dotnet", arguments, workspace, cancellation);
            InputException.ThrowUnless(code == 0, $"{char.ToUpperInvariant(what[0])}{what[1..]} cannot be restored " +
                $"({Reason(output)}); connect this machine to the network, or leave the system out of --systems.");
            return output;
        }
    }

    /// <summary>Programs of one file, one of each kind: what is downloaded is said by the folder and the lines at the top.</summary>
    private static IEnumerable<string> Programs(string workspace, string[] files) => files
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
        .Select(file => (file, Lines: string.Join('\n', File.ReadLines(Path.Combine(workspace, file))
            .TakeWhile(line => line.Length == 0 || line[0] is '#' or '/')
            .Where(line => line.StartsWith("#:", StringComparison.Ordinal)))))
        .Where(program => program.Lines.Length > 0)
        .DistinctBy(program => (Path.GetDirectoryName(program.file), program.Lines)).Select(program => program.file);

    private static string Reason(string output) =>
        Error().Match(output) is { Success: true } error ? error.Groups[1].Value.TrimEnd('.', ' ')
        : output.Trim().Split('\n')[0] is { Length: > 0 } line ? line.TrimEnd('.', '\r') : "dotnet does not say why";

    [GeneratedRegex(@"\berror (NU\d+: [^\r\n\[]*)")]
    private static partial Regex Error();
}
