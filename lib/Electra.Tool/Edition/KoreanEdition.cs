using System.Security.Cryptography;
using System.Text;
using NotebookKernel;

namespace Electra.Tool.Edition;

/// <summary>
/// The Korean edition of a folder of notebooks: below <c>ko</c> a counterpart of each, with the same code cells and outputs, and Korean
/// Markdown. Paths are full ones.
/// </summary>
/// <param name="course">The folder of the English notebooks.</param>
internal sealed class KoreanEdition(string course)
{
    /// <summary>The language, and the name of the folder.</summary>
    public const string Language = "ko";

    /// <summary>The folder of the English notebooks.</summary>
    public string Course { get; } = Path.GetFullPath(course);

    /// <summary>The folder of the Korean ones.</summary>
    public string Folder => Path.Combine(Course, Language);

    /// <summary>The English notebooks, relative to the course, in order.</summary>
    public IReadOnlyList<string> Originals => [.. Below(Course).Where(relative => !IsBelow(Language, relative))];

    /// <summary>The Korean notebooks, relative to the edition, in order.</summary>
    public IReadOnlyList<string> Counterparts => Below(Folder);

    /// <summary>The edition that a notebook belongs to, or has beside it; null where there is none.</summary>
    /// <param name="notebook">A notebook of either language, in its course's folder or one folder below.</param>
    public static KoreanEdition? Of(string notebook)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(notebook));
        string? above = Path.GetDirectoryName(folder);
        string? course = ((string?[])[folder, above]).Select(one => Path.GetFileName(one) == Language ? Path.GetDirectoryName(one) : one)
            .FirstOrDefault(one => HasNotebooks(one) && (Below(Path.Combine(one!, Language)).Length > 0));
        return course is null ? null : new(course);

        static bool HasNotebooks(string? folder) => folder is not null && Directory.EnumerateFiles(folder, "*.ipynb").Any();
    }

    /// <summary>
    /// The notebooks among files and folders without those of the Korean edition, which are run where they are named: their code is proven
    /// to be that of the English ones.
    /// </summary>
    /// <param name="paths">Notebook files, and folders that are searched through.</param>
    /// <returns>Paths of .ipynb files.</returns>
    /// <exception cref="NotebookException">A path does not exist, or there is no notebook at all.</exception>
    public static string[] LeaveOut(IEnumerable<string> paths)
    {
        string[] named = [.. paths];
        string[] found = [.. named.SelectMany(path => NotebookRunner.Find([path]).Where(file => !IsLeftOut(path, file)))];
        return found.Length > 0 ? found : throw new NotebookException($"There is no notebook in {string.Join(", ", named)}.");

        // Who names a folder that the course is in means the course.
        static bool IsLeftOut(string path, string file) => Of(file) is { } edition
            && IsBelow(Language, Path.GetRelativePath(edition.Course, Path.GetFullPath(file)))
            && !IsBelow("..", Path.GetRelativePath(Path.GetFullPath(path), edition.Course));
    }

    /// <summary>The path of an English notebook.</summary>
    public string Original(string relative) => Path.Combine(Course, relative);

    /// <summary>The path of a Korean notebook.</summary>
    public string Counterpart(string relative) => Path.Combine(Folder, relative);

    /// <summary>A path as one writes it in the current folder.</summary>
    public static string Show(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var near && near.StartsWith("..", StringComparison.Ordinal)
            ? path
            : near;

    /// <summary>What a Korean cell keeps of the English text that it says the same as: eight digits.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static string[] Below(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.ipynb", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)]
        : [];

    private static bool IsBelow(string folder, string relative) =>
        relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)[0] == folder;
}
