using System.Globalization;
using Electra.Lessons;

namespace Electra.Tool.Report;

/// <summary>The charts of one comparison. Each series says whose it is, so that the page can filter.</summary>
/// <param name="table">What the runs say together.</param>
/// <param name="runs">Recorded runs on the same test rows, as tables show them.</param>
/// <param name="metric">What was measured.</param>
internal sealed class ReportCharts(ComparisonTable table, IReadOnlyList<RunRecord> runs, string metric)
{
    private const double Width = 0.05; // of a mark, as a share of its axis: 11 pixels of a telephone's
    private const double SameDot = 0.02; // share of an axis below which one dot hides another

    /// <summary>Labels that a confusion has at most, to have room beside others.</summary>
    public const int MostConfusions = 4;

    private const double Air = 0.04; // share of an axis that is left free at its ends

    private readonly IReadOnlyList<ComparisonTable.Row> _heads = [.. table.Rows.Where(row => !row.IsBaseline)];

    /// <summary>
    /// The metric of each head and variant with its 95 % interval and a dot a seed. The axis is as long as heads and the strongest
    /// baseline need; what is far below it has an arrow at its end and its number.
    /// </summary>
    public Chart Accuracy()
    {
        var best = table.Rows.Where(row => table.StrongestBaselines.Contains(row.Name)).MaxBy(row => row.Mean);
        var near = table.Rows.Where(row => !row.IsBaseline || row == best).ToList();
        double least = near.Min(row => Math.Min(row.Interval[0], RunsOf(row).Min(run => run.Metric.Value)));
        double most = table.Rows.Max(row => Math.Max(row.Interval[1], RunsOf(row).Max(run => run.Metric.Value)));
        double span = Math.Max(most - least, 0.01);
        double start = table.Rows.Select(row => row.Interval[0]).Where(low => low > least - (span / 2)).Append(least).Min();
        double air = Air * (most - start);
        var series = new List<Series>();
        foreach (var (place, row) in table.Rows.Index())
        {
            bool isCut = row.Interval[0] < start;
            string words = $"{Chart.NameOf(row, table.Rows)}: {Four(row.Mean)} ({Four(row.Interval[0])} – {Four(row.Interval[1])}), "
                + Terminal.Count(row.Runs, "run");
            series.Add(Of(row, isCut
                ? new Series(Chart.NameOf(row, table.Rows), [start], [place]) { ShowTexts = true, Symbol = "triangle-left" }
                : new Series(Chart.NameOf(row, table.Rows), [row.Mean], [place]) { Intervals = [(row.Interval[0], row.Interval[1])] })
                with
            {
                Kind = SeriesKind.Points,
                Texts = [isCut ? Four(row.Mean) : words],
            });
            var seeds = RunsOf(row).Where(_ => row.Runs > 1).ToList();
            double[] below = Below([.. seeds.Select(run => run.Metric.Value)], SameDot * (most - start));
            series.AddRange(seeds.Zip(below, (run, shift) => Of(row,
                new Series($"{Chart.NameOf(row, table.Rows)}, seed {run.Seed}", [run.Metric.Value], [place + shift]), run.Seed) with
            {
                Kind = SeriesKind.Points,
                IsFaint = true,
                Symbol = "circle",
                Texts = [$"seed {run.Seed}: {Four(run.Metric.Value)}"],
            }));
        }

        var names = new Axis("", [.. table.Rows.Select(row => Chart.NameOf(row, table.Rows))])
        {
            Reversed = true,
            Range = (-0.7, table.Rows.Count - 0.3),
        };
        return Chart.Of(new Sheet($"{Capital(metric)} on the test data: 95 % intervals, a dot a seed",
            new Axis(metric) { Range = (start - air, most + air) }, names, 720, 150 + (38 * table.Rows.Count), Legend: false), series);
    }

    /// <summary>How runs went from epoch to epoch: a thin line a run, a thick one for the mean of a head's runs.</summary>
    /// <param name="loss">The training loss instead of the score on the dev split.</param>
    public Chart LearningCurves(bool loss)
    {
        var series = new List<Series>();
        foreach (var row in _heads)
        {
            var lines = RunsOf(row).Select(run => (run.Seed, Points: run.History.Where(epoch => loss || epoch.DevScore is not null)
                .Select(epoch => (X: epoch.Epoch + 1.0, Y: loss ? epoch.Loss : epoch.DevScore!.Value)).ToArray())).ToList();
            series.AddRange(lines.Where(_ => row.Runs > 1).Select(line => Of(row, new Series(
                $"{Chart.NameOf(row, table.Rows)}, seed {line.Seed}", [.. line.Points.Select(point => point.X)],
                [.. line.Points.Select(point => point.Y)]), line.Seed) with
            { IsFaint = true }));
            var mean = lines.SelectMany(line => line.Points).GroupBy(point => point.X).OrderBy(epoch => epoch.Key).ToArray();
            series.Add(Of(row, new Series(Chart.NameOf(row, table.Rows), [.. mean.Select(epoch => epoch.Key)],
                [.. mean.Select(epoch => epoch.Average(point => point.Y))])));
        }

        return Chart.Of(new Sheet(loss ? "Training loss by epoch" : "Score on the dev split by epoch",
            new Axis("epoch") { WholeNumbers = true }, loss ? "mean loss" : "dev score"), series);
    }

    /// <summary>
    /// The metric against training speed, of heads whose runs had the machine for themselves; null where fewer than two had.
    /// </summary>
    public Chart? Speed() => Against("examples a second in training", "training speed", row => row.ExamplesPerSecond);

    /// <summary>The metric against the number of parameters; null for a single head.</summary>
    public Chart? Parameters() => Against("parameters of encoder and head, millions", "size", row => row.Parameters / 1e6);

    /// <summary>How often answers are right that are about equally sure; null where the runs have not kept how sure they were.</summary>
    public Chart? Calibration()
    {
        var series = table.Rows.Select(row => (Row: row, Reliability: Reliability.Of(RunsOf(row))))
            .Where(one => one.Reliability is not null && (one.Reliability.Bins.Count > 1 || !one.Row.IsBaseline))
            .Select(one => Of(one.Row, new Series(Chart.NameOf(one.Row, table.Rows),
                [.. one.Reliability!.Bins.Select(bin => bin.Confidence)], [.. one.Reliability.Bins.Select(bin => bin.Accuracy)])
            {
                Texts = [.. one.Reliability.Bins.Select(bin => $"{Chart.NameOf(one.Row, table.Rows)}: {bin.Answers:N0} answers, confidence "
                    + $"{Two(bin.Confidence)}, {Two(bin.Accuracy)} of them right")],
            })).ToList();
        if (series.Count == 0)
        {
            return null;
        }

        double low = Math.Min(1 - Air, series.Min(one => Math.Min(one.X.Min(), one.Y.Min())));
        return Chart.Of(new Sheet("Is a head as often right as it is sure?", new Axis("confidence") { Range = (low - Air, 1 + Air) },
            new Axis("share of right answers") { Range = (low - Air, 1 + Air) }, 720, 520),
            [new Series("as sure as right", [low, 1], [low, 1]) { IsFaint = true, Color = Chart.Grey }, .. series]);
    }

    /// <summary>Labels and answers of each head, its runs together; where there are many labels, of the best head only.</summary>
    /// <param name="labels">Names of the labels, or null.</param>
    public IReadOnlyList<(ComparisonTable.Row Row, Chart Chart)> Confusions(IReadOnlyList<string>? labels)
    {
        int count = runs[0].Confusion.Count;
        var rows = count > MostConfusions ? [table.Best] : _heads;
        return
        [
            .. rows.Where(row => RunsOf(row) is var own && own.All(run => run.Confusion.Count == count) && count > 0)
                .Select(row => (row, Chart.Confusion(
                    [.. Enumerable.Range(0, count).Select(label => (int[])[.. Enumerable.Range(0, count)
                        .Select(answer => (int)Math.Min(int.MaxValue, RunsOf(row).Sum(run => (long)run.Confusion[label][answer])))])],
                    labels?.Count == count ? labels : [.. Enumerable.Range(0, count).Select(label => $"{label}")],
                    $"{Chart.NameOf(row, table.Rows)}, {Terminal.Count(row.Runs, "run")}"))),
        ];
    }

    /// <summary>What encoders are worth: heads on several of them, the same data, and a line where the best baseline is.</summary>
    /// <param name="data">Name of the data.</param>
    /// <param name="comparisons">Names and tables of comparisons on the data.</param>
    /// <param name="metric">What was measured.</param>
    public static Chart Encoders(string data, IReadOnlyList<(string Name, ComparisonTable Table)> comparisons, string metric)
    {
        var (top, bottom) = (-0.7, comparisons.Count - 0.3);
        var rows = comparisons.SelectMany(one => one.Table.Rows).Where(row => !row.IsBaseline).DistinctBy(row => row.Name).ToList();
        var series = rows.Select((head, look) =>
        {
            string name = Chart.NameOf(head, rows);
            var found = comparisons.Index()
                .Select(one => (Place: one.Index, Row: one.Item.Table.Rows.FirstOrDefault(row => row.Name == head.Name)))
                .Where(one => one.Row is not null).Select(one => (one.Place, Row: one.Row!)).ToList();
            double aside = 0.5 * ((look + 0.5) / rows.Count - 0.5);
            return new Series(name, [.. found.Select(one => one.Row.Mean)], [.. found.Select(one => one.Place + aside)])
            {
                Kind = SeriesKind.Points,
                Look = look,
                Rows = [[head.Name]],
                Intervals = [.. found.Select(one => (one.Row.Interval[0], one.Row.Interval[1]))],
                Texts = [.. found.Select(one => $"{name} on {comparisons[one.Place].Name}: {Four(one.Row.Mean)} "
                    + $"({Four(one.Row.Interval[0])} – {Four(one.Row.Interval[1])})")],
            };
        });
        var best = comparisons.SelectMany(one => one.Table.Rows.Where(row => row.IsBaseline)).MaxBy(row => row.Mean);
        var line = best is null ? (Series[])[] : [new Series($"{best.Head}, {best.Variant}", [best.Mean, best.Mean], [top, bottom])
        {
            Color = Chart.Grey,
            Texts = [.. Enumerable.Repeat($"{best.Head}, {best.Variant}: {Four(best.Mean)}", 2)],
        }];
        return Chart.Of(new Sheet($"{data}: {metric} of each head by encoder, with 95 % intervals", metric,
            new Axis("", [.. comparisons.Select(one => one.Name)]) { Reversed = true, Range = (top, bottom) }, 720,
            170 + (70 * comparisons.Count)), [.. line, .. series]);
    }

    /// <summary>The runs of a row.</summary>
    public IReadOnlyList<RunRecord> RunsOf(ComparisonTable.Row row) =>
        [.. runs.Where(run => run.Head == row.Head && run.Variant == row.Variant)];

    private Chart? Against(string title, string what, Func<ComparisonTable.Row, double?> of)
    {
        var rows = _heads.Where(row => row.Parameters > 0 && of(row) is not null).ToList();
        double[] places = SideBySide([.. rows.Select(row => of(row)!.Value)]);
        return rows.Count < 2
            ? null
            : Chart.Of(new Sheet($"{Capital(metric)} against {what}", $"{title}; equal ones side by side", metric),
                [.. rows.Zip(places, (row, place) => Of(row, new Series(Chart.NameOf(row, table.Rows), [place], [row.Mean])) with
                {
                    Kind = SeriesKind.Points,
                    Intervals = [(row.Interval[0], row.Interval[1])],
                    IntervalsStand = true,
                    Texts = [$"{Chart.NameOf(row, table.Rows)}: {of(row)!.Value.ToString("#,0.##", CultureInfo.InvariantCulture)}, "
                        + $"{metric} {Four(row.Mean)}"],
                })]);
    }

    // Numbers that lie so close together that one mark would hide another, moved apart a little; what is said of a mark has its number.
    private static double[] SideBySide(double[] numbers)
    {
        double step = numbers.Length > 1 && numbers.Max() > numbers.Min() ? Width * (numbers.Max() - numbers.Min()) : Width;
        double[] places = [.. numbers];
        foreach (int[] group in Groups(numbers, step))
        {
            double middle = group.Average(i => numbers[i]);
            foreach (var (k, i) in group.Index().Where(_ => group.Length > 1))
            {
                places[i] = middle + (step * (k - ((group.Length - 1) / 2.0)));
            }
        }

        return places;
    }

    // Which numbers lie within a width of the least of them, each group in the order of the table.
    private static IEnumerable<int[]> Groups(double[] numbers, double width)
    {
        int[] order = [.. Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i])];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && numbers[order[to]] - numbers[order[from]] < width; to++)
            {
            }

            yield return [.. order[from..to].Order()];
        }
    }

    // How far below its head's mark each dot lies, in rows: equal ones one below the other.
    private static double[] Below(double[] numbers, double same)
    {
        const double First = 0.27, Last = 0.47, Step = 0.16;
        double[] shifts = [.. numbers.Select(_ => First)];
        foreach (int[] group in Groups(numbers, same).Where(group => group.Length > 1))
        {
            double step = Math.Min(Step, (Last - First) * 2 / (group.Length - 1));
            foreach (var (k, i) in group.Index())
            {
                shifts[i] = First + (step * (k - ((group.Length - 1) / 2.0)));
            }
        }

        return shifts;
    }

    // In the head's own colour everywhere.
    private Series Of(ComparisonTable.Row row, Series series, int? seed = null) =>
        Chart.OfRow(series, row, table.Rows) with { Seed = seed };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
