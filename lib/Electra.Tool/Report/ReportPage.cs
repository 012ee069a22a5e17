using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Electra.Lessons;

namespace Electra.Tool.Report;

/// <summary>
/// The report as one page that asks for nothing, from the network or a server: texts, tables, definitions of charts with plotly.js, which
/// draws them, and every answer.
/// </summary>
internal sealed class ReportPage
{
    /// <summary>Bytes that a page has at most.</summary>
    public const int Largest = 6_000_000;

    private const double RowShare = 0.85; // of the room that is left: what a text costs is estimated
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<ComparedRuns> _comparisons;
    private readonly IReadOnlyList<Chart> _encoders;
    private readonly TestTexts _texts;
    private readonly StringBuilder _html = new();
    private readonly JsonObject _figures = [];

    private ReportPage(IReadOnlyList<ComparedRuns> comparisons, IReadOnlyList<Chart> encoders, TestTexts texts) =>
        (_comparisons, _encoders, _texts) = (comparisons, encoders, texts);

    /// <summary>Writes the page.</summary>
    /// <param name="comparisons">What it shows, at least one.</param>
    /// <param name="encoders">Charts over several comparisons.</param>
    /// <param name="texts">Finds the test examples.</param>
    public static string Of(IReadOnlyList<ComparedRuns> comparisons, IReadOnlyList<Chart> encoders, TestTexts texts) =>
        new ReportPage(comparisons, encoders, texts).Page();

    private string Page()
    {
        bool isOne = _comparisons.Count == 1;
        string title = isOne ? _comparisons[0].Title : $"{_comparisons.Count} comparisons of heads";
        if (!isOne)
        {
            _html.Append("<header class=\"hero\"><div><p class=\"kicker\">Comparison of heads</p><h1>")
                .Append(Encode(title)).Append("</h1><ul>");
            foreach (var (number, comparison) in _comparisons.Index())
            {
                _html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#c{number}\">{Encode(comparison.Title)}</a>: ")
                    .Append(Encode(Findings.Headline(comparison.Results, comparison.Metric))).Append("</li>");
            }

            _html.Append("</ul></div></header>\n");
        }
        else
        {
            _html.Append("<header class=\"hero\"><div>");
            Hero(_comparisons[0], "h1");
            _html.Append("</div></header>\n");
        }

        Filters();
        _html.Append("<main id=\"main\">\n");
        foreach (var (number, comparison) in _comparisons.Index())
        {
            _html.Append(CultureInfo.InvariantCulture, $"<article class=\"compared\" id=\"c{number}\" aria-label=\"")
                .Append(Encode(comparison.Title)).Append("\">\n");
            if (!isOne)
            {
                _html.Append("<div class=\"hero\">");
                Hero(comparison, "h2");
                _html.Append("</div>\n");
            }

            Sections(comparison, number);
            _html.Append("</article>\n");
        }

        if (_encoders.Count > 0)
        {
            Open("What pre-training is worth", "The same data and heads on each recorded encoder; a point lies where a head's runs are in "
                + "the mean. Comparisons differ in nothing else than what their names say.");
            foreach (var chart in _encoders)
            {
                Figure(chart);
            }

            Close();
        }

        _html.Append("</main>\n<footer>Made by <code>electra charts</code> from recorded runs. The page asks for nothing: no network, no "
            + "server.</footer>\n");
        string script = ChartLibrary.Instance.Script;
        string head = $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{Encode(title)}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
            content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
            <style>
            {Resource("report.css")}</style>
            </head><body>
            <a class="skip" href="#main">To the results</a>

            """;
        string figures = Json(_figures);
        int taken = new[] { script, head, _html.ToString(), figures, Resource("report.js") }.Sum(Encoding.UTF8.GetByteCount);
        string data = Json(new JsonObject
        {
            ["comparisons"] = new JsonArray([.. _comparisons.Select(
                comparison => Data(comparison, (int)(RowShare * (Largest - taken) / _comparisons.Count)))]),
            ["figures"] = JsonNode.Parse(figures),
        });
        return head + _html + $"<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{script}</script>\n"
            + $"<script>\n{Resource("report.js")}</script>\n</body></html>\n";
    }

    private void Hero(ComparedRuns comparison, string heading)
    {
        var (table, first) = (comparison.Results, comparison.First);
        var heads = table.Rows.Where(row => !row.IsBaseline).ToList();
        string[] names = [.. heads.Select(row => row.Head).Distinct()];
        string listed = names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        _html.Append("<p class=\"kicker\">Comparison of heads</p><").Append(heading).Append('>')
            .Append(Encode(Findings.Headline(table, comparison.Metric))).Append("</").Append(heading).Append(">\n<p class=\"settings\">")
            .Append(Encode($"{listed} on the encoder {first.Encoder!.Name}, data {first.Data.Name}: {Number(first.Data.Train)} rows to "
                + $"learn from in {Terminal.Count(first.Options!.Epochs, "epoch")}, {Number(first.Data.Dev)} to choose the epoch, "
                + $"{Number(first.Data.Test)} to test once."))
            .Append("</p>\n<p>").Append(Encode(Findings.Of(table, comparison.Metric))).Append("</p>\n<dl class=\"tiles\">");
        Tile("Best head", Four(table.Best.Mean), $"{table.Best.Name}; 95 % interval {Interval(table.Best)}");
        if (table.Rows.Where(row => table.StrongestBaselines.Contains(row.Name)).MaxBy(row => row.Mean) is { } baseline)
        {
            Tile("Strongest baseline", Four(baseline.Mean), $"{baseline.Head}, without training the encoder");
        }

        if (table.Tests.Where(test => heads.Exists(row => row.Name == test.B)).Max(test => test.Smallest) is { } smallest)
        {
            Tile("Difference it could find", $"{(100 * smallest).ToString("0.0", CultureInfo.InvariantCulture)} points",
                "between two heads, in 80 of 100 repetitions");
        }

        int runs = comparison.Runs.Count(run => !run.IsBaseline);
        Tile("Trainings", Number(runs), $"{Terminal.Count(names.Length, "head")}"
            + (heads.Count > names.Length ? $", {heads.Count} with their variants" : "") + "; seeds "
            + string.Join(", ", comparison.Runs.Where(run => !run.IsBaseline).Select(run => run.Seed).Distinct().Order()));
        _html.Append("</dl>\n");

        void Tile(string name, string value, string more) => _html.Append("<div><dt>").Append(Encode(name))
            .Append("</dt><dd class=\"value\">").Append(Encode(value)).Append("</dd><dd class=\"more\">").Append(Encode(more))
            .Append("</dd></div>");
    }

    private void Filters()
    {
        var runs = _comparisons.SelectMany(comparison => comparison.Runs).ToList();
        var own = runs.Where(run => !run.IsBaseline).ToList();
        _html.Append("<form id=\"filters\" aria-label=\"What is shown\"><div>\n");
        Boxes("Heads", "head", own.Select(run => run.Head).Distinct());
        Boxes("Variants", "variant", [.. own.Where(run => run.HasVariants).Select(run => run.Variant).Distinct(),
            .. runs.Any(run => run.IsBaseline) ? [RunRecord.Baseline] : (string[])[]]);
        Boxes("Seeds", "seed", own.Select(run => run.Seed).Distinct().Order().Select(seed => $"{seed}"));
        _html.Append("<button type=\"reset\">Show all</button>\n"
            + "<p class=\"note\">Filters hide; means, intervals and tests stay those of all seeds.</p></div></form>\n");

        void Boxes(string legend, string name, IEnumerable<string> values)
        {
            _html.Append("<fieldset><legend>").Append(legend).Append("</legend>");
            foreach (string value in values)
            {
                _html.Append("<label><input type=\"checkbox\" checked autocomplete=\"off\" name=\"").Append(name).Append("\" value=\"")
                    .Append(Encode(value)).Append("\">").Append(Encode(value)).Append("</label>");
            }

            _html.Append("</fieldset>\n");
        }
    }

    private void Sections(ComparedRuns comparison, int number)
    {
        var figures = comparison.Figures(_texts.LabelsOf(comparison.First)).ToLookup(figure => figure.Section);
        void Draw(string section, bool side = false)
        {
            _html.Append(side ? "<div class=\"several\">\n" : "");
            foreach (var figure in figures[section])
            {
                Figure(figure.Chart, figure.Row);
            }

            _html.Append(side ? "</div>\n" : "");
        }

        Open("How well each head answers", "A mark is the mean of a head's runs, the bar its 95 % interval, a dot below it one seed. The "
            + "axis begins where heads and the strongest baseline do: what lies far below has an arrow and its number.");
        Draw("accuracy");
        Scroll(comparison.Heads(), "heads", "Heads and baselines");
        Close();

        if (comparison.Results.Tests.Count > 0)
        {
            Open("Which differences are more than noise", "An interval that touches the line could be no difference at all; p is adjusted "
                + "for the number of tests (Holm). “Could find” is the smallest difference that this comparison finds in 80 of 100 "
                + "repetitions. Inside the shaded range two heads are called the same.");
            Draw("differences");
            Scroll(comparison.Tests(), "pairs", "Tested pairs");
            Close();
        }

        Open("How they learnt", "Thin lines are single seeds, thick ones the mean of a head. The epoch with the best dev score was "
            + "tested; of equal ones the later.");
        Draw("learning", side: true);
        Close();

        var timed = comparison.Results.Rows.Where(row => row is { Parameters: > 0, ExamplesPerSecond: not null }).ToList();
        Open("What they cost", timed.Count > 0
            ? "Examples a second in training, with the machine for itself: " + Encode(string.Join(", ",
                timed.Select(row => $"{row.Name} {Number(row.ExamplesPerSecond!.Value)}"))) + "."
            : "No speed is shown: these runs were trained side by side and slowed each other. "
                + "<code>electra bench <span>--results</span> FOLDER</code> measures heads one at a time and "
                + "records their speeds beside the runs.");
        Draw("cost", side: figures["cost"].Count() > 1);
        Close();

        if (figures["confusion"].Any())
        {
            Open("What is taken for what", "Test rows by label (down) and answer (across), the runs of a head together; the colour is the "
                + "share of the label.");
            Draw("confusion", side: comparison.Runs[0].Confusion.Count <= ReportCharts.MostConfusions);
            Close();
        }

        Open("How sure they are", comparison.Calibration() is null
            ? "These runs have not kept how sure each answer was; runs that are recorded now do."
            : "Answers in ten bins of confidence. On the thin line a head is as often right as it is sure, below it too sure; the "
            + "calibration error is the mean distance from it.");
        Draw("calibration");
        if (comparison.Calibration() is { } calibration)
        {
            Scroll(calibration, "sureness", "Confidence and right answers");
        }

        Close();
        Disagreements(comparison, number);
        Settings(comparison);
    }

    private void Disagreements(ComparedRuns comparison, int number)
    {
        Open("Where they disagree", "Two heads with the same score may be right about different rows. Counted are test rows, in the mean "
            + "over all pairs of a run of a and a run of b; “only a” less “only b” is their difference.");
        if (comparison.Results.Tests.Count > 0)
        {
            Scroll(comparison.Disagreements(), "pairs", "Rows that only one of two heads gets right");
        }

        var rows = comparison.Results.Rows;
        var part = _texts.Of(comparison.First);
        string Options(bool second) => string.Concat(rows.Index().Select(row => string.Create(CultureInfo.InvariantCulture,
            $"<option value=\"{row.Index}\"{(row.Item == (second ? Other() : comparison.Results.Best) ? " selected" : "")}>")
            + $"{Encode(row.Item.Name)}</option>"));
        ComparisonTable.Row Other() => rows.FirstOrDefault(row => row != comparison.Results.Best) ?? comparison.Results.Best;
        string seeds = string.Concat(comparison.Runs.Where(run => !run.IsBaseline).Select(run => run.Seed).Distinct().Order()
            .Select(seed => string.Create(CultureInfo.InvariantCulture, $"<option value=\"{seed}\">{seed}</option>")));
        string searched = part is null ? "Number of the row contains" : "Text contains";
        string columns = string.Concat(((string[])["row", .. part is null ? [] : (string[])["text"],
            .. part is { Labels.Count: > 0 } ? (string[])["label"] : [], "answer", "confidence", "heads right"])
            .Select(name => $"<th scope=\"col\"{(name is "row" or "confidence" or "heads right" ? " class=\"number\"" : "")}>{name}</th>"));
        _html.Append(CultureInfo.InvariantCulture, $"""
            <h4>Browse the answers</h4>
            <form class="browser" data-comparison="{number}" aria-label="Browse answers" autocomplete="off">
            <label>Head <select name="head">{Options(second: false)}</select></label>
            <label>Seed <select name="seed"><option value="">all</option>{seeds}</select></label>
            <label class="broad">Rows <select name="kind"><option value="wrong">wrong with at least one seed</option>
            <option value="only">that it gets right and another not</option>
            <option value="right">right</option><option value="all">all</option></select></label>
            <label>The other head <select name="other">{Options(second: true)}</select></label>
            <label>Confidence, % <span>
            <input type="number" name="least" min="0" max="100" value="0" aria-label="Confidence from, percent"> to
            <input type="number" name="greatest" min="0" max="100" value="100" aria-label="Confidence to, percent"></span></label>
            <label>{searched} <input type="search" name="text"></label>
            <label>Order <select name="order"><option value="sure">surest first</option>
            <option value="place">as in the file</option></select></label>
            </form>
            <p role="status" aria-live="polite"></p>
            <div class="scroll" tabindex="0" role="region" aria-label="Answers">
            <table class="answers"><thead><tr>{columns}</tr></thead><tbody></tbody></table></div>
            <p><button type="button" class="more">Show more</button></p>

            """);
        _html.Append(part is null
            ? "<p>The texts of these rows are not in this page; give their data set to <code>electra charts</code> by "
                + "<code>--texts</code>.</p>\n"
            : "");
        Close();
    }

    private void Settings(ComparedRuns comparison)
    {
        var (first, options) = (comparison.First, comparison.First.Options!);
        var own = comparison.Runs.Where(run => !run.IsBaseline).ToList();
        Open("How it was made", "Records keep no date. The same versions on the same kind of machine give the same numbers; elsewhere "
            + "rounding differs, as another seed would.");
        _html.Append("<dl class=\"facts\">");
        Fact("Data", $"{first.Data.Name}: {Number(first.Data.Train)} rows trained on, {Number(first.Data.Dev)} dev, "
            + $"{Number(first.Data.Test)} test; SHA-256 {first.Data.Hash}");
        Fact("Encoder", $"{first.Encoder!.Name}: {Terminal.Count(first.Encoder.Layers, "layer")} of {first.Encoder.HiddenSize}, "
            + $"{Number(first.Encoder.VocabSize)} word pieces; SHA-256 {first.Encoder.Hash}");
        string batch = options.BatchTokens is { } tokens ? $"{Number(tokens)} tokens" : $"{options.BatchSize} rows";
        Fact("Training", $"{Terminal.Count(options.Epochs, "epoch")}, {batch} a batch, learning rate "
            + $"{options.LearningRate.ToString("0.######", CultureInfo.InvariantCulture)}, "
            + $"{MixedPrecision.NameOf(options.Precision)} products, at most {first.MaxTokens} tokens a row"
            + (first.Truncated > 0 ? $" ({Number(first.Truncated)} were longer)" : ""));
        Fact("Machine", string.Join("; ", own.Select(run => $"{run.Machine.Cpu}, {Terminal.Count(run.Machine.Cores, "core")}, "
            + $"{(run.Machine.Device == "cpu" ? "no GPU" : run.Machine.Device)}, {run.Machine.System}, "
            + $"{Terminal.Count(run.Machine.Threads, "thread")} a run{(run.Machine.Bf16 is { } bf16 ? $", bf16 {bf16}" : "")}"
            + (run.Jobs is > 1 and int jobs ? $", {jobs} runs at a time" : "")).Distinct()));
        Fact("Versions", string.Join("; ", own.Select(
            run => string.Join(", ", run.Versions.Select(version => $"{version.Key} {version.Value}"))).Distinct()));
        Fact("Seconds of training", $"{Number(Math.Round(own.Sum(run => run.Seconds)))} in {Terminal.Count(own.Count, "run")}");
        _html.Append("</dl>\n");
        Close();

        void Fact(string name, string value) => _html.Append("<dt>").Append(name).Append("</dt><dd>").Append(Encode(value)).Append("</dd>");
    }

    private void Open(string heading, string about) => _html.Append("<section class=\"card\"><h3>").Append(heading).Append("</h3>\n<p>")
        .Append(about).Append("</p>\n");

    private void Close() => _html.Append("</section>\n");

    private void Figure(Chart chart, string? row = null)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"f{_figures.Count}");
        var definition = JsonNode.Parse(chart.Json)!;
        _figures.Add(id, definition);
        _html.Append("<figure aria-labelledby=\"").Append(id).Append("-title\"")
            .Append(row is null ? "" : $" data-row=\"{Encode(row)}\"").Append("><figcaption id=\"").Append(id).Append("-title\">")
            .Append(Encode(chart.Title)).Append("</figcaption><div class=\"plot\" role=\"img\" id=\"").Append(id).Append("\" aria-label=\"")
            .Append(Encode(chart.Title)).Append("; its numbers follow as text\"></div>")
            .Append("<details><summary>Numbers of this figure</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
            .Append("Numbers of this figure\">").Append(FigureNumbers.Of(definition)).Append("</div></details></figure>\n");
    }

    private void Scroll(Table table, string kind, string name) => _html.Append("<div class=\"scroll ").Append(kind)
        .Append("\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(name).Append("\">")
        .Append(((IShown)table).As(ShownFormatters.Html)).Append("</div>\n");

    private JsonObject Data(ComparedRuns comparison, int room)
    {
        var part = _texts.Of(comparison.First);
        var rows = comparison.Results.Rows;
        var examples = ExampleRows.Choose(comparison.Runs, part, room);
        return new JsonObject
        {
            ["rows"] = new JsonArray([.. rows.Select(
                row => new JsonObject { ["name"] = row.Name, ["head"] = row.Head, ["variant"] = row.Variant })]),
            ["runs"] = new JsonArray([.. comparison.Runs.Select(run => new JsonObject
            {
                ["row"] = rows.Index().First(row => row.Item.Head == run.Head && row.Item.Variant == run.Variant).Index,
                ["seed"] = run.Seed,
                ["right"] = string.Concat(examples.Select(row => run.Correct[row])),
                ["sure"] = run.Confidence is { } all && Convert.FromBase64String(all) is var bytes
                    ? Convert.ToBase64String([.. examples.Select(row => bytes[row])])
                    : null,
            })]),
            ["labels"] = new JsonArray([.. (part?.Labels ?? []).Select(label => (JsonNode)label)]),
            ["examples"] = new JsonArray([.. examples.Select(row => (JsonNode)row)]),
            ["texts"] = part is null
                ? null
                : new JsonArray([.. examples.Select(row => new JsonArray(part.Lines[row].Text, part.Lines[row].Label))]),
        };
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static string Json(JsonNode node) => HtmlParts.InScript(node.ToJsonString(Readable));

    private static string Encode(string text) => HtmlParts.Encode(text);

    private static string Interval(ComparisonTable.Row row) => $"{Four(row.Interval[0])} – {Four(row.Interval[1])}";

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
