using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookKernel;

namespace Electra.Tool.Site;

/// <summary>
/// Markdown of one page as HTML: Markdig's, with the site's links, pictures of a size, tables that scroll or become cards on a telephone,
/// code and numbers that no line's end parts, and MathML.
/// </summary>
internal sealed partial class SiteMarkdown
{
    private const int ShortCode = 16; // columns of code that stays in one line
    private const int LongestWord = 28; // columns of a word of code that a narrow line surely has room for
    private const int FewestCards = 3; // columns of a table whose rows become cards where they are wider than a telephone
    private const int LongTitle = 20; // characters of a first cell that make cards of two columns too
    private const int TelephoneColumns = 44; // characters beside each other on a telephone

    private static readonly MarkdownPipeline Pipeline = Build();

    private readonly SiteLinks _links;
    private readonly SitePictures _pictures;
    private readonly SitePage _page;
    private readonly HashSet<string> _ids = [];

    /// <summary>Begins a page.</summary>
    /// <param name="links">Where links lead.</param>
    /// <param name="pictures">What pictures there are.</param>
    /// <param name="page">The page.</param>
    public SiteMarkdown(SiteLinks links, SitePictures pictures, SitePage page) => (_links, _pictures, _page) = (links, pictures, page);

    /// <summary>Headings of the second level so far: what a list of contents has.</summary>
    public List<(string Id, string Title)> Contents { get; } = [];

    /// <summary>A whole text.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="place">What an error names: file and cell.</param>
    /// <param name="withoutNavigation">Whether paragraphs of nothing but links to pages are left out: the frame has them.</param>
    /// <exception cref="InputException">A formula cannot be written as MathML.</exception>
    public string Html(string text, string place, bool withoutNavigation = false)
    {
        MarkdownDocument document = Parse(text);
        foreach (Block block in document.ToArray())
        {
            if (withoutNavigation && block is ParagraphBlock paragraph && IsNavigation(paragraph))
            {
                document.Remove(block);
            }
            else if (block is ParagraphBlock { Inline: { FirstChild: LinkInline { IsImage: true } } inlines }
                && inlines.FirstChild == inlines.LastChild)
            {
                block.GetAttributes().AddClass(FigureClass(inlines.FirstChild is LinkInline { Url: { } url } ? PictureAt(url) : null));
                block.GetAttributes().AddProperty("tabindex", "0");
            }
        }

        foreach (Table table in document.Descendants<Table>())
        {
            Describe(table);
        }

        foreach (HeadingBlock heading in document.Descendants<HeadingBlock>())
        {
            string title = PlainText(heading.Inline);
            HtmlAttributes attributes = heading.GetAttributes();
            string id = attributes.Id is { Length: > 0 } own ? own : "section";
            for (int number = 1; !_ids.Add(id); number++)
            {
                id = $"{attributes.Id}-{number}";
            }

            attributes.Id = id;
            if (heading.Level == 2)
            {
                Contents.Add((id, title));
            }
        }

        return Written(document, place);
    }

    /// <summary>The first paragraph below the title; empty where there is none.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="place">What an error names.</param>
    /// <param name="withLinks">Whether its links are links here too.</param>
    public string Summary(string text, string place, bool withLinks = false)
    {
        MarkdownDocument document = Parse(text);
        ParagraphBlock? first = document.SkipWhile(block => block is not HeadingBlock).OfType<ParagraphBlock>()
            .FirstOrDefault(paragraph => !IsNavigation(paragraph) && paragraph.Inline?.FirstChild is not LinkInline { IsImage: true });
        return first is null ? "" : withLinks ? Written(first, place) : Link().Replace(Written(first, place), "$1");
    }

    /// <summary>The first picture of a text, or null.</summary>
    public string? Picture(string text, string place)
    {
        LinkInline? picture = Parse(text).Descendants<LinkInline>().FirstOrDefault(link => link.IsImage);
        return picture is null ? null
            : $"<p class=\"{FigureClass(PictureAt(picture.Url ?? ""))}\" tabindex=\"0\">{Written(picture, place)}</p>\n";
    }

    /// <summary>The class of a picture's box: <c>swipe</c> where the picture is wider than a telephone.</summary>
    public static string FigureClass(SitePicture? picture) =>
        picture is { Width: > SitePicture.Telephone and not SitePicture.DrawnForTelephone } ? "figure swipe" : "figure";

    /// <summary>A table's parts say what they are, as a style sheet may show rows as cards: roles, and the column of each cell.</summary>
    private static void Describe(Table table)
    {
        string[] columns = [.. table.OfType<TableRow>().Where(row => row.IsHeader)
            .SelectMany(row => row.OfType<TableCell>().Select(cell => PlainText(cell.OfType<ParagraphBlock>().FirstOrDefault()?.Inline)))];
        int[] widths = [.. columns.Select((name, column) => table.OfType<TableRow>().Where(row => !row.IsHeader && column < row.Count)
            .Select(row => PlainText(((TableCell)row[column]).OfType<ParagraphBlock>().FirstOrDefault()?.Inline).Length)
            .Append(name.Length).Max() + 2)];
        if (widths.Sum() <= TelephoneColumns || (columns.Length < FewestCards && widths[0] <= LongTitle))
        {
            return;
        }

        table.GetAttributes().AddProperty("role", "table");
        foreach (TableRow row in table.OfType<TableRow>())
        {
            row.GetAttributes().AddProperty("role", "row");
            foreach (var (column, cell) in row.OfType<TableCell>().Index())
            {
                cell.GetAttributes().AddProperty("role", row.IsHeader ? "columnheader" : "cell");
                if (!row.IsHeader && column < columns.Length)
                {
                    cell.GetAttributes().AddProperty("data-label", columns[column]);
                }
            }
        }
    }

    private static MarkdownPipeline Build()
    {
        MarkdownPipelineBuilder builder = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub);
        builder.InlineParsers.Insert(0, new FormulaParser());
        return builder.Build();
    }

    private MarkdownDocument Parse(string text)
    {
        var markdown = new MarkdownText(text.ReplaceLineEndings("\n"));
        return Markdown.Parse(
            markdown.WithLinks(link => _links.Resolve(link, _page.Source, _page.Address, _page.IsKorean)), Pipeline);
    }

    private string Written(MarkdownObject part, string place)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Add(new Formulas(place));
        renderer.ObjectRenderers.Replace<HtmlTableRenderer>(new Tables());
        renderer.ObjectRenderers.Replace<LinkInlineRenderer>(new Pictures(this));
        renderer.Render(part);
        string html = ElsewhereLink().Replace(writer.ToString(), link => Elsewhere(link.Groups[1].Value, link.Groups[2].Value));
        return Formula().Replace(WithoutTornEnds(InlineCode().Replace(html, code => WithWholeWords(code.Groups[1].Value))),
            "<span class=\"whole\">$0</span>");
    }

    // A line ends neither within a number or a shape, nor before a particle: a browser would where a bracket or code comes before it.
    private static string WithoutTornEnds(string html) => Particle().Replace(
        Parts().Replace(html, part => part.Groups["text"].Success
            ? Exponent().Replace(NumberBlank().Replace(part.Value, "\u00A0"), "\u2011")
            : part.Value),
        part => part.Groups["end"].Success ? part.Value + "\u2060" : part.Value);

    // What lies in the workspace only is no link; where its name is not what one reads, it stands behind that.
    private static string Elsewhere(string path, string html) =>
        $"<span class=\"elsewhere\" title=\"{path}\">{html}</span>"
            + (html.Contains("<code", StringComparison.Ordinal) || path.StartsWith(html.Split(',')[0], StringComparison.Ordinal)
                ? ""
                : $" <span class=\"path\">[{path}]</span>");

    // Code whose words stay in one line, where a line has room for them: a browser would end a line behind any hyphen.
    private static string WithWholeWords(string html)
    {
        return Columns(html) <= ShortCode
            ? $"<code class=\"whole\">{html}</code>"
            : $"<code>{string.Join(' ', html.Split(' ').Select(word => Columns(word) <= LongestWord && !word.All(char.IsAsciiLetterOrDigit)
                ? $"<span class=\"whole\">{word}</span>" : word))}</code>";

        // Hangul and what is as wide takes two.
        static int Columns(string html) => WebUtility.HtmlDecode(html).Sum(c => c >= '\u1100' ? 2 : 1);
    }

    private static bool IsNavigation(ParagraphBlock paragraph)
    {
        Inline[] parts = [.. paragraph.Inline ?? Enumerable.Empty<Inline>()];
        return parts.Any(part => part is LinkInline) && parts.All(part => part switch
        {
            LinkInline { IsImage: false, Url: { } url } => PageLink().IsMatch(url),
            LiteralInline literal => literal.Content.ToString().All(c => c is ' ' or '|' or '←' or '→'),
            _ => false,
        });
    }

    private static string PlainText(ContainerInline? inlines) => string.Concat((inlines?.Descendants() ?? []).Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        MathInline formula => formula.Content.ToString(),
        _ => "",
    }));

    private static string Formula(string tex, bool isBlock, string place)
    {
        try
        {
            return MathMl.Of(tex, isBlock);
        }
        catch (FormatException e)
        {
            throw new InputException(
                $"{place}: the formula {tex.ReplaceLineEndings(" ").Trim()} has {e.Message}, which is not written as MathML; write it " +
                "otherwise, or add it to MathMl.cs.", e);
        }
    }

    private sealed class Formulas(string place) : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline formula)
        {
            string mathMl = Formula(formula.Content.ToString(), formula.DelimiterCount == 2, place);
            renderer.Write(formula.DelimiterCount == 2 ? $"<span class=\"formula\" tabindex=\"0\">{mathMl}</span>" : mathMl);
        }
    }

    /// <summary>
    /// <c>$…$</c> and <c>$$…$$</c>. Markdig's own parser wants no letter behind a formula, where Korean particles stand.
    /// </summary>
    private sealed class FormulaParser : InlineParser
    {
        public FormulaParser() => OpeningCharacters = ['$'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            string fence = slice.PeekChar() == '$' ? "$$" : "$";
            int start = slice.Start + fence.Length;
            int end = start > slice.End ? -1 : slice.Text.IndexOf(fence, start, slice.End + 1 - start, StringComparison.Ordinal);
            if (end <= start || (fence == "$" && (char.IsWhiteSpace(slice.Text[start]) || char.IsWhiteSpace(slice.Text[end - 1]))))
            {
                return false;
            }

            processor.Inline = new MathInline
            {
                DelimiterCount = fence.Length,
                Content = new StringSlice(slice.Text, start, end - 1),
            };
            slice.Start = end + fence.Length;
            return true;
        }
    }

    private sealed class Tables : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            bool isCards = table.TryGetAttributes()?.Properties?.Any(property => property.Key == "role") == true;
            renderer.Write(isCards ? "<div class=\"wide cards\" tabindex=\"0\">" : "<div class=\"wide\" tabindex=\"0\">");
            base.Write(renderer, table);
            renderer.Write("</div>\n");
        }
    }

    /// <summary>Texts whose numbers keep the sign before and the % behind them in their line, and whose shapes stay whole.</summary>
    /// <summary>Links as Markdig writes them, pictures with their sizes, so that nothing jumps while they load.</summary>
    private sealed class Pictures(SiteMarkdown owner) : LinkInlineRenderer
    {
        protected override void Write(HtmlRenderer renderer, LinkInline link)
        {
            if (!link.IsImage || link.Url is null || owner.PictureAt(link.Url) is not { } picture)
            {
                base.Write(renderer, link);
                return;
            }

            renderer.Write(Image(link.Url, picture, PlainText(link)));
        }
    }

    /// <summary>An element <c>img</c>.</summary>
    public static string Image(string address, SitePicture picture, string text) =>
        $"<img src=\"{WebUtility.HtmlEncode(address)}\" alt=\"{WebUtility.HtmlEncode(text)}\"" +
        (picture is { Width: > 0, Height: > 0 } ? $" width=\"{picture.Width}\" height=\"{picture.Height}\"" : "") +
        " loading=\"lazy\">";

    private SitePicture? PictureAt(string url) => _pictures.At(
        Uri.UnescapeDataString(new Uri(new Uri($"http://site/{_page.Address}"), url).AbsolutePath).TrimStart('/'));

    [GeneratedRegex($"""<a href="{SiteLinks.Elsewhere}([^"#]*)[^"]*">(.*?)</a>""", RegexOptions.Singleline)]
    private static partial Regex ElsewhereLink();

    [GeneratedRegex("(?<!<pre>)<code>([^<]*)</code>")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(?<=±|\bp) (?=\d)|(?<=\d) (?=%)|(?<=\b[A-Z0-9]+) (?=× [A-Z0-9])|(?<=[A-Z0-9] ×) (?=[A-Z0-9])")]
    private static partial Regex NumberBlank();

    [GeneratedRegex("(?<=\\de)-(?=\\d)")]
    private static partial Regex Exponent();

    [GeneratedRegex("<(pre|code|math)\\b.*?</\\1>|<[^>]*>|(?<text>[^<]+)", RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex("<pre.*?</pre>|<annotation.*?</annotation>|<[a-z][^>]*>|(?<end></(code|a|em|strong|math)>|[\\])%∞])(?=[가-힣])",
        RegexOptions.Singleline)]
    private static partial Regex Particle();

    // With its bracket, its stop, or its particle.
    [GeneratedRegex("\\(?<math(?![^>]*block)[^>]*>(?:(?!</math>).)*</math>\u2060?[.,;:!?)가-힣]{1,4}", RegexOptions.Singleline)]
    private static partial Regex Formula();

    [GeneratedRegex("""<a [^>]*>(.*?)</a>""", RegexOptions.Singleline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?!\w+:)[^#]*\.html$")]
    private static partial Regex PageLink();
}
