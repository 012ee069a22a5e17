namespace Electra;

/// <summary>
/// What recorded runs say together: a row a head and variant, and a test for each pair of heads and for each head against the strongest
/// baselines.
/// </summary>
public sealed class ComparisonTable
{
    /// <summary>The level below which an adjusted p is called a difference.</summary>
    public const double Significance = 0.05;

    /// <summary>Unless told otherwise, results whose difference is surely smaller than this are called the same: one point.</summary>
    public const double DefaultMargin = 0.01;

    private ComparisonTable(IReadOnlyList<Row> rows, IReadOnlyList<Test> tests, IReadOnlyList<string> strongest, double margin) =>
        (Rows, Tests, StrongestBaselines, Margin) = (rows, tests, strongest, margin);

    /// <summary>The rows, in the order in which the heads first appear.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>The tests, the smallest p first.</summary>
    public IReadOnlyList<Test> Tests { get; }

    /// <summary>
    /// The <see cref="Row.Name"/>s of the baselines that heads are tested against: the one that is best on the dev split, and those within
    /// one standard error of it there, which a small dev split cannot tell from it (Breiman et al. 1984, section 3.4.3).
    /// </summary>
    public IReadOnlyList<string> StrongestBaselines { get; }

    /// <summary>Heads whose difference is surely smaller than this, by its 95 % interval, are called the same; stated beforehand.</summary>
    public double Margin { get; }

    /// <summary>Makes the table of runs on the same test rows.</summary>
    /// <param name="runs">Records of one data set.</param>
    /// <param name="margin">See <see cref="Margin"/>.</param>
    /// <exception cref="InputException">The runs were tested on different data, or the margin is not between 0 and 1.</exception>
    public static ComparisonTable Of(IReadOnlyList<RunRecord> runs, double margin = DefaultMargin)
    {
        InputException.Require(margin is > 0 and < 1, "margin", margin, "between 0 and 1");
        if (runs.Select(run => (run.Data.Hash, run.Correct.Length, run.Scores?.Count)).Distinct().Count() > 1)
        {
            throw new InputException(
                "The recorded runs are of different data sets and cannot stand in one table; give each its own --results folder.");
        }

        var groups = runs.GroupBy(run => (run.Head, run.Variant)).Select(group => new Group([.. group])).ToList();
        var baselines = Strongest([.. groups.Where(group => group.IsBaseline)], runs[0].Data.Dev);
        return new ComparisonTable(
            [.. groups.Select(group => group.Row())], TestsOf(groups, baselines, margin),
            [.. baselines.Select(group => group.Name)], margin);
    }

    /// <summary>The head with the greatest mean; of tables of baselines only, the best of these.</summary>
    public Row Best => Rows.Where(row => !row.IsBaseline).DefaultIfEmpty(Rows.MaxBy(row => row.Mean)!).MaxBy(row => row.Mean)!;

    /// <summary>A pair to read, the variants where there are several: <c>bilstm, mask-aware − n-grams</c>.</summary>
    public string NameOf(Test test)
    {
        return $"{Short(test.A)} − {Short(test.B)}";

        string Short(string name)
        {
            var row = Rows.Single(one => one.Name == name);
            return Rows.Count(one => one.Head == row.Head) > 1 ? $"{row.Head}, {row.Variant}" : row.Head;
        }
    }

    /// <summary>The test of two rows, in either order; null where they were not tested.</summary>
    public Test? TestOf(Row first, Row second) => Tests.FirstOrDefault(test => test.IsOf(first, second));

    /// <summary>Heads that cannot be told apart from <see cref="Best"/>, by the tests' adjusted p.</summary>
    public IReadOnlyList<Row> NotWorseThanBest() => [.. Rows.Where(row => TestOf(Best, row) is { IsDifference: false })];

    /// <summary>A probability to read: with three places, and never as 0.</summary>
    public static string Chance(double p) => p switch
    {
        < 0.0001 => "< 0.0001",
        < 0.001 => p.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture),
        _ => p.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static List<Group> Strongest(IReadOnlyList<Group> baselines, int devExamples)
    {
        double best = baselines.Select(group => group.DevScore).DefaultIfEmpty().Max();
        double error = Math.Sqrt(best * (1 - best) / Math.Max(1, devExamples));
        return [.. baselines.Where(group => group.DevScore >= best - error)];
    }

    private static List<Test> TestsOf(IReadOnlyList<Group> groups, IReadOnlyList<Group> baselines, double margin)
    {
        var heads = groups.Where(group => !group.IsBaseline).ToList();
        var pairs = heads.Index().SelectMany(a => heads.Skip(a.Index + 1).Select(b => (A: a.Item, B: b)))
            .Concat(heads.SelectMany(head => baselines.Select(baseline => (A: head, B: baseline))))
            .Select(pair => (pair.A, pair.B, Difference: TwoSources.Difference(pair.A.Values, pair.B.Values), P: pair.A.ChanceOf(pair.B)))
            .ToList();
        double[] adjusted = Holm.Adjust([.. pairs.Select(pair => pair.P ?? pair.Difference.P)]);
        return
        [
            .. pairs.Zip(adjusted, (pair, p) => new Test(
                pair.A.Name, pair.B.Name, pair.Difference.Value, [Math.Max(-1, pair.Difference.Low), Math.Min(1, pair.Difference.High)],
                pair.P ?? pair.Difference.P, p, pair.Difference.Smallest(Significance / pairs.Count), margin, pair.P is null))
                .OrderBy(test => test.P),
        ];
    }

    /// <summary>One head in one variant.</summary>
    /// <param name="Head">The head's name, or a baseline's.</param>
    /// <param name="Variant">The variant, or <c>baseline</c>.</param>
    /// <param name="Runs">Number of runs.</param>
    /// <param name="Mean">Mean of the metric (accuracy, F1) over the runs.</param>
    /// <param name="Std">Sample standard deviation over the runs; null for a single one.</param>
    /// <param name="Interval">
    /// 95 % interval of the mean: of several runs with what test examples and seeds leave open (<see cref="TwoSources"/>); of a single one
    /// what the test examples alone leave open, Wilson's for an accuracy, else the bootstrap's.
    /// </param>
    /// <param name="Parameters">Parameters of encoder and head; 0 for a baseline.</param>
    /// <param name="Seconds">Mean seconds of training.</param>
    /// <param name="ExamplesPerSecond">
    /// Training speed as it was measured beside the runs (<see cref="MeasuredSpeed"/>), or else the mean of the runs that had the machine
    /// for themselves (<see cref="RunRecord.Jobs"/>); null where there is neither.
    /// </param>
    public sealed record Row(
        string Head, string Variant, int Runs, double Mean, double? Std, IReadOnlyList<double> Interval, long Parameters, double Seconds,
        double? ExamplesPerSecond)
    {
        /// <summary>How tests name it: <c>cnn/mask-aware</c>.</summary>
        public string Name => $"{Head}/{Variant}";

        /// <summary>Whether it is no head.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsBaseline => Variant == RunRecord.Baseline;
    }

    /// <summary>
    /// The test of two rows: with the noise of test examples and seeds; where each has a single run, of the examples alone (McNemar's exact
    /// one, or the paired bootstrap).
    /// </summary>
    /// <param name="A">Name of the one.</param>
    /// <param name="B">Name of the other.</param>
    /// <param name="Difference">A's mean less B's.</param>
    /// <param name="Interval">Its 95 % interval, see <see cref="TwoSources"/>.</param>
    /// <param name="P">Probability of a difference at least as large by chance, two-sided.</param>
    /// <param name="AdjustedP">The same, adjusted for the number of tests in the table (Holm).</param>
    /// <param name="Smallest">
    /// The smallest true difference that this comparison would find in 80 of 100 repetitions, at the level of Holm's first step; null where
    /// nothing varied.
    /// </param>
    /// <param name="Margin">See <see cref="ComparisonTable.Margin"/>.</param>
    /// <param name="WithSeeds">Whether the noise of the seeds is in it.</param>
    public sealed record Test(
        string A, string B, double Difference, IReadOnlyList<double> Interval, double P, double AdjustedP, double? Smallest, double Margin,
        bool WithSeeds)
    {
        /// <summary>Whether it is about these two rows.</summary>
        public bool IsOf(Row first, Row second) => (A == first.Name && B == second.Name) || (A == second.Name && B == first.Name);

        /// <summary>The same, of B less A.</summary>
        public Test Turned() => this with { A = B, B = A, Difference = -Difference, Interval = [-Interval[1], -Interval[0]] };

        /// <summary>Whether chance alone would hardly show it: an adjusted p below <see cref="Significance"/>.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsDifference => AdjustedP < Significance;

        /// <summary>Whether it is none, and surely smaller than the margin.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsSame => !IsDifference && Interval[0] > -Margin && Interval[1] < Margin;

        /// <summary>What it says: that there is a difference, that there is none as large as the margin, or neither.</summary>
        public string Verdict => (IsDifference, IsSame) switch
        {
            (true, _) => "a difference",
            (_, true) => $"the same within ± {Margin.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)}",
            _ => "inside the noise",
        };
    }

    // The runs of a row, with what each test example brings to the metric.
    private sealed class Group(IReadOnlyList<RunRecord> runs)
    {
        private readonly RunRecord _first = runs[0];

        public string Name => $"{_first.Head}/{_first.Variant}";

        public bool IsBaseline => _first.IsBaseline;

        public double DevScore => runs.Average(run => run.DevScore);

        public IReadOnlyList<IReadOnlyList<double>> Values { get; } =
            [.. runs.Select(run => run.Scores is { } scores
                ? TwoSources.Shares(scores)
                : [.. run.Correct.Select(digit => digit == '1' ? 1.0 : 0)])];

        // The exact test of two single runs; null where there are more.
        public double? ChanceOf(Group other) => (runs, other.Runs) switch
        {
            ([{ Scores: { } a }], [{ Scores: { } b }]) => Statistics.PairedBootstrap(a, b),
            ([{ Scores: null } a], [{ Scores: null } b]) => Statistics.McNemar(a.CorrectRows, b.CorrectRows).ExactP,
            _ => null,
        };

        public Row Row()
        {
            var (mean, deviation) = Statistics.MeanAndStandardDeviation([.. runs.Select(run => run.Metric.Value)]);
            var (low, high) = Interval();
            return new Row(
                _first.Head,
                _first.Variant,
                runs.Count,
                mean,
                deviation,
                [low, high],
                _first.Parameters,
                runs.Average(run => run.Seconds),
                runs.Select(run => run.MeasuredPerSecond).Average()
                    ?? runs.Where(HadTheMachine).Select(run => (double?)run.ExamplesPerSecond.Train).Average());
        }

        private IReadOnlyList<RunRecord> Runs => runs;

        // Runs of the first method were made one after the other, which is not in their records.
        private static bool HadTheMachine(RunRecord run) => run.Jobs == 1 || (run.Jobs is null && run.Options is null or { Method: 0 });

        private (double Low, double High) Interval()
        {
            if (runs.Count > 1)
            {
                var estimate = TwoSources.Mean(Values);
                return (Math.Max(0, estimate.Low), Math.Min(1, estimate.High));
            }

            return _first.Scores is { } scores
                ? Statistics.Bootstrap([scores])
                : Statistics.Wilson(_first.Metric.Right, _first.Metric.Total);
        }
    }
}
