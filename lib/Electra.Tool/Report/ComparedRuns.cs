using System.Globalization;
using Electra.Lessons;

namespace Electra.Tool.Report;

/// <summary>Runs that may stand in one table: the same data, encoder and options, with the baselines of the data.</summary>
internal sealed class ComparedRuns
{
    private readonly ReportCharts _charts;

    /// <summary>Puts runs together.</summary>
    /// <param name="name">What its pictures are called.</param>
    /// <param name="runs">Runs as tables show them, at least one of a head.</param>
    /// <param name="margin">See <see cref="ComparisonTable.Margin"/>.</param>
    public ComparedRuns(string name, IReadOnlyList<RunRecord> runs, double margin)
    {
        (Name, Runs, Results) = (name, runs, ComparisonTable.Of(runs, margin));
        _charts = new(Results, runs, Metric);
    }

    /// <summary>What its pictures are called.</summary>
    public string Name { get; }

    /// <summary>All runs.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }

    /// <summary>A run of a head.</summary>
    public RunRecord First => Runs.First(run => !run.IsBaseline);

    /// <summary>What they say together.</summary>
    public ComparisonTable Results { get; }

    /// <summary>What was measured.</summary>
    public string Metric => Runs[0].Metric.Name;

    /// <summary>Data, encoder and epochs.</summary>
    public string Title => $"{First.Data.Name}, {First.Encoder!.Name}, {Terminal.Count(First.Options!.Epochs, "epoch")}";

    /// <summary>A row a head and variant.</summary>
    public Table Heads() => Table.Of(Results, metric: Metric);

    /// <summary>A row a tested pair.</summary>
    public Table Tests() => Table.OfTests(Results);

    /// <summary>The tested pairs by what they get right.</summary>
    public Table Disagreements()
    {
        var runs = Results.Rows.ToDictionary(row => row.Name, _charts.RunsOf);
        var pairs = Results.Tests.Select(test => Disagreement.Of((test.A, runs[test.A]), (test.B, runs[test.B])))
            .OrderByDescending(pair => pair.OnlyA + pair.OnlyB).ToList();
        return Table.Of(("a", pairs.Select(pair => pair.A)), ("b", pairs.Select(pair => pair.B)),
            ("only a right", pairs.Select(pair => One(pair.OnlyA))), ("only b right", pairs.Select(pair => One(pair.OnlyB))),
            ("both right", pairs.Select(pair => One(pair.Both))), ("both wrong", pairs.Select(pair => One(pair.Neither))));
    }

    /// <summary>How sure each head is and how often right; null where no run has kept it.</summary>
    public Table? Calibration()
    {
        var rows = Results.Rows.Select(row => (Row: row, Reliability: Reliability.Of(_charts.RunsOf(row))))
            .Where(one => one.Reliability is not null).Select(one => (one.Row, Reliability: one.Reliability!)).ToList();
        return rows.Count == 0
            ? null
            : Table.Of(("head", rows.Select(one => one.Row.Head)), ("variant", rows.Select(one => one.Row.Variant)),
                ("mean confidence", rows.Select(one => Three(one.Reliability.Confidence))),
                ("right", rows.Select(one => Three(one.Reliability.Accuracy))),
                ("calibration error", rows.Select(one => Three(one.Reliability.Error))));
    }

    /// <summary>Its charts, each with the name of its picture, or null where there is one of each head.</summary>
    /// <param name="labels">Names of labels, or null.</param>
    public IReadOnlyList<ReportFigure> Figures(IReadOnlyList<string>? labels)
    {
        var figures = new List<ReportFigure> { new("accuracy", _charts.Accuracy(), "accuracy") };
        if (Results.Tests.Count > 0)
        {
            figures.Add(new("differences", Chart.Differences(Results, metric: Metric), "differences"));
        }

        figures.Add(new("learning", _charts.LearningCurves(loss: false), "dev-score"));
        figures.Add(new("learning", _charts.LearningCurves(loss: true), "loss"));
        if (_charts.Speed() is { } speed)
        {
            figures.Add(new("cost", speed, "speed"));
        }

        if (_charts.Parameters() is { } parameters)
        {
            figures.Add(new("cost", parameters, "parameters"));
        }

        figures.AddRange(_charts.Confusions(labels).Select(
            one => new ReportFigure("confusion", one.Chart, one.Row == Results.Best ? "confusion" : null, one.Row.Name)));
        if (_charts.Calibration() is { } calibration)
        {
            figures.Add(new("calibration", calibration, "calibration"));
        }

        return figures;
    }

    private static string One(double value) => value.ToString("#,0.0", CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
