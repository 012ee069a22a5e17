using System.Text;
using Electra.Lessons;
using Electra.Pages;
using Electra.Tests;
using Electra.Tool.Charts;
using Electra.Tool.Report;

namespace Electra.Tool.Tests.Report;

/// <summary>The report in a browser.</summary>
public sealed class ReportPageTests(ReportPageTests.Opened opened) : IClassFixture<ReportPageTests.Opened>
{
    private const string Hostile = "</script><img src=x onerror=\"window.hacked=1\"><!--<script>";

    private static readonly string[] Sections =
    [
        "How well each head answers", "Which differences are more than noise", "How they learnt", "What they cost",
        "What is taken for what", "How sure they are", "Where they disagree", "How it was made", "What pre-training is worth",
    ];

    private BrowserPage Page => opened.Page;

    [Fact]
    public async Task The_page_has_every_section_draws_every_figure_and_asks_for_nothing()
    {
        await Fresh();
        var faults = Page.Events.Where(one => (string?)one["method"] is "Runtime.exceptionThrown" or "Runtime.consoleAPICalled"
            or "Log.entryAdded").Select(one => one.ToJsonString());
        Assert.Empty(faults);
        string[] requests = [.. Page.Events.Where(one => (string?)one["method"] == "Network.requestWillBeSent")
            .Select(one => (string)one["params"]!["request"]!["url"]!).Where(url => !url.StartsWith("data:") && !url.StartsWith("blob:"))];
        Assert.NotEmpty(requests);
        Assert.All(requests, url => Assert.Equal(opened.Address, url));
        Assert.Equal(Sections.Length - 1, await Number(
            "new Set([...document.querySelectorAll('article h3')].map(e => e.textContent)).size"));
        Assert.All(Sections, section => Assert.Contains($"<h3>{section}</h3>", opened.Html, StringComparison.Ordinal));
        Assert.Equal(0, await Number("""
            [...document.querySelectorAll('.plot')].filter(e =>
              !e.querySelector('.main-svg .xy .plot path, .main-svg .xy .plot image')).length
            """));
        Assert.InRange(opened.Html.Length, 1_000_000, 6_000_000);
    }

    [Fact]
    public async Task Filters_hide_heads_variants_and_seeds_in_tables_and_figures()
    {
        await Fresh();
        const string Heads = "[...document.querySelectorAll('.heads')][0].querySelectorAll('tbody tr:not([hidden])').length";
        const string Traces = "document.getElementById('f0').data.map(trace => trace.name).join()";
        Assert.Equal(5, await Number(Heads));
        Assert.Contains("seed 2", await Text(Traces), StringComparison.Ordinal);
        await Uncheck("head", "cnn");
        Assert.Equal(3, await Number(Heads)); // two rows of cnn are hidden
        Assert.DoesNotContain("cnn", await Text(Traces), StringComparison.Ordinal);
        Assert.Equal($"fc,bilstm{Hostile},majority", await Text("document.getElementById('f0').layout.yaxis.ticktext.join()"));
        await Uncheck("seed", "2");
        Assert.DoesNotContain("seed 2", await Text(Traces), StringComparison.Ordinal);
        Assert.Contains("seed 1", await Text(Traces), StringComparison.Ordinal);
        await Uncheck("variant", "baseline");
        Assert.Equal(2, await Number(Heads));
        await Page.Evaluate("new Promise(done => { document.querySelector('#filters button').click(); setTimeout(done, 50); })");
        Assert.Equal(5, await Number(Heads));

        async Task Uncheck(string name, string value) =>
            await Page.Evaluate($"document.querySelector('#filters input[name={name}][value*=\"{value}\"]').click()");
    }

    [Fact]
    public async Task Answers_are_found_by_head_seed_confidence_and_text()
    {
        await Fresh();
        await Page.Evaluate("globalThis.form = document.querySelector('form.browser'); true");
        async Task<string> Rows(string head, string seed, string kind, string other = "", string text = "", int least = 0)
        {
            await Page.Evaluate($$"""
                (() => {
                  const choose = (field, name) => { field.value = [...field.options].find(one => one.text.endsWith(name)).value; };
                  choose(form.head, '{{head}}');
                  choose(form.other, '{{(other.Length > 0 ? other : head)}}');
                  Object.assign(form.seed, { value: '{{seed}}' });
                  form.kind.value = '{{kind}}'; form.text.value = '{{text}}'; form.least.value = {{least}}; form.order.value = 'place';
                  form.dispatchEvent(new Event('input', { bubbles: true }));
                })()
                """);
            return await Text("[...form.parentElement.querySelectorAll('.answers tbody tr')].map(row => row.cells[0].textContent).join()");
        }

        // fc has 1110 with seed 1 and 0111 with seed 2, cnn mask-aware 1111 and published 1100.
        Assert.Equal("4", await Rows("fc/both the same", "1", "wrong"));
        Assert.Equal("1", await Rows("fc/both the same", "2", "wrong"));
        Assert.Equal("1,4", await Rows("fc/both the same", "", "wrong"));
        Assert.Equal("2,3", await Rows("fc/both the same", "", "right"));
        Assert.Equal("1,2,3,4", await Rows("fc/both the same", "", "all"));
        Assert.Equal("3", await Rows("fc/both the same", "", "only", "cnn/published"));
        Assert.Equal("1", await Rows("cnn/published", "", "only", "fc/both the same"));
        Assert.Equal("2", await Rows("fc/both the same", "", "all", text: "좋은"));
        Assert.Equal("3,4", await Rows("fc/both the same", "", "all", least: 75)); // confidences 0.5, 0.6, 0.8, 0.9
        Assert.Contains("2 of 4 examples", await Text("form.parentElement.querySelector('[role=status]').textContent"),
            StringComparison.Ordinal);
        Assert.Equal("negative", await Text("form.parentElement.querySelector('.answers tbody tr').cells[2].textContent"));
        await Page.Evaluate("form.reset(); form.dispatchEvent(new Event('input', { bubbles: true }));"); // as it was
    }

    [Fact]
    public async Task Hostile_names_and_texts_stay_texts()
    {
        await Fresh();
        Assert.Equal(0, await Number("Number(globalThis.hacked ?? 0) + document.images.length"));
        await Page.Evaluate("""
            const first = document.querySelector('form.browser');
            first.kind.value = 'all';
            first.dispatchEvent(new Event('input', { bubbles: true }));
            """);
        Assert.Contains(Hostile, await Text("document.querySelector('.answers').textContent"), StringComparison.Ordinal);
        Assert.Equal(0, await Number("Number(globalThis.hacked ?? 0) + document.images.length"));
        Assert.Contains(Hostile, await Text("document.querySelector('#filters').textContent"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1200, false)]
    [InlineData(1200, true)]
    public async Task The_page_fits_its_window_and_its_texts_stand_out_from_their_ground(int width, bool isDark)
    {
        await Fresh(width, isDark);
        Assert.InRange(await Number("document.scrollingElement.scrollWidth"), 1, width);
        Assert.InRange(await Number(
            "Math.max(...[...document.querySelectorAll('.plot')].map(e => e.getBoundingClientRect().right))"), 1, width);
        Assert.Equal(0, await Number("""
            [...document.querySelectorAll('.plot')].flatMap(plot => [...plot.querySelectorAll('.ytick text')]
              .map(e => e.getBoundingClientRect()).sort((a, b) => a.top - b.top)
              .filter((box, i, all) => i > 0 && box.top < all[i - 1].bottom - 1)).length
            """));

        Assert.Equal(0, await Number("""
            [...document.querySelectorAll('.scroll:not(.heads) :is(th, td)')]
              .filter(cell => !cell.closest('[hidden]') && getComputedStyle(cell).display === 'none').length
            """));
        Assert.Equal("", await Text("""
            [...document.querySelectorAll('form.browser select[name=kind]')].filter(field => {
              const pen = document.createElement('canvas').getContext('2d');
              pen.font = getComputedStyle(field).font;
              return Math.max(...[...field.options].map(one => pen.measureText(one.text).width)) + 36 > field.clientWidth;
            }).map(field => `${field.clientWidth}`).join()
            """));

        // WCAG 2.2, 1.4.3: at least 4.5 to 1, of every element with a text of its own.
        string faint = await Text("""
            (() => {
              const parts = color => (color.match(/[\d.]+/g) ?? []).map(Number);
              const light = color => { const [r, g, b] = parts(color).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const over = (top, below) => { const [r, g, b, a = 1] = parts(top), under = parts(below);
                return `rgb(${[r, g, b].map((v, i) => v * a + under[i] * (1 - a)).join()})`; };
              const grounds = new Map();
              const ground = e => {
                if (!grounds.has(e)) {
                  const own = getComputedStyle(e).backgroundColor;
                  grounds.set(e, parts(own)[3] === undefined ? own
                    : over(own, e.parentElement ? ground(e.parentElement) : 'rgb(255,255,255)'));
                }
                return grounds.get(e);
              };
              const faint = [];
              for (const e of document.querySelectorAll('body *')) {
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
                if (e.closest('script, option, :disabled') || e.closest('.trace, .cartesianlayer .heatmaplayer')) continue;
                const html = e.closest('.plot') ?? e;
                const ink = e instanceof SVGElement ? getComputedStyle(e).fill : getComputedStyle(e).color;
                const [a, b] = [light(ink), light(ground(html))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(
                  `${e.tagName} ${e.textContent.trim().slice(0, 30)} ${ink} on ${ground(html)}`);
              }
              return faint.join('\n') + '.';
            })()
            """);
        Assert.Equal(".", faint);
        Assert.Equal(isDark, await Number("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])") < 64);
    }

    [Fact]
    public async Task On_paper_everything_is_unfolded_dark_on_white_and_without_filters()
    {
        await Fresh(isDark: true);
        Assert.NotEqual(0, await Number("document.querySelectorAll('details:not([open])').length"));
        await Page.Evaluate("""
            globalThis.printed = null;
            addEventListener('beforeprint', () => { globalThis.printed = document.querySelectorAll('details:not([open])').length; });
            true
            """);
        byte[] pdf = Convert.FromBase64String(await Page.Print());
        Assert.Equal("%PDF", Encoding.ASCII.GetString(pdf, 0, 4));
        Assert.Equal(0, await Number("printed"));
        Assert.NotEqual(0, await Number("document.querySelectorAll('details:not([open])').length")); // folded again
        await Page.Show(1200, 900, isDark: true, media: "print");
        Assert.Equal("none none rgb(255, 255, 255)", await Text("""
            ['#filters', 'form.browser'].map(e => getComputedStyle(document.querySelector(e)).display).join(' ') + ' '
              + getComputedStyle(document.body).backgroundColor
            """));
        await Page.Show(1200, 900, isDark: true); // off the paper: a figure that is drawn there has another width
    }

    [Fact]
    public async Task Whoever_does_not_see_it_finds_names_headings_and_numbers()
    {
        await Fresh();
        Assert.Equal(0, await Number("""
            [...document.querySelectorAll('input, select')].filter(e => !e.labels?.length && !e.ariaLabel).length
              + [...document.querySelectorAll('figure')].filter(e =>
                !document.getElementById(e.getAttribute('aria-labelledby'))?.textContent
                || !e.querySelector('[role=img][aria-label]') || e.querySelector('.numbers').textContent.length < 20).length
              + [...document.querySelectorAll('table')].filter(e => !e.querySelector('thead th')).length
            """));
        Assert.Equal(1, await Number("document.querySelectorAll('h1').length"));
        Assert.Equal(0, await Number("""
            [...document.querySelectorAll('h1, h2, h3, h4')].map(e => Number(e.tagName[1]))
              .filter((level, i, all) => i > 0 && level > all[i - 1] + 1).length
            """));
        Assert.Equal("en", await Text("document.documentElement.lang"));
    }

    [Fact]
    public void Of_fifty_thousand_rows_the_page_has_those_that_it_has_room_for()
    {
        using var data = new TemporaryFolder();
        const int Rows = 50_000;
        File.WriteAllText(data.File("train.tsv"), "id\tdocument\tlabel\n1\ta\t0\n2\tb\t1\n3\tc\t0\n4\td\t1\n");
        File.WriteAllLines(data.File("test.tsv"),
            ["id\tdocument\tlabel", .. Enumerable.Range(0, Rows)
                .Select(i => $"{i}\t\"정말 재미있는 영화였어요\" <{i}> 다시 보고 싶습니다\t{i % 2}")]);
        var read = ReviewData.Open(data.Path);
        var random = new Random(1);
        var runs = Records.All.Select(run =>
        {
            string correct = string.Concat(Enumerable.Range(0, Rows).Select(_ => random.Next(5) > 0 ? '1' : '0'));
            int right = correct.Count(digit => digit == '1');
            return run with
            {
                Data = new("big", read.Hash, 3, 1, Rows),
                Correct = correct,
                Confidence = TestResult.Bytes(Enumerable.Range(0, Rows).Select(_ => random.NextDouble())),
                Metric = run.Metric with { Value = right / (double)Rows, Right = right, Total = Rows },
            };
        }).ToList();
        Assert.InRange(Encoding.UTF8.GetByteCount(Report(runs, data.Path)), 5_000_000, 6_000_000);
    }

    [Fact]
    public void Texts_of_data_that_no_run_was_tested_on_are_refused()
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<InputException>(() => ChartFolder.Write(folder.Path, Records.All, "reviews"));
        Assert.StartsWith("No recorded run was tested on reviews", refused.Message, StringComparison.Ordinal);
    }

    private static string Report(IReadOnlyList<RunRecord> runs, string data)
    {
        var comparisons = ChartFolder.Comparisons(runs);
        return ReportPage.Of(comparisons, [.. ChartFolder.Encoders(comparisons).Select(one => one.Chart)], new TestTexts(data));
    }

    // Loaded once, which takes seconds; each test leaves it as it was.
    private async Task Fresh(int width = 1200, bool isDark = false)
    {
        Assert.SkipWhen(Browser.Find() is null, "there is no browser here");
        await Page.Show(width, 900, isDark);
        if (!opened.IsLoaded)
        {
            await Page.Go(opened.Address, "document.documentElement?.dataset.drawn");
            opened.IsLoaded = true;
        }

        // The page hears of another window in a later frame, and draws for it then.
        await Page.Evaluate($$"""
            new Promise(done => {
              const look = () => document.documentElement.dataset.drawn === '{{width}} {{(isDark ? "true" : "false")}}'
                ? done(true) : requestAnimationFrame(look);
              look();
            })
            """);
    }

    private async Task<int> Number(string expression) => (int)(await Page.Evaluate(expression)).GetValue<double>();

    private async Task<string> Text(string expression) => (await Page.Evaluate(expression)).GetValue<string>();

    /// <summary>A report with hostile names and texts and a second encoder, in a browser.</summary>
    public sealed class Opened : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal bool IsLoaded { get; set; }

        internal BrowserPage Page { get; private set; } = null!;

        internal string Address => new Uri(_folder.File("index.html")).AbsoluteUri;

        internal string Html => File.ReadAllText(_folder.File("index.html"));

        public async ValueTask InitializeAsync()
        {
            if (Browser.Find() is null)
            {
                return;
            }

            Directory.CreateDirectory(_folder.File("data"));
            File.WriteAllText(_folder.File("data/train.tsv"),
                "id\tdocument\tlabel\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i}\ta{i}\t{i % 2}\n")));
            File.WriteAllText(_folder.File("data/test.tsv"),
                $"id\tdocument\tlabel\n1\t{Hostile}\t1\n2\t좋은 영화\t1\n3\t나쁜 영화\t0\n4\t그저 그런 영화\t0\n");
            string hash = ReviewData.Open(_folder.File("data")).Hash;
            var runs = Records.All.Append(Records.All[0] with { Head = $"bilstm{Hostile}" }).Select(run => run with
            {
                Data = new("data", hash, 10, 2, 4),
                Confidence = TestResult.Bytes([0.5, 0.6, 0.8, 0.9]),
                BaselineDevScore = run.IsBaseline ? 0.5 : null,
            }).ToList();
            var other = runs.Where(run => !run.IsBaseline)
                .Select(run => run with { Encoder = run.Encoder! with { Name = "another", Hash = "f" } });
            File.WriteAllText(_folder.File("index.html"), Report([.. runs, .. other], _folder.File("data")));
            Page = await BrowserPage.Open(scripts: true);
            await Page.Listen();
        }

        public async ValueTask DisposeAsync()
        {
            if (Page is not null)
            {
                await Page.DisposeAsync();
            }

            _folder.Dispose();
        }
    }
}
