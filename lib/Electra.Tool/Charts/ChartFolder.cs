using System.Net;
using System.Text;
using Electra.Lessons;

namespace Electra.Tool.Charts;

/// <summary>
/// Tables and charts of recorded runs as files: Markdown, a page to look at without network, and pictures where a browser is found.
/// </summary>
internal static class ChartFolder
{
    private const string TableFile = "comparison.md";
    private const string PageFile = "index.html";

    /// <summary>Writes tables and charts of runs; runs of other data, encoders or options stand in tables of their own.</summary>
    /// <param name="folder">Where they go; files of the same names are replaced.</param>
    /// <param name="runs">Recorded runs, at least one that is no baseline.</param>
    /// <returns>Names of the files, and why there are no pictures, or null where there are.</returns>
    /// <exception cref="InputException">There is nothing to draw, or the folder cannot be written to.</exception>
    public static (IReadOnlyList<string> Files, string? WithoutPictures) Write(string folder, IEnumerable<RunRecord> runs)
    {
        var comparisons = Comparisons([.. runs.Select(run => run.AsShown())]);
        if (comparisons.Count == 0)
        {
            throw new InputException("There are no recorded runs to draw; electra compare makes some.");
        }

        var charts = comparisons
            .SelectMany(comparison => comparison.Charts().Select(chart => (File: $"{comparison.Name}-{chart.Name}.svg", chart.Chart)))
            .ToArray();
        AtomicFile.WriteText(Path.Combine(folder, TableFile),
            string.Join('\n', comparisons.Select(
                comparison => $"## {HtmlParts.Markdown(comparison.Title)}\n\n{comparison.Table().ToMarkdown()}\n" +
                    $"{comparison.Tests().ToMarkdown()}")));
        AtomicFile.WriteText(Path.Combine(folder, PageFile), Page(comparisons));
        var files = new List<string> { TableFile, PageFile };
        string? without = null;
        try
        {
            foreach (var (picture, file) in ChartPictures.Of([.. charts.Select(chart => chart.Chart)])
                .Zip(charts.Select(chart => chart.File)))
            {
                if (picture is null)
                {
                    without =
                        $"No browser draws pictures here: open {PageFile}, or install Chromium, Chrome or Edge and run electra charts.";
                    continue;
                }

                AtomicFile.WriteText(Path.Combine(folder, file), picture + "\n");
                files.Add(file);
            }
        }
        catch (InputException e) when (files.Count == 2)
        {
            without = e.Message; // the page has the charts all the same
        }

        return (files, without);
    }

    private static List<RunsTogether> Comparisons(IReadOnlyList<RunRecord> runs)
    {
        var groups = runs.Where(run => !run.IsBaseline)
            .GroupBy(
                run => (run.Task, run.Data, run.Encoder, run.MaxTokens,
                    Options: run.Options is { } options ? options with { Seed = 0 } : null))
            .Select(
                group => (Name: NameOf(group.First()),
                    Runs: InOrder(group)
                        .Concat(runs.Where(run => run.IsBaseline && run.Task == group.Key.Task && run.Data == group.Key.Data
                            && (run.Encoder is null || run.Encoder == group.Key.Encoder))
                        .OrderBy(run => run.Metric.Value)).ToArray()))
            .OrderBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.Runs[0].Options?.Epochs)
            .ThenBy(group => group.Runs[0].Options?.LearningRate)
            .ToArray();

        // The same data and encoder with other options get a number.
        return [
            .. groups.Select(
                (group, i) => new RunsTogether(groups[..i].Count(before => before.Name == group.Name) is > 0 and var before
                    ? $"{group.Name}-{before + 1}"
                    : group.Name, group.Runs))];
    }

    // The order of the heads' names, whatever the order of the files: the same records, the same tables.
    private static IEnumerable<RunRecord> InOrder(IEnumerable<RunRecord> runs)
    {
        string[] known = [.. TaskKinds.All.SelectMany(kind => kind.Heads.Names).Distinct()];
        return runs.OrderBy(run => Array.IndexOf(known, run.Head) is >= 0 and var place ? place : known.Length)
            .ThenBy(run => run.Head, StringComparer.Ordinal)
            .ThenByDescending(run => run.Variant, StringComparer.Ordinal) // published before mask-aware
            .ThenBy(run => run.Seed);
    }

    private static string NameOf(RunRecord run) =>
        string.Join('-',
            new string(
                [.. $"{run.Data.Name} {run.Encoder!.Name}".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(
                    ' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Page(IReadOnlyList<RunsTogether> comparisons)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Recorded runs</title>\n"
            + "<style>body{max-width:1000px;margin:20px auto;padding:0 " +
            "12px;font-family:sans-serif;background:#fff;color:#222}</style>\n<script>");
        html.Append(ChartLibrary.Instance.Script).Append("</script></head><body>\n");
        int number = 0;
        foreach (var comparison in comparisons)
        {
            html.Append("<h1>").Append(WebUtility.HtmlEncode(comparison.Title)).Append("</h1>\n")
                .Append(((IShown)comparison.Table()).As(ShownFormatters.Html)).Append('\n')
                .Append(((IShown)comparison.Tests()).As(ShownFormatters.Html)).Append('\n');
            foreach (var (_, chart) in comparison.Charts())
            {
                html.Append("<div id=\"chart").Append(++number).Append("\"></div><script>Plotly.newPlot(\"chart").Append(number)
                    .Append("\", ").Append(HtmlParts.InScript(chart.Json)).Append(");</script>\n");
            }
        }

        return html.Append("</body></html>\n").ToString();
    }

    /// <summary>Runs that may stand in one table: the same data, encoder and options, with the baselines of the data.</summary>
    private sealed class RunsTogether(string name, IReadOnlyList<RunRecord> runs)
    {
        private readonly ComparisonTable _table = ComparisonTable.Of(runs);

        public string Name => name;

        public string Title => $"{runs[0].Data.Name}, {runs[0].Encoder!.Name}, {Terminal.Count(runs[0].Options!.Epochs, "epoch")}";

        public Table Table() => Lessons.Table.Of(_table, metric: runs[0].Metric.Name);

        public Table Tests() => Lessons.Table.OfTests(_table);

        public IEnumerable<(string Name, Chart Chart)> Charts()
        {
            yield return ("accuracy", Chart.Accuracy(_table, metric: runs[0].Metric.Name));
            if (_table.Tests.Count > 0)
            {
                yield return ("differences", Chart.Differences(_table, metric: runs[0].Metric.Name));
            }

            yield return ("dev-score", Chart.LearningCurves(runs));
            yield return ("loss", Chart.LearningCurves(runs, loss: true));
            if (_table.Rows.Any(row => row.Parameters > 0 && row.ExamplesPerSecond is not null))
            {
                yield return ("speed", Chart.Throughput(_table));
            }

            var best = runs.Where(run => !run.IsBaseline).MaxBy(run => run.DevScore)!;
            if (best.Confusion.Count > 0)
            {
                yield return ("confusion", Chart.Confusion(
                    best.Confusion, [.. Enumerable.Range(0, best.Confusion.Count).Select(label => $"{label}")],
                    $"Labels and answers of the best run on dev: {best.Head}, {best.Variant}, seed {best.Seed}"));
            }
        }
    }
}
