using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Electra.Lessons;
using Electra.Pages;
using Electra.Tests;
using Electra.Tool.Site;

namespace Electra.Tool.Tests;

/// <summary>The pages that <c>electra notebooks export</c> writes, of the whole course.</summary>
[Collection(ToolConsole.Name)]
public partial class CourseSiteTests(CourseSiteTests.Exported exported) : IClassFixture<CourseSiteTests.Exported>
{
    private static readonly string Course = Path.Combine(Reference.Root, "notebooks");

    private string Folder => exported.Folder;

    [Fact]
    public void Every_notebook_has_a_page_and_both_languages_have_a_list_of_lessons()
    {
        string[] notebooks = [.. Directory.GetFiles(Course, "*.ipynb", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal))];
        Assert.InRange(notebooks.Length, 20, 1000);
        Assert.All(notebooks, file => Assert.True(File.Exists(PageOf(file)), file));
        foreach (string list in (string[])["index.html", "ko/index.html"])
        {
            string html = File.ReadAllText(Path.Combine(Folder, list));
            Assert.All(Directory.GetFiles(Course, "*.ipynb"),
                file => Assert.Contains($"href=\"{Path.GetFileNameWithoutExtension(file)}.html\"", html, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_link_and_picture_of_every_page_is_there()
    {
        string[] pages = Pages();
        var anchors = pages.ToDictionary(page => page,
            page => Id().Matches(File.ReadAllText(page)).Select(id => id.Groups[1].Value).ToList());
        Assert.All(anchors, page => Assert.Equal(page.Value.Distinct(), page.Value)); // an id stands once
        int links = 0;
        foreach (string page in pages)
        {
            foreach (string link in Address().Matches(File.ReadAllText(page)).Select(link => WebUtility.HtmlDecode(link.Groups[1].Value)))
            {
                if (link.StartsWith("https://", StringComparison.Ordinal))
                {
                    continue;
                }

                string[] parts = link.Split('#', 2);
                string target = parts[0].Length == 0 ? page
                    : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0])));
                Assert.True(File.Exists(target), $"{page}: {link}");
                Assert.True(parts.Length == 1 || anchors[target].Contains(Uri.UnescapeDataString(parts[1])), $"{page}: {link}");
                links++;
            }
        }

        Assert.InRange(links, 2000, int.MaxValue);
    }

    [Fact]
    public void Nothing_is_asked_of_the_network_and_nothing_runs()
    {
        foreach (string file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".html" or ".svg" or ".css"))
        {
            string text = File.ReadAllText(file);
            Assert.DoesNotMatch(@"(?i)<(script|iframe|object|embed|base)\b|javascript:|\son[a-z]+\s*=\s*[""']", Unquoted(text));
            Assert.DoesNotMatch(@"(?i)\b(src|xlink:href)\s*=\s*[""'](https?:)?//|@import|url\(\s*[""']?(https?:)?//", Unquoted(text));
            Assert.DoesNotMatch(@"(?i)<link\b[^>]*href\s*=\s*[""'](https?:)?//", text);
            Assert.DoesNotContain("elsewhere:", text, StringComparison.Ordinal);
        }

        // What the reader sees of code is no markup.
        static string Unquoted(string text) => Code().Replace(text, "");
    }

    [Fact]
    public void A_page_has_all_headings_code_charts_and_printed_lines_of_its_notebook_in_order()
    {
        int headings = 0, charts = 0, prints = 0;
        foreach (string file in Directory.GetFiles(Course, "*.ipynb", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal)))
        {
            string page = PageOf(file);
            string html = File.ReadAllText(page);
            JsonNode[] cells = [.. JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray().Select(cell => cell!)];
            string[] levels = [.. cells.Where(cell => (string)cell["cell_type"]! == "markdown")
                .SelectMany(cell => Lines(cell["source"]!).Split('\n')).Where(line => MarkdownHeading().IsMatch(line))
                .Select(line => $"h{line.TakeWhile(c => c == '#').Count()}")];
            Assert.Equal(levels, HtmlHeading().Matches(html).Select(heading => heading.Groups[1].Value));

            Assert.Equal(cells.Where(cell => (string)cell["cell_type"]! == "code").Select(cell => Lines(cell["source"]!)),
                CellCode().Matches(html).Select(code => WebUtility.HtmlDecode(Tag().Replace(code.Groups[1].Value, ""))));
            JsonNode[] outputs = [.. cells.Where(cell => (string)cell["cell_type"]! == "code")
                .SelectMany(cell => cell["outputs"]!.AsArray()).Select(output => output!)];
            string[] pictures = [.. outputs.Select(output => output["data"]?["image/png"]).OfType<JsonNode>()
                .Select(png => Hash(Convert.FromBase64String(Lines(png))))];
            string[] shown = [.. Image().Matches(html).Select(image => WebUtility.HtmlDecode(image.Groups[1].Value))
                .Where(address => address.EndsWith(".png", StringComparison.Ordinal))
                .Select(address => Hash(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(page)!, address))))];
            Assert.Equal(pictures, shown);
            Assert.All(Image().Matches(html), image => Assert.Matches(@"alt=""[^""]+"" width=""\d+"" height=""\d+""", image.Value));

            Assert.Equal(outputs.Count(output => output["data"]?["text/html"] is not null && output["data"]?["image/png"] is null),
                Shown().Count(html));
            string printed = string.Concat(outputs.Where(output => (string)output["output_type"]! == "stream")
                .Select(output => Lines(output["text"]!)));
            string read = string.Concat(Printed().Matches(html).Select(
                part => $"{WebUtility.HtmlDecode(Tag().Replace(part.Groups[1].Value, ""))}\n"));
            Assert.Equal(Packed(printed), Packed(read));
            headings += levels.Length;
            charts += pictures.Length;
            prints += printed.Length;
        }

        Assert.True(headings > 400 && charts > 40 && prints > 10_000, $"{headings} headings, {charts} charts, {prints} characters");

        static string Packed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
    }

    [Fact]
    public void Inline_code_reads_as_in_its_notebook_whatever_keeps_its_words_whole()
    {
        int all = 0;
        foreach (string file in Directory.GetFiles(Course, "*.ipynb", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal)))
        {
            string text = string.Join("\n\n", JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray()
                .Where(cell => (string)cell!["cell_type"]! == "markdown").Select(cell => Lines(cell!["source"]!)));
            string[] codes = [.. SourceCode().Matches(text).Select(code => code.Value)
                .Where(code => !code.StartsWith("```", StringComparison.Ordinal))
                .Select(code => code[0] == '`' ? code.Trim('`') : WebUtility.HtmlDecode(Tag().Replace(code, "")))];
            string html = Footer().Replace(PreTag().Replace(File.ReadAllText(PageOf(file)), ""), "");
            Assert.Equal(codes, InlineCode().Matches(html)
                .Select(code => WebUtility.HtmlDecode(Tag().Replace(code.Groups[1].Value, ""))));
            all += codes.Length;
        }

        Assert.InRange(all, 500, 10_000);
    }

    [Fact]
    public void Every_formula_is_MathML_that_a_reader_of_XML_takes()
    {
        int all = 0;
        foreach (string file in Directory.GetFiles(Course, "*.ipynb", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal)))
        {
            string text = string.Join("\n\n", JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray()
                .Where(cell => (string)cell!["cell_type"]! == "markdown").Select(cell => Lines(cell!["source"]!)));
            string[] formulas = [.. TeX().Matches(MarkdownCode().Replace(text, "")).Select(tex => tex.Value.Trim('$').Trim())];
            XElement[] elements = [.. MathElement().Matches(File.ReadAllText(PageOf(file))).Select(math => XElement.Parse(math.Value))];
            Assert.Equal(formulas, elements.Select(math => math.Descendants("annotation").Single().Value));
            all += formulas.Length;
        }

        Assert.InRange(all, 100, 1000);
    }

    [Fact]
    public void The_same_notebooks_give_the_same_bytes()
    {
        var again = CourseSite.Of(Course).Files;
        string[] files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);
        Assert.Equal(again.Keys.Order(), files.Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order());
        Assert.All(again, file => Assert.True(File.ReadAllBytes(Path.Combine(Folder, file.Key)).SequenceEqual(file.Value), file.Key));
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("02-inside-the-encoder.html")]
    [InlineData("06-question-answering.html")]
    [InlineData("08-comparing-heads.html")]
    [InlineData("solutions/08-comparing-heads.html")]
    [InlineData("glossary.html")]
    [InlineData("teachers.html")]
    [InlineData("ko/03-cls-and-the-fc-head.html")]
    public async Task On_a_telephone_a_page_is_as_wide_as_the_screen_and_nothing_in_it_is_blank_or_unreadable(string page)
    {
        Assert.SkipWhen(Browser.Find() is null, "there is no browser here");
        await using BrowserPage browser = await BrowserPage.Open(scripts: false);
        await browser.Listen();
        foreach (bool isDark in (bool[])[false, true])
        {
            await browser.Show(390, 800, isDark);
            await browser.Go(new Uri(Path.Combine(Folder, page)).AbsoluteUri, "document.readyState === 'complete'");
            Assert.Equal(390, (int)await browser.Evaluate("document.documentElement.scrollWidth"));
            Assert.Equal("", (string)(await browser.Evaluate("""
                (async () => {
                  const pictures = [...document.images];
                  pictures.forEach(image => image.loading = 'eager');
                  await Promise.all(pictures.map(image => image.decode()));
                  return pictures.filter(image => !(image.naturalWidth > 0 && image.clientWidth > 100)).map(image => image.src).join(' ');
                })()
                """))!);
            Assert.True((bool)await browser.Evaluate("""
                [...document.querySelectorAll('math')]
                  .every(math => math.getBoundingClientRect().height > 8 && math.namespaceURI.endsWith('MathML'))
                """));

            // Words of code stand in one line, rows of wide tables are cards that name their columns, and just what goes on says so.
            Assert.Equal("", (string)(await browser.Evaluate("""
                [...document.querySelectorAll('code.whole, :not(h1, h2, h3) > code .whole')]
                  .filter(word => word.getClientRects().length > 1).map(word => word.textContent).join('; ')
                """))!);
            Assert.Equal("", (string)(await browser.Evaluate("""
                [...document.querySelectorAll('.cards')].filter(box => {
                  const [names, ...rows] = [...box.querySelectorAll('tr')].map(row => [...row.cells]);
                  return box.scrollWidth > box.clientWidth || rows.some(cells => cells[0].clientWidth < 300
                    || cells.some((cell, i) => i > 0 && cell.textContent && names[i].textContent
                      && !getComputedStyle(cell, '::before').content.includes(names[i].textContent))
                    || cells.some((cell, i) => i > 0 && cell.textContent && cell.getBoundingClientRect().top
                      < cells[i - 1].getBoundingClientRect().bottom - 1));
                }).map(box => box.textContent.trim().slice(0, 40)).join('; ')
                """))!);
            Assert.Equal("", (string)(await browser.Evaluate("""
                [...document.querySelectorAll('.figure')].filter(box => box.clientWidth > 0).filter(box => {
                  const cue = getComputedStyle(box, '::after');
                  const isSaid = /swipe|옆으로 밀기/.test(cue.content) && cue.opacity === '1';
                  return isSaid !== (box.scrollWidth > box.clientWidth + 2);
                }).map(box => `${box.clientWidth} ${box.scrollWidth} ${box.querySelector('img').alt.slice(0, 40)}`).join('; ')
                """))!);

            // WCAG 2.2, contrast of normal text: 4.5.
            Assert.Equal("", (string)(await browser.Evaluate("""
                (() => {
                  const numbers = colour => colour.match(/[\d.]+/g).map(Number);
                  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
                  const ground = e => { for (; e; e = e.parentElement) {
                    const c = numbers(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; }
                    return [255, 255, 255]; };
                  const dim = new Set();
                  for (const e of document.querySelectorAll('body *:not(annotation)')) {
                    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
                    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(ground(e))];
                    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                    if (ratio < 4.5) dim.add(`${e.tagName}.${e.className} ${e.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
                  }
                  return [...dim].slice(0, 5).join('; ');
                })()
                """))!);
        }

        string[] asked = [.. browser.Events.Where(one => (string?)one["method"] == "Network.requestWillBeSent")
            .Select(one => (string)one["params"]!["request"]!["url"]!)];
        Assert.NotEmpty(asked);
        Assert.All(asked, address => Assert.StartsWith("file:///", address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_with_files_in_it_is_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("mine.txt"), "mine");
        Assert.Contains("nothing is overwritten", await ToolConsole.Refused("notebooks", "export", folder.Path, "--course", Course),
            StringComparison.Ordinal);
        Assert.Equal([folder.File("mine.txt")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(@"$x \unknown y$", @"\unknown")]
    [InlineData(@"$\frac{1}{2$", "{")]
    public async Task A_formula_that_cannot_be_written_names_its_cell_and_leaves_nothing(string formula, string part)
    {
        using var folder = new TemporaryFolder();
        string course = Directory.CreateDirectory(folder.File("course")).FullName;
        File.WriteAllText(Path.Combine(course, "a.ipynb"), Notebook(("markdown", "# A"), ("markdown", formula)));
        string refused = await ToolConsole.Refused("notebooks", "export", folder.File("site"), "--course", course);
        Assert.Contains("a.ipynb, cell 2", refused, StringComparison.Ordinal);
        Assert.Contains(part, refused, StringComparison.Ordinal);
        Assert.Equal([course], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_course_of_others_needs_no_readme_and_no_Korean_edition_and_its_HTML_loads_nothing()
    {
        using var folder = new TemporaryFolder();
        string course = Directory.CreateDirectory(folder.File("course")).FullName;
        File.WriteAllText(Path.Combine(course, "a b.ipynb"), Notebook(
            ("markdown", "# One & two\n\nA *first* [file](../lib/Some.cs#L3), <a href=\"../x.md\">another</a>.\n\n## Part\n\n### Part"),
            ("code", "var a = \"<b>\"; // <i>")).Replace("\"outputs\": []", """
                "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/plain": "plain <text>",
                "text/html": "<img src='https://example.org/x.png'>"}},
                {"output_type": "error", "ename": "Wrong", "evalue": "a\u001b[31m < b", "traceback": []}]
                """, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(course, "c.ipynb"), Notebook(("markdown", "# Next")));
        string site = Directory.CreateDirectory(folder.File("site")).FullName; // empty: taken
        var (code, lines) = await ToolConsole.Run("notebooks", "export", site, "--course", course, "--repository",
            "https://example.org/o/n/blob/main/", "--json");
        Assert.Equal(0, code);
        Assert.Equal(3, lines[0].GetProperty("pages").GetInt32());
        Assert.Equal(["a b.html", "c.html", "course.css", "index.html"],
            Directory.GetFileSystemEntries(site).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        string html = File.ReadAllText(Path.Combine(site, "a b.html"));
        Assert.Contains("<a href=\"https://example.org/o/n/blob/main/lib/Some.cs#L3\">file</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://example.org/o/n/blob/main/x.md\">another</a>", html, StringComparison.Ordinal);
        Assert.Contains("<title>One &amp; two", html, StringComparison.Ordinal);
        Assert.Contains("id=\"part-1\"", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"s\">&quot;&lt;b&gt;&quot;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"c\">// &lt;i&gt;</span>", html, StringComparison.Ordinal);
        Assert.Contains(">plain &lt;text&gt;</pre>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("x.png", html, StringComparison.Ordinal);
        Assert.Contains("Wrong: a\uFFFD[31m &lt; b", html, StringComparison.Ordinal);
        Assert.Contains("<a rel=\"next\" href=\"c.html\">Next&#160;→</a>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("한국어", html, StringComparison.Ordinal);
        string list = File.ReadAllText(Path.Combine(site, "index.html"));
        Assert.Contains("<p>A <em>first</em> file, another.</p>", list, StringComparison.Ordinal);
    }

    // By hand, after https://www.w3.org/TR/mathml-core and what TeX means.
    [Theory]
    [InlineData(@"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData(@"c'", "<mrow><mi>c</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow>")]
    [InlineData(@"\frac12 x^23", "<mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup><mn>3</mn>")]
    [InlineData(@"\frac{1}{2 n}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn><mi>n</mi></mrow></mfrac>")]
    [InlineData(@"0.0012 - x", "<mn>0.0012</mn><mo>−</mo><mi>x</mi>")]
    [InlineData(@"\exp(-x)",
        "<mi>exp</mi><mo stretchy=\"false\">(</mo><mo form=\"prefix\">−</mo><mi>x</mi><mo stretchy=\"false\">)</mo>")]
    [InlineData(@"\ln p", "<mrow><mi>ln</mi><mspace width=\"0.1667em\"/></mrow><mi>p</mi>")]
    [InlineData(@"\sum_j a", "<munder><mo movablelimits=\"true\">∑</mo><mi>j</mi></munder><mi>a</mi>")]
    [InlineData(@"\left(\sqrt{d}\right)", "<mrow><mo>(</mo><mrow><msqrt><mrow><mi>d</mi></mrow></msqrt></mrow><mo>)</mo></mrow>")]
    [InlineData(@"a \lt b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>")]
    public void TeX_becomes_MathML(string tex, string expected) =>
        Assert.StartsWith($"<math><semantics><mrow>{expected}</mrow>", MathMl.Of(tex, isBlock: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"\unknown")]
    [InlineData(@"\frac{1}")]
    [InlineData(@"x_")]
    [InlineData(@"x_i_j")]
    [InlineData(@"{x")]
    [InlineData(@"x}")]
    [InlineData(@"\left(x")]
    [InlineData(@"\mathrm{\frac}")]
    [InlineData(@"a & b")]
    public void What_is_no_formula_or_not_known_is_refused(string tex) =>
        Assert.Throws<FormatException>(() => MathMl.Of(tex, isBlock: false));

    private static string Notebook(params (string Kind, string Source)[] cells) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(cell => cell.Kind == "code"
            ? new JsonObject
            {
                ["cell_type"] = "code", ["execution_count"] = 1, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(),
                ["source"] = cell.Source,
            }
            : new JsonObject { ["cell_type"] = cell.Kind, ["metadata"] = new JsonObject(), ["source"] = cell.Source })]),
        ["metadata"] = new JsonObject(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 4,
    }.ToJsonString().Replace("\"outputs\":[]", "\"outputs\": []", StringComparison.Ordinal);

    private static string Lines(JsonNode text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string)text!;

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string PageOf(string notebook) => Path.Combine(Folder, Path.ChangeExtension(Path.GetRelativePath(Course, notebook), ".html"));

    private string[] Pages() => Directory.GetFiles(Folder, "*.html", SearchOption.AllDirectories);

    [GeneratedRegex(@"\sid=""([^""]+)""")]
    private static partial Regex Id();

    [GeneratedRegex(@"\s(?:href|src)=""([^""]+)""")]
    private static partial Regex Address();

    [GeneratedRegex(@"<img src=""([^""]+)""[^>]*>")]
    private static partial Regex Image();

    [GeneratedRegex(@"<(h[1-6])\b")]
    private static partial Regex HtmlHeading();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex MarkdownHeading();

    [GeneratedRegex(@"<pre class=""printed""[^>]*>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Printed();

    [GeneratedRegex(@"<pre class=""code""[^>]*><code>(.*?)</code></pre>", RegexOptions.Singleline)]
    private static partial Regex CellCode();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<div class=""shown""[^>]*>.")]
    private static partial Regex Shown();

    [GeneratedRegex("<pre.*?</pre>|<code[^>]*>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("```.*?```|`[^`\n]*`|<code>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex SourceCode();

    [GeneratedRegex("<code(?! style)[^>]*>(.*?)</code>", RegexOptions.Singleline)] // cards of tensors have a style
    private static partial Regex InlineCode();

    [GeneratedRegex("<pre.*?</pre>", RegexOptions.Singleline)]
    private static partial Regex PreTag();

    [GeneratedRegex("<footer>.*?</footer>", RegexOptions.Singleline)]
    private static partial Regex Footer();

    [GeneratedRegex("<math.*?</math>", RegexOptions.Singleline)]
    private static partial Regex MathElement();

    [GeneratedRegex(@"\$\$[^$]+\$\$|\$[^$]+\$")]
    private static partial Regex TeX();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex MarkdownCode();

    /// <summary>The course, exported once.</summary>
    public sealed class Exported : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        /// <summary>Exports it.</summary>
        public Exported() => CourseSite.Of(Course).Write(Folder);

        internal string Folder => _folder.File("site");

        /// <inheritdoc/>
        public void Dispose() => _folder.Dispose();
    }
}
