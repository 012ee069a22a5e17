using System.Text.RegularExpressions;
using Electra.Tool.Edition;

namespace Electra.Tool.Site;

/// <summary>A page of the site.</summary>
/// <param name="Source">The full path of the notebook or Markdown file.</param>
/// <param name="IsKorean">Whether it is read in Korean.</param>
/// <param name="Address">Where it goes, from the site's folder, with slashes.</param>
internal sealed record SitePage(string Source, bool IsKorean, string Address)
{
    public bool IsNotebook => Source.EndsWith(".ipynb", StringComparison.Ordinal);
}

/// <summary>Which pages there are, and where the links of their sources lead.</summary>
internal sealed partial class SiteLinks
{
    /// <summary>Begins the address of what is no part of the site.</summary>
    public const string Elsewhere = "elsewhere:";

    private const string Readme = "README.md";

    private readonly KoreanEdition _edition;
    private readonly SitePictures _pictures;
    private readonly string? _repository;
    private readonly string _root;
    private readonly Dictionary<(string Source, bool IsKorean), SitePage> _pages = [];

    /// <summary>Finds the pages.</summary>
    /// <param name="edition">The course.</param>
    /// <param name="pictures">Takes in the pictures that links lead to.</param>
    /// <param name="repository">Where the project's files can be read, or null.</param>
    public SiteLinks(KoreanEdition edition, SitePictures pictures, string? repository)
    {
        (_edition, _pictures, _repository) = (edition, pictures, repository?.TrimEnd('/'));
        _root = Path.GetDirectoryName(edition.Course) ?? edition.Course;
        HasKorean = edition.Counterparts.Count > 0;
        foreach (string notebook in edition.Originals)
        {
            Add(edition.Original(notebook), false, Html(notebook));
        }

        foreach (string notebook in edition.Counterparts)
        {
            Add(edition.Counterpart(notebook), true, $"ko/{Html(notebook)}");
        }

        const string KoreanEnding = ".ko.md";
        foreach (string file in Directory.GetFiles(edition.Course, "*.md").Order(StringComparer.Ordinal)
            .Where(file => !file.EndsWith(KoreanEnding, StringComparison.Ordinal)))
        {
            string page = Path.GetFileName(file) == Readme ? "teachers.html" : Html(Path.GetFileName(file));
            string korean = Path.ChangeExtension(file, KoreanEnding);
            Add(file, false, page);
            if (HasKorean)
            {
                Add(File.Exists(korean) ? korean : file, true, $"ko/{page}");
            }
        }

        static string Html(string relative) => Path.ChangeExtension(relative, ".html").Replace('\\', '/');
    }

    /// <summary>Whether there are Korean pages.</summary>
    public bool HasKorean { get; }

    /// <summary>All pages but the lists of lessons.</summary>
    public IEnumerable<SitePage> Pages => _pages.Values;

    /// <summary>The list of lessons.</summary>
    public static string Index(bool isKorean) => isKorean ? "ko/index.html" : "index.html";

    /// <summary>The page that says the same in the other language, or null.</summary>
    public SitePage? Counterpart(SitePage page)
    {
        string address = page.IsKorean ? page.Address["ko/".Length..] : $"ko/{page.Address}";
        return _pages.Values.FirstOrDefault(other => other.Address == address && other.IsKorean != page.IsKorean);
    }

    /// <summary>A link between two addresses of the site.</summary>
    public static string Between(string from, string to) => string.Join('/',
        Path.GetRelativePath(Path.GetDirectoryName($"/{from}")!, $"/{to}").Split('/', '\\').Select(Uri.EscapeDataString));

    /// <summary>A link of a source, as the page has it.</summary>
    /// <param name="link">The link.</param>
    /// <param name="source">The file that it stands in.</param>
    /// <param name="from">The address of the page.</param>
    /// <param name="isKorean">The language of the page.</param>
    public string Resolve(string link, string source, string from, bool isKorean)
    {
        string[] parts = link.Split('#', 2);
        if (OtherSite().IsMatch(link) || parts[0].Length == 0)
        {
            return link;
        }

        string anchor = parts.Length > 1 ? $"#{parts[1]}" : "";
        string target = Path.TrimEndingDirectorySeparator(
            Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, Uri.UnescapeDataString(parts[0]))));
        bool isNotebook = source.EndsWith(".ipynb", StringComparison.Ordinal);
        SitePage? page = Page(target, isKorean);
        bool isList = Directory.Exists(target) ? IsBelow(_edition.Course, target)
            : isNotebook && anchor.Length == 0 && page is not null && IsReadme(page); // what lessons call all lessons
        string? address = isList ? Index(isKorean || IsBelow(_edition.Folder, target))
            : page is not null ? page.Address
            : SitePictures.IsPicture(target) && File.Exists(target) ? _pictures.Add(target).Address
            : null;
        if (address is not null)
        {
            return Between(from, address) + anchor;
        }

        string relative = string.Join('/', Path.GetRelativePath(_root, target).Split('/', '\\').Select(Uri.EscapeDataString));
        return _repository is null || !IsBelow(_root, target) ? Elsewhere + relative : $"{_repository}/{relative}{anchor}";
    }

    private static bool IsReadme(SitePage page) => Path.GetFileName(page.Address) == "teachers.html";

    private static bool IsBelow(string folder, string path) => Path.GetRelativePath(folder, path) is var relative
        && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative);

    /// <summary>The page of a source, in a language where it is read in both.</summary>
    private SitePage? Page(string source, bool isKorean) =>
        _pages.GetValueOrDefault((source, isKorean)) ?? _pages.GetValueOrDefault((source, !isKorean));

    private void Add(string source, bool isKorean, string address) => _pages[(source, isKorean)] = new(source, isKorean, address);

    [GeneratedRegex(@"^(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)")]
    private static partial Regex OtherSite();
}
