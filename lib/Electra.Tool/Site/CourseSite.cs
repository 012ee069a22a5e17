using System.Net;
using System.Text;
using Electra.Tool.Edition;
using NotebookKernel;

namespace Electra.Tool.Site;

/// <summary>
/// The course as pages that ask for nothing: a page for each notebook with its stored outputs, a list of lessons in each language, and the
/// course's Markdown. The same notebooks give the same bytes.
/// </summary>
internal sealed class CourseSite
{
    private const string Name = "ElectraNotebooks";
    private const string Solutions = "solutions/";
    private const string Style = "course.css";
    private const int FewestContents = 3; // headings, before a page gets a list of them

    private readonly SitePictures _pictures = new();
    private readonly SiteLinks _links;
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _titles = []; // by address
    private readonly string _root;

    private CourseSite(KoreanEdition edition, string? repository)
    {
        _links = new(edition, _pictures, repository);
        _root = Path.GetDirectoryName(edition.Course) ?? edition.Course;
    }

    /// <summary>All files, by address: with slashes, from the site's folder.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>How many of them are pages.</summary>
    public int Pages => _files.Keys.Count(address => address.EndsWith(".html", StringComparison.Ordinal));

    /// <summary>How many of them are pictures.</summary>
    public int Pictures => _pictures.Files.Count;

    /// <summary>Makes the pages of a course.</summary>
    /// <param name="course">The folder of the English notebooks; its Korean edition is taken too, where it has one.</param>
    /// <param name="repository">Where the project's files can be read, for links to what is no page; null: these are texts.</param>
    /// <exception cref="InputException">There is no notebook, or a formula cannot be written as MathML.</exception>
    /// <exception cref="NotebookException">A file is not a notebook.</exception>
    public static CourseSite Of(string course, string? repository = null)
    {
        InputException.ThrowUnless(Directory.Exists(course), $"{course} is no folder; give that of the English notebooks.");
        var edition = new KoreanEdition(course);
        InputException.ThrowUnless(edition.Originals.Count > 0, $"There is no notebook in {course}; give the folder of the course.");
        var site = new CourseSite(edition, repository);
        using var colours = new CodeColours();
        SitePage[] pages = [.. site._links.Pages];
        var notebooks = pages.Where(page => page.IsNotebook).ToDictionary(page => page, page => Notebook.Load(page.Source));
        var texts = pages.Where(page => !page.IsNotebook).ToDictionary(page => page, page => File.ReadAllText(page.Source));
        foreach (SitePage page in pages)
        {
            IEnumerable<Heading> headings = page.IsNotebook
                ? notebooks[page].Cells.SelectMany(cell => cell.Headings)
                : new MarkdownText(texts[page]).Headings;
            site._titles[page.Address] = headings.FirstOrDefault(heading => heading.Level == 1)?.Text
                ?? Path.GetFileNameWithoutExtension(page.Source);
        }

        foreach (var (page, notebook) in notebooks)
        {
            site.AddNotebook(page, notebook, colours);
        }

        foreach (var (page, text) in texts)
        {
            var markdown = new SiteMarkdown(site._links, site._pictures, page);
            site.AddPage(page, markdown.Html(text, KoreanEdition.Show(page.Source), withoutNavigation: true), markdown.Contents);
        }

        site.AddIndex(false, notebooks, texts);
        if (site._links.HasKorean)
        {
            site.AddIndex(true, notebooks, texts);
        }

        foreach (var (address, content) in site._pictures.Files)
        {
            site._files[address] = content;
        }

        using Stream style = typeof(CourseSite).Assembly.GetManifestResourceStream(Style)!;
        using var reader = new StreamReader(style);
        site.Add(Style, reader.ReadToEnd());
        return site;
    }

    /// <summary>Writes all files beside their folder and renames it.</summary>
    /// <param name="folder">One that is not there, or is empty.</param>
    /// <exception cref="InputException">It has something in it, or cannot be written.</exception>
    public void Write(string folder)
    {
        CheckEmpty(folder);
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string beside = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            foreach (var (address, content) in _files)
            {
                string file = Path.Combine(beside, address);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, content);
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target); // an empty one
            }

            Directory.Move(beside, target);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException(
                $"{folder} cannot be written ({e.Message.TrimEnd('.')}); choose another folder or free some space.", e);
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    /// <summary>Throws when a folder has something in it, which would be mixed with the pages, or cannot be made.</summary>
    /// <exception cref="InputException">So it is.</exception>
    public static void CheckEmpty(string folder)
    {
        Place.CheckFolder(folder);
        InputException.ThrowUnless(!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any(),
            $"{folder} has files in it, and nothing is overwritten; name a new folder, or delete this one first.");
    }

    private static SiteWords Words(bool isKorean) => isKorean ? SiteWords.Korean : SiteWords.English;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private void Add(string address, string text) => _files[address] = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));

    private void AddNotebook(SitePage page, Notebook notebook, CodeColours colours)
    {
        var markdown = new SiteMarkdown(_links, _pictures, page);
        var outputs = new SiteOutputs(_pictures, page.Address);
        var html = new StringBuilder();
        string file = KoreanEdition.Show(page.Source);
        foreach (NotebookCell cell in notebook.Cells)
        {
            if (cell.Kind == "markdown")
            {
                bool isEdge = cell.Number == 1 || cell.Number == notebook.Cells.Count;
                html.Append(markdown.Html(cell.Source, $"{file}, cell {cell.Number}", withoutNavigation: isEdge));
            }
            else
            {
                string source = cell.Source.ReplaceLineEndings("\n");
                string code = cell.IsCode && cell.Language == "csharp" ? colours.Html(source) : Encode(source);
                html.Append($"<div class=\"cell\">\n<pre class=\"code\" tabindex=\"0\"><code>{code}</code></pre>\n")
                    .Append(outputs.Html(cell)).Append("</div>\n");
            }
        }

        AddPage(page, html.ToString(), markdown.Contents);
    }

    private void AddPage(SitePage page, string text, List<(string Id, string Title)> contents)
    {
        SiteWords words = Words(page.IsKorean);
        string ways = page.IsNotebook ? Ways(page, words) : "";
        var html = new StringBuilder(ways);
        const string TitleEnd = "</h1>";
        int place = text.IndexOf(TitleEnd, StringComparison.Ordinal) is >= 0 and int at ? at + TitleEnd.Length : 0;
        html.Append(text[..place]);
        if (contents.Count >= FewestContents)
        {
            html.Append($"\n<details class=\"contents\"><summary>{words.Contents}</summary>\n<ul>\n")
                .AppendJoin("", contents.Select(one => $"<li><a href=\"#{Encode(one.Id)}\">{Encode(one.Title)}</a></li>\n"))
                .Append("</ul>\n</details>");
        }

        html.Append(text[place..]).Append(ways);
        if (page.IsNotebook)
        {
            string file = Path.GetRelativePath(_root, page.Source).Replace('\\', '/');
            html.Append($"<footer><p>{words.Notebook} <code>{Encode(file)}</code>.</p></footer>\n");
        }

        SitePage? other = _links.Counterpart(page);
        string switched = other?.Address ?? (_links.HasKorean ? SiteLinks.Index(!page.IsKorean) : "");
        Frame(page.Address, page.IsKorean, $"{_titles[page.Address]} · {Name}", switched, html.ToString());
    }

    /// <summary>Previous, next, and the lesson's solutions or the solutions' lesson.</summary>
    private string Ways(SitePage page, SiteWords words)
    {
        string folder = Folder(page.Address);
        SitePage[] row = [.. _links.Pages.Where(one => one.IsNotebook && one.IsKorean == page.IsKorean && Folder(one.Address) == folder)];
        int place = Array.IndexOf(row, page);
        SitePage? pair = Pair(page);
        return "<nav class=\"ways\">\n"
            + (place > 0 ? Way(row[place - 1], $"←\u00A0{_titles[row[place - 1].Address]}", "prev") : "<span></span>\n")
            + (pair is null ? "" : Way(pair, IsSolution(pair) ? words.Solutions : words.Lesson))
            + (place < row.Length - 1 ? Way(row[place + 1], $"{_titles[row[place + 1].Address]}\u00A0→", "next") : "<span></span>\n")
            + "</nav>\n";

        string Way(SitePage to, string title, string kind = "") =>
            $"<a{(kind.Length > 0 ? $" rel=\"{kind}\"" : "")} href=\"{SiteLinks.Between(page.Address, to.Address)}\">{Encode(title)}</a>\n";
    }

    /// <summary>A lesson's solutions, a solution's lesson, or null.</summary>
    private SitePage? Pair(SitePage page)
    {
        string folder = Folder(page.Address);
        string address = (IsSolution(page) ? folder[..^Solutions.Length] : folder + Solutions) + page.Address[folder.Length..];
        return _links.Pages.FirstOrDefault(one => one.Address == address && one.IsNotebook);
    }

    private static bool IsSolution(SitePage page) => Folder(page.Address).EndsWith(Solutions, StringComparison.Ordinal);

    private static string Folder(string address) => address[..(address.LastIndexOf('/') + 1)];

    private void AddIndex(bool isKorean, Dictionary<SitePage, Notebook> notebooks, Dictionary<SitePage, string> texts)
    {
        SiteWords words = Words(isKorean);
        string address = SiteLinks.Index(isKorean);
        var html = new StringBuilder($"<h1>{Name}</h1>\n");
        if (texts.FirstOrDefault(one => one.Key.IsKorean == isKorean && Path.GetFileName(one.Key.Address) == "teachers.html") is
            { Key: { } readme, Value: { } text })
        {
            var markdown = new SiteMarkdown(_links, _pictures, readme with { Address = address });
            string place = KoreanEdition.Show(readme.Source);
            html.Append(markdown.Summary(text, place, withLinks: true)).Append(markdown.Picture(text, place));
        }

        html.Append($"<h2>{words.Lessons}</h2>\n<ol class=\"lessons\">\n");
        string folder = isKorean ? "ko/" : "";
        foreach (var (page, notebook) in notebooks.Where(one => one.Key.IsKorean == isKorean && Folder(one.Key.Address) == folder))
        {
            var markdown = new SiteMarkdown(_links, _pictures, page with { Address = address });
            NotebookCell first = notebook.Cells[0];
            html.Append($"<li><h3><a href=\"{SiteLinks.Between(address, page.Address)}\">{Encode(_titles[page.Address])}</a></h3>\n")
                .Append(first.Kind == "markdown" ? markdown.Summary(first.Source, $"{KoreanEdition.Show(page.Source)}, cell 1") : "");
            if (Pair(page) is { } pair)
            {
                html.Append($"<p><a href=\"{SiteLinks.Between(address, pair.Address)}\">{words.Solutions}</a></p>\n");
            }

            html.Append("</li>\n");
        }

        Frame(address, isKorean, Name, _links.HasKorean ? SiteLinks.Index(!isKorean) : "", html.Append("</ol>\n").ToString());
    }

    private void Frame(string address, bool isKorean, string title, string switched, string main)
    {
        SiteWords words = Words(isKorean);
        var html = new StringBuilder();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)}</title>
            <link rel="stylesheet" href="{SiteLinks.Between(address, Style)}">
            </head>
            <body>
            <a class="skip" href="#main">{words.Skip}</a>
            <header class="top"><div>
            <a class="brand" href="{SiteLinks.Between(address, SiteLinks.Index(isKorean))}">{Name}</a>
            <nav>

            """);
        Item(SiteLinks.Index(isKorean), words.Lessons);
        foreach (SitePage page in _links.Pages.Where(one => !one.IsNotebook && one.IsKorean == isKorean))
        {
            Item(page.Address, words.Own(_titles[page.Address]));
        }

        if (switched.Length > 0)
        {
            string other = Words(!isKorean).Language;
            html.Append($"<a class=\"language\" lang=\"{other}\" hreflang=\"{other}\" rel=\"alternate\" " +
                $"href=\"{SiteLinks.Between(address, switched)}\">{words.Other}</a>\n");
        }

        Add(address, html.Append($"</nav>\n</div></header>\n<main id=\"main\">\n{main}</main>\n</body>\n</html>\n").ToString());

        void Item(string to, string label) => html.Append(
            $"<a href=\"{SiteLinks.Between(address, to)}\"{(to == address ? " aria-current=\"page\"" : "")}>{Encode(label)}</a>\n");
    }
}
