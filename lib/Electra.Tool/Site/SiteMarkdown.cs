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

/// <summary>Markdown of one page as HTML: Markdig's, with the site's links, pictures of a size, tables that scroll, and MathML.</summary>
internal sealed partial class SiteMarkdown
{
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
                block.GetAttributes().AddClass("figure");
                block.GetAttributes().AddProperty("tabindex", "0");
            }
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

    /// <summary>The first paragraph below the title, without its links; empty where there is none.</summary>
    public string Summary(string text, string place)
    {
        MarkdownDocument document = Parse(text);
        ParagraphBlock? first = document.SkipWhile(block => block is not HeadingBlock).OfType<ParagraphBlock>()
            .FirstOrDefault(paragraph => !IsNavigation(paragraph) && paragraph.Inline?.FirstChild is not LinkInline { IsImage: true });
        return first is null ? "" : Link().Replace(Written(first, place), "$1");
    }

    /// <summary>The first picture of a text, or null.</summary>
    public string? Picture(string text, string place)
    {
        LinkInline? picture = Parse(text).Descendants<LinkInline>().FirstOrDefault(link => link.IsImage);
        return picture is null ? null : $"<p class=\"figure\" tabindex=\"0\">{Written(picture, place)}</p>\n";
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
        return ElsewhereLink().Replace(writer.ToString(), "<span class=\"elsewhere\" title=\"$1\">$2</span>");
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
            renderer.Write("<div class=\"wide\" tabindex=\"0\">");
            base.Write(renderer, table);
            renderer.Write("</div>\n");
        }
    }

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

    [GeneratedRegex("""<a [^>]*>(.*?)</a>""", RegexOptions.Singleline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?!\w+:)[^#]*\.html$")]
    private static partial Regex PageLink();
}
