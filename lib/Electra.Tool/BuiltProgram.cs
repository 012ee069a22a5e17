using System.IO.Enumeration;

namespace Electra.Tool;

/// <summary>
/// Whether the program is as new as what it is built from: what the scripts <c>electra</c> and <c>electra.cmd</c> ask before they start it.
/// A build leaves a file that names its libtorch and its sources, and that is as old as the beginning of that build (Electra.Tool.csproj).
/// </summary>
internal static class BuiltProgram
{
    /// <summary>The one argument with which the program answers by its exit code, 0 or 1, and does nothing else.</summary>
    public const string Question = "--up-to-date";

    /// <summary>What a build leaves beside the program.</summary>
    public const string FileName = "electra.built";

    private static readonly string[] SettingsOfAll = ["Directory.Build.props", "Directory.Packages.props", "global.json"];
    private static readonly string[] NotBuilt = ["tests", "benchmarks", "examples", "cluster"]; // nothing that the program refers to

    /// <summary>Whether no source is newer than the build, none is gone and none has come.</summary>
    /// <param name="root">The clone.</param>
    /// <param name="folder">The folder of the built program.</param>
    public static bool IsUpToDate(string root, string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return false;
        }

        DateTime began = File.GetLastWriteTimeUtc(file);
        var known = Sources(folder);
        int found = 0;
        foreach (var (name, written) in Found(root))
        {
            if (written > began || !known.Contains(name))
            {
                return false;
            }

            found++;
        }

        return found == known.Count && SettingsOfAll.All(name => File.GetLastWriteTimeUtc(Path.Combine(root, name)) <= began);
    }

    /// <summary>The libraries in <c>lib/bin</c>, which notebooks load, that are older than a source of theirs.</summary>
    /// <param name="root">The clone.</param>
    /// <returns>Their names; null where the folder has none of them.</returns>
    public static IReadOnlyList<string>? StaleForNotebooks(string root)
    {
        var built = Found(root).GroupBy(source => source.Name.Split(Path.DirectorySeparatorChar)[0], source => source.Written)
            .Select(library => (Name: library.Key, Newest: library.Max(), File: Path.Combine(root, "lib", "bin", $"{library.Key}.dll")))
            .Where(library => File.Exists(library.File)).ToList();
        return built.Count == 0
            ? null
            : [.. built.Where(library => File.GetLastWriteTimeUtc(library.File) < library.Newest).Select(library => library.Name)];
    }

    /// <summary>The sources that a build says it was made of, as paths in <c>lib</c>.</summary>
    public static IReadOnlySet<string> Sources(string folder) => File.ReadLines(Path.Combine(folder, FileName)).Skip(1).ToHashSet();

    /// <summary>The sources that are there, as paths in <c>lib</c>, and when each was written.</summary>
    public static IEnumerable<(string Name, DateTime Written)> Found(string root)
    {
        string lib = Path.Combine(root, "lib");
        return new FileSystemEnumerable<(string, DateTime)>(
            lib, (ref entry) => (Path.GetRelativePath(lib, entry.ToFullPath()), entry.LastWriteTimeUtc.UtcDateTime),
            new EnumerationOptions { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && !entry.FileName.EndsWith(".md", StringComparison.Ordinal),
            ShouldRecursePredicate = (ref entry) => entry.FileName is not ("bin" or "obj")
                && !(entry.Directory.Length == lib.Length && NotBuilt.Contains(entry.FileName.ToString())),
        };
    }
}
