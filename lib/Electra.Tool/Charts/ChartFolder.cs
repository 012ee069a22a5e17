using Electra.Lessons;
using Electra.Tool.Report;

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
    /// <param name="data">A data set whose texts the page shows beside the project's own, by name or folder, or null.</param>
    /// <param name="margin">See <see cref="ComparisonTable.Margin"/>.</param>
    /// <returns>Names of the files, and why there are no pictures, or null where there are.</returns>
    /// <exception cref="InputException">There is nothing to draw, or the folder cannot be written to.</exception>
    public static (IReadOnlyList<string> Files, string? WithoutPictures) Write(string folder, IEnumerable<RunRecord> runs,
        string? data = null, double margin = ComparisonTable.DefaultMargin)
    {
        var comparisons = Comparisons(runs, margin);
        if (comparisons.Count == 0)
        {
            throw new InputException("There are no recorded runs to draw; electra compare makes some.");
        }

        var texts = new TestTexts(data);
        texts.CheckNamed(comparisons.Select(comparison => (comparison.First.Task, comparison.First.Data)));
        var encoders = Encoders(comparisons);
        var charts = comparisons
            .SelectMany(comparison => comparison.Figures(texts.LabelsOf(comparison.First)).Where(figure => figure.Picture is not null)
                .Select(figure => (File: $"{comparison.Name}-{figure.Picture}.svg", figure.Chart)))
            .Concat(encoders.Select(one => (File: $"{one.Name}.svg", one.Chart)))
            .ToArray();
        AtomicFile.WriteText(Path.Combine(folder, TableFile), string.Join('\n', comparisons.Select(Markdown)));
        AtomicFile.WriteText(Path.Combine(folder, PageFile), ReportPage.Of(comparisons, [.. encoders.Select(one => one.Chart)], texts));
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

    private static string Markdown(ComparedRuns comparison)
    {
        string[] parts =
        [
            $"## {HtmlParts.Markdown(comparison.Title)}\n",
            $"{HtmlParts.Markdown(Findings.Of(comparison.Results, comparison.Metric))}\n",
            comparison.Heads().ToMarkdown(),
            .. comparison.Results.Tests.Count > 0
                ? [comparison.Tests().ToMarkdown(), comparison.Disagreements().ToMarkdown()]
                : (string[])[],
            .. comparison.Calibration() is { } calibration ? [calibration.ToMarkdown()] : (string[])[],
        ];
        return string.Join('\n', parts);
    }

    /// <summary>What encoders are worth: a chart of each data set that several were compared on.</summary>
    public static IReadOnlyList<(string Name, Chart Chart)> Encoders(IEnumerable<ComparedRuns> comparisons) =>
    [
        .. comparisons.GroupBy(comparison => (comparison.First.Task, comparison.First.Data))
            .Where(group => group.DistinctBy(comparison => comparison.First.Encoder).Count() > 1)
            .Select((group, number) => ($"encoders{(number > 0 ? $"-{number + 1}" : "")}", ReportCharts.Encoders(
                group.Key.Data.Name, [.. group.Select(comparison => (NameIn(group, comparison), comparison.Results))],
                group.First().Metric))),
    ];

    // The encoder's name, if that says which of several is meant.
    private static string NameIn(IEnumerable<ComparedRuns> comparisons, ComparedRuns one) =>
        comparisons.Count(other => other.First.Encoder!.Name == one.First.Encoder!.Name) > 1 ? one.Title : one.First.Encoder!.Name;

    /// <summary>Puts together what may stand in one table.</summary>
    /// <param name="recorded">Recorded runs.</param>
    /// <param name="margin">See <see cref="ComparisonTable.Margin"/>.</param>
    public static IReadOnlyList<ComparedRuns> Comparisons(IEnumerable<RunRecord> recorded, double margin = ComparisonTable.DefaultMargin)
    {
        var runs = recorded.Select(run => run.AsShown()).ToList();
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
                (group, i) => new ComparedRuns(groups[..i].Count(before => before.Name == group.Name) is > 0 and var before
                    ? $"{group.Name}-{before + 1}"
                    : group.Name, group.Runs, margin))];
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
}
