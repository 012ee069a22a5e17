using System.Text.RegularExpressions;
using NotebookKernel;

namespace Electra.Tool.Edition;

/// <summary>Relative links and paths of Korean notebooks: from one folder deeper, and to what is Korean where there is some.</summary>
/// <param name="edition">The edition.</param>
/// <param name="counterparts">The notebooks that it has, or will have when all are written: relative to the course.</param>
internal sealed partial class EditionLinks(KoreanEdition edition, IReadOnlySet<string> counterparts)
{
    private readonly Dictionary<string, string> _anchors = [];

    /// <summary>Code with the paths of <c>#r</c> and <c>#load</c> as they are from one folder deeper.</summary>
    public static string Deeper(string code) => RelativeDirective().Replace(code, directive => $"{directive.Groups[1].Value}../");

    /// <summary>Moves the links of a text into a Korean notebook.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="from">The notebook that the links are relative to.</param>
    /// <param name="relative">The Korean notebook, relative to the edition.</param>
    public string Move(string text, string from, string relative) =>
        new MarkdownText(text).WithLinks(link => MoveLink(link, Folder(from), relative));

    /// <summary>A text whose end leads to the notebook in the other language; as it was where one of its links does already.</summary>
    /// <param name="text">The Markdown of a notebook's first cell.</param>
    /// <param name="relative">The notebook, relative to the course or the edition.</param>
    /// <param name="korean">Whether the text is the Korean one.</param>
    public string WithSwitch(string text, string relative, bool korean)
    {
        string here = korean ? edition.Counterpart(relative) : edition.Original(relative);
        string other = korean ? edition.Original(relative) : edition.Counterpart(relative);
        return new MarkdownText(text).Links.Any(link => Target(link, Folder(here)) == other)
            ? text
            : $"{text}\n\n[{(korean ? "English" : "한국어")}]({Between(here, other)})";
    }

    /// <summary>An English text without the link that <see cref="WithSwitch"/> adds: adding it is no change of the text.</summary>
    public string WithoutSwitch(string text, string relative) => text.Replace(
        $"\n\n[한국어]({Between(edition.Original(relative), edition.Counterpart(relative))})", "", StringComparison.Ordinal);

    private static string Folder(string notebook) => Path.GetDirectoryName(notebook)!;

    /// <summary>The file or folder that a link leads to; null where that is no relative path.</summary>
    private static string? Target(string link, string folder) =>
        link.Split('#', 2)[0] is { Length: > 0 } path && !OtherSite().IsMatch(link) && !Path.IsPathRooted(path)
            ? Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(path)))
            : null;

    private static string Between(string from, string to) =>
        Path.GetRelativePath(Folder(from), to).Replace('\\', '/').Replace(" ", "%20", StringComparison.Ordinal);

    private string MoveLink(string link, string folder, string relative)
    {
        if (Target(link, folder) is not { } target)
        {
            return link;
        }

        string notebook = edition.Counterpart(relative);
        string[] parts = link.Split('#', 2);
        if (target != edition.Original(relative) && Korean(target, parts.ElementAtOrDefault(1)) is var (korean, anchor))
        {
            return Between(notebook, korean) + (anchor is null ? "" : $"#{anchor}");
        }

        return folder == Folder(notebook) ? link : Between(notebook, target) + (parts.Length > 1 ? $"#{parts[1]}" : "");
    }

    /// <summary>What says the same as a file in Korean, and the anchor in it; null where nothing does.</summary>
    private (string File, string? Anchor)? Korean(string target, string? anchor)
    {
        string relative = Path.GetRelativePath(edition.Course, target);
        if (counterparts.Contains(relative))
        {
            return (edition.Counterpart(relative), anchor);
        }

        string ending = Path.GetExtension(target);
        string beside = Path.ChangeExtension(target, $".{KoreanEdition.Language}{ending}"); // README.ko.md
        if (ending == ".md" && File.Exists(beside))
        {
            return anchor is null ? (beside, null) : Anchor(target, beside, anchor) is { } same ? (beside, same) : null;
        }

        string below = Path.Combine(Folder(target), KoreanEdition.Language, Path.GetFileName(target)); // images/ko/map.svg
        return ending == ".svg" && File.Exists(below) ? (below, anchor) : null;
    }

    /// <summary>The anchor of the heading that has the same place in the outline of the Korean page.</summary>
    private string? Anchor(string english, string korean, string anchor)
    {
        string key = $"{english}#{anchor}";
        if (!_anchors.TryGetValue(key, out string? found))
        {
            IReadOnlyList<Heading> from = new MarkdownText(File.ReadAllText(english)).Headings;
            IReadOnlyList<Heading> to = new MarkdownText(File.ReadAllText(korean)).Headings;
            int place = from.Select(AnchorOf).ToList().IndexOf(anchor);
            bool isSame = place >= 0 && from.Select(heading => heading.Level).SequenceEqual(to.Select(heading => heading.Level));
            _anchors[key] = found = isSame ? AnchorOf(to[place]) : "";
        }

        return found.Length > 0 ? found : null;
    }

    // As code-hosting sites make them.
    private static string AnchorOf(Heading heading) => Punctuation().Replace(heading.Text.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^([ \t]*#(?:r|load)[ \t]+"")(?=\.\.?/)", RegexOptions.Multiline)]
    private static partial Regex RelativeDirective();

    [GeneratedRegex(@"^(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)")]
    private static partial Regex OtherSite();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
