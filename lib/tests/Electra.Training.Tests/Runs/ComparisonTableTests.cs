using System.Text.Json;

namespace Electra.Tests;

public class ComparisonTableTests
{
    private static readonly RunRecord Any = Records.All[0];
    private static readonly RunRecord AnyBaseline = Records.All[^1];

    [Fact]
    public void Several_seeds_are_tested_with_both_noises_and_their_rows_have_their_interval()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Reference.Golden("metrics", "seeds.json")));
        foreach (var expected in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var runs = Runs("fc", expected.GetProperty("a")).Concat(Runs("cnn", expected.GetProperty("b"))).ToList();
            if (runs.Count == 2)
            {
                continue;
            }

            var table = ComparisonTable.Of(runs);
            var test = Assert.Single(table.Tests);
            var difference = expected.GetProperty("difference");
            Assert.Equal(difference.GetProperty("mean").GetDouble(), test.Difference, 1e-9);
            Assert.Equal(difference.GetProperty("low").GetDouble(), test.Interval[0], 1e-9);
            Assert.Equal(difference.GetProperty("high").GetDouble(), test.Interval[1], 1e-9);
            Assert.Equal(difference.GetProperty("p").GetDouble(), test.P, 1e-9);
            Assert.True(test.WithSeeds);
            if (table.Rows[0].Runs > 1)
            {
                Assert.Equal(Math.Max(0, expected.GetProperty("of_a").GetProperty("low").GetDouble()), table.Rows[0].Interval[0], 1e-9);
                Assert.Equal(Math.Min(1, expected.GetProperty("of_a").GetProperty("high").GetDouble()), table.Rows[0].Interval[1], 1e-9);
            }
        }

        static IEnumerable<RunRecord> Runs(string head, JsonElement runs) =>
            runs.EnumerateArray().Select((run, seed) => Run(head, run.GetString()!, seed));
    }

    [Fact]
    public void Single_runs_are_tested_by_McNemar_and_have_Wilsons_interval()
    {
        string a = new string('1', 60) + new string('0', 40);
        string b = new string('1', 45) + new string('0', 20) + new string('1', 5) + new string('0', 30);
        var table = ComparisonTable.Of([Run("fc", a, 1), Run("cnn", b, 1)]);
        var test = Assert.Single(table.Tests);
        Assert.False(test.WithSeeds);
        Assert.Equal(Electra.Statistics.McNemar(15, 5).ExactP, test.P, 1e-12);
        var (low, high) = Electra.Statistics.Wilson(60, 100);
        Assert.Equal([low, high], table.Rows[0].Interval);
    }

    [Fact]
    public void Heads_are_tested_with_each_other_and_with_the_baselines_that_dev_likes_best()
    {
        string half = new string('1', 50) + new string('0', 50);
        RunRecord[] baselines = // of 100 dev rows: the standard error of 0.9 is 0.03
        [
            Baseline("weak", half, dev: 0.86), Baseline("strong", half[1..] + "0", dev: 0.9), Baseline("near", half[2..] + "00", dev: 0.88),
        ];
        var table = ComparisonTable.Of([Run("fc", half, 1), Run("cnn", half[3..] + "000", 1), .. baselines]);
        Assert.Equal(["strong/baseline", "near/baseline"], table.StrongestBaselines);
        Assert.Equal(
            [
                "cnn/published against near/baseline", "cnn/published against strong/baseline", "fc/published against cnn/published",
                "fc/published against near/baseline", "fc/published against strong/baseline",
            ],
            table.Tests.Select(test => $"{test.A} against {test.B}").Order(StringComparer.Ordinal));
        double[] adjusted = Holm.Adjust([.. table.Tests.Select(test => test.P)]);
        Assert.Equal(adjusted, table.Tests.Select(test => test.AdjustedP));
        Assert.Equal("fc/published", table.Best.Name);
    }

    [Theory]
    [InlineData(0.002, "inside the noise")] // 500 rows, of which 6 fall to either side: an interval of about ± 0.014
    [InlineData(0.02, "the same within ± 0.02")]
    public void The_same_is_said_where_the_interval_lies_inside_the_margin_only(double margin, string verdict)
    {
        string a = new string('1', 400) + "111111000000" + new string('0', 88);
        string b = new string('1', 400) + "000000111111" + new string('0', 88);
        Assert.Equal(verdict, Assert.Single(ComparisonTable.Of([Run("fc", a, 1), Run("cnn", b, 1)], margin).Tests).Verdict);
        string none = new string('1', 200) + new string('0', 300);
        var different = Assert.Single(ComparisonTable.Of([Run("fc", a, 1), Run("cnn", none, 1)], 0.9).Tests);
        Assert.Equal("a difference", different.Verdict); // whatever the margin
        Assert.Equal((-different.Difference, different.B), (different.Turned().Difference, different.Turned().A));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void A_margin_must_be_one(double margin) =>
        Assert.Contains("margin", Assert.Throws<InputException>(() => ComparisonTable.Of([Any], margin)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_smallest_difference_that_could_be_found_is_at_the_level_of_Holms_first_step()
    {
        string a = new string('1', 60) + new string('0', 40);
        RunRecord[] runs = [Run("fc", a, 1), Run("fc", a[2..] + "00", 2), Run("cnn", a[5..] + "11111", 1), Run("cnn", a[4..] + "0000", 2)];
        double two = Assert.Single(ComparisonTable.Of(runs).Tests).Smallest!.Value;
        var three = ComparisonTable.Of([.. runs, Baseline("weak", a, 0.5)]);
        var difference = TwoSources.Difference(Values("fc"), Values("cnn"));
        Assert.Equal(difference.Smallest(0.05)!.Value, two, 1e-12);
        double smallest = three.TestOf(three.Rows[0], three.Rows[1])!.Smallest!.Value;
        Assert.Equal(difference.Smallest(0.05 / 3)!.Value, smallest, 1e-12);
        Assert.True(smallest > two);

        double[][] Values(string head) =>
            [.. runs.Where(run => run.Head == head).Select(run => run.Correct.Select(digit => digit - '0' + 0.0).ToArray())];
    }

    [Theory]
    [InlineData(0, "< 0.0001")]
    [InlineData(1e-9, "< 0.0001")]
    [InlineData(0.00042, "0.0004")]
    [InlineData(0.0126, "0.013")]
    [InlineData(1, "1.000")]
    public void A_probability_is_never_shown_as_0(double p, string text) => Assert.Equal(text, ComparisonTable.Chance(p));

    [Fact]
    public void Crowded_runs_tell_no_speed()
    {
        string a = new string('1', 6) + new string('0', 4);
        var table = ComparisonTable.Of(
        [
            Run("fc", a, 1) with { Jobs = 2, ExamplesPerSecond = new(10, 10) }, Run("fc", a, 2) with { Jobs = 1 },
            Run("cnn", a, 1) with { Jobs = 2 },
        ]);
        Assert.Equal([100.0, null], table.Rows.Select(row => row.ExamplesPerSecond));
    }

    private static RunRecord Run(string head, string correct, int seed) => Scored(Any, correct) with { Head = head, Seed = seed };

    private static RunRecord Baseline(string name, string correct, double dev) =>
        Scored(AnyBaseline, correct) with { Head = name, BaselineDevScore = dev };

    private static RunRecord Scored(RunRecord run, string correct)
    {
        int right = correct.Count(digit => digit == '1');
        return run with
        {
            Correct = correct,
            Data = run.Data with { Dev = 100, Test = correct.Length },
            Metric = new("accuracy", right / (double)correct.Length, right, correct.Length, [0, 1]),
        };
    }
}
