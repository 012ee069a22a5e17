namespace Electra;

/// <summary>What recorded runs say together: a row a head and variant, and a test for each pair of them.</summary>
public sealed class ComparisonTable
{
    /// <summary>The level below which a difference is called one.</summary>
    public const double Significance = 0.05;

    private ComparisonTable(IReadOnlyList<Row> rows, IReadOnlyList<Test> tests)
    {
        (Rows, Tests) = (rows, tests);
    }

    /// <summary>The rows, in the order in which the heads first appear.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>The test of each pair of rows: McNemar's for an accuracy, the paired bootstrap for other metrics.</summary>
    public IReadOnlyList<Test> Tests { get; }

    /// <summary>Makes the table of runs on the same test rows.</summary>
    /// <param name="runs">Records of one data set.</param>
    /// <exception cref="InputException">The runs were tested on different data.</exception>
    public static ComparisonTable Of(IReadOnlyList<RunRecord> runs)
    {
        if (runs.Select(run => (run.Data.Hash, run.Correct.Length, run.Scores?.Count)).Distinct().Count() > 1)
        {
            throw new InputException(
                "The recorded runs are of different data sets and cannot stand in one table; give each its own --results folder.");
        }

        var groups = runs.GroupBy(run => (run.Head, run.Variant)).ToList();
        return new ComparisonTable([.. groups.Select(group => RowOf([.. group]))], TestsOf([.. groups.Select(Representative)]));
    }

    /// <summary>Pairs that cannot be told apart from the best row, by the tests' adjusted p.</summary>
    public IReadOnlyList<Row> NotWorseThanBest()
    {
        var best = Rows.MaxBy(row => row.Mean)!;
        return [.. Rows.Where(row => row != best && Tests.Any(test => test.IsOf(best, row) && test.AdjustedP >= Significance))];
    }

    // What the number of test examples leaves open in the mean over the runs.
    private static (double Low, double High) IntervalOf(IReadOnlyList<RunRecord> runs, double mean)
    {
        int total = runs[0].Metric.Total;
        return runs[0].Scores is null
            ? Statistics.Wilson((int)Math.Round(mean * total), total)
            : Statistics.Bootstrap([.. runs.Select(run => run.Scores!)]);
    }

    private static Row RowOf(IReadOnlyList<RunRecord> runs)
    {
        var (mean, deviation) = Statistics.MeanAndStandardDeviation([.. runs.Select(run => run.Metric.Value)]);
        var (low, high) = IntervalOf(runs, mean);
        return new Row(
            runs[0].Head,
            runs[0].Variant,
            runs.Count,
            mean,
            deviation,
            [low, high],
            runs[0].Parameters,
            runs.Average(run => run.Seconds),
            runs.Average(run => run.ExamplesPerSecond.Train));
    }

    // Several seeds are several classifiers; the one that dev likes best stands for them, as it would be the one to use.
    private static RunRecord Representative(IEnumerable<RunRecord> runs) =>
        runs.OrderByDescending(run => run.DevScore).ThenBy(run => run.Seed).First();

    private static List<Test> TestsOf(IReadOnlyList<RunRecord> runs)
    {
        var pairs = (from i in Enumerable.Range(0, runs.Count)
                     from j in Enumerable.Range(i + 1, runs.Count - i - 1)
                     let p = ChanceOf(runs[i], runs[j])
                     select (A: runs[i], B: runs[j], P: p)).ToList();

        // Holm 1979: the smallest of n p values is multiplied by n, the next by n - 1, …, and none may be smaller than the one before.
        var tests = new List<Test>();
        double least = 0;
        foreach (var (pair, rank) in pairs.OrderBy(pair => pair.P).Select((pair, rank) => (pair, rank)))
        {
            least = Math.Max(least, Math.Min(1, pair.P * (pairs.Count - rank)));
            tests.Add(new Test(NameOf(pair.A.Head, pair.A.Variant), NameOf(pair.B.Head, pair.B.Variant), pair.P, least,
                pair.A.Seed, pair.B.Seed));
        }

        return tests;
    }

    private static double ChanceOf(RunRecord a, RunRecord b) => a.Scores is { } first && b.Scores is { } second
        ? Statistics.PairedBootstrap(first, second)
        : Statistics.McNemar(a.CorrectRows, b.CorrectRows).ExactP;

    private static string NameOf(string head, string variant) => $"{head}/{variant}";

    /// <summary>One head in one variant.</summary>
    /// <param name="Head">The head's name, or a baseline's.</param>
    /// <param name="Variant">The variant, or <c>baseline</c>.</param>
    /// <param name="Runs">Number of runs.</param>
    /// <param name="Mean">Mean of the metric (accuracy, F1) over the runs.</param>
    /// <param name="Std">Sample standard deviation over the runs; null for a single one.</param>
    /// <param name="Interval">95 % interval of the mean, Wilson's for an accuracy, else the bootstrap's: what the number of test examples
    /// leaves open.</param>
    /// <param name="Parameters">Parameters of encoder and head; 0 for a baseline.</param>
    /// <param name="Seconds">Mean seconds of training.</param>
    /// <param name="ExamplesPerSecond">Mean training speed.</param>
    public sealed record Row(
        string Head, string Variant, int Runs, double Mean, double? Std, IReadOnlyList<double> Interval, long Parameters, double Seconds,
        double ExamplesPerSecond)
    {
        /// <summary>How tests name it: <c>cnn/mask-aware</c>.</summary>
        public string Name => NameOf(Head, Variant);
    }

    /// <summary>
    /// The test of two rows, McNemar's exact one or the paired bootstrap, each represented by its run with the best dev score.
    /// </summary>
    /// <param name="A">Name of the one.</param>
    /// <param name="B">Name of the other.</param>
    /// <param name="P">Probability of a difference at least as uneven by chance, two-sided.</param>
    /// <param name="AdjustedP">The same, adjusted for the number of tests in the table (Holm).</param>
    /// <param name="SeedA">Seed of the run that stands for A.</param>
    /// <param name="SeedB">Seed of the run that stands for B.</param>
    public sealed record Test(string A, string B, double P, double AdjustedP, int SeedA, int SeedB)
    {
        /// <summary>Whether it is about these two rows.</summary>
        public bool IsOf(Row first, Row second) => (A == first.Name && B == second.Name) || (A == second.Name && B == first.Name);
    }
}
