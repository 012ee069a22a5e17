using System.IO.Enumeration;

namespace Electra.Tool.Classroom;

/// <summary>The files of the project that go along.</summary>
internal static class ClassroomSources
{
    /// <summary>
    /// Those that git tracks, as they lie in the folder; where it is no clone, all that .gitignore does not leave out.
    /// </summary>
    /// <param name="root">The project.</param>
    /// <param name="leftOut">A folder that is not taken, though it may lie in the project.</param>
    /// <param name="isTracked">Whether git was asked.</param>
    /// <returns>Paths with slashes, in order.</returns>
    public static string[] Files(string root, string leftOut, out bool isTracked)
    {
        var (code, output) = Child.Run("git", ["-C", root, "ls-files", "-z"], root, CancellationToken.None);
        string[] tracked = code == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];
        isTracked = tracked.Contains("ElectraNotebooks.sln"); // not so where only a folder around the project is a clone
        IEnumerable<string> files = isTracked ? tracked.Where(file => File.Exists(Path.Combine(root, file))) : Found(root, leftOut);
        return [.. files.Order(StringComparer.Ordinal)];
    }

    private static FileSystemEnumerable<string> Found(string root, string leftOut)
    {
        string file = Path.Combine(root, ".gitignore");
        string[] ignored = [".git/", .. File.Exists(file) ? File.ReadAllLines(file) : []];
        return new FileSystemEnumerable<string>(root, (ref entry) => Relative(ref entry),
            new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }) // no links
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && !IsIgnored(Relative(ref entry)),
            ShouldRecursePredicate = (ref entry) => entry.ToFullPath() != leftOut && !IsIgnored(Relative(ref entry) + "/"),
        };

        string Relative(ref FileSystemEntry entry) => Path.GetRelativePath(root, entry.ToFullPath()).Replace('\\', '/');

        // A pattern with a slash at its beginning is a path, one with a slash at its end a folder: all that this project's .gitignore has.
        bool IsIgnored(string path) => ignored.Any(pattern => Name(pattern) is var name && Name(path) is var start
            && FileSystemName.MatchesSimpleExpression(pattern.AsSpan(name), path.AsSpan(start))
            && (name == 0 || pattern.AsSpan(1, name - 1).SequenceEqual(path.AsSpan(0, start))));

        static int Name(string path) => path.TrimEnd('/').LastIndexOf('/') + 1;
    }
}
