using System.Text.Json;

namespace Electra.Tests;

public class TwoSourcesTests
{
    [Fact]
    public void Means_and_differences_over_rows_and_seeds_equal_the_reference()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Reference.Golden("metrics", "seeds.json")));
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.True(cases.Count >= 9);
        foreach (var expected in cases)
        {
            double[][] Runs(string name) =>
                [.. expected.GetProperty(name).EnumerateArray()
                    .Select(run => run.GetString()!.Select(digit => digit - '0' + 0.0).ToArray())];
            Near(expected.GetProperty("of_a"), TwoSources.Mean(Runs("a")));
            Near(expected.GetProperty("of_b"), TwoSources.Mean(Runs("b")));
            Near(expected.GetProperty("difference"), TwoSources.Difference(Runs("a"), Runs("b")));
        }

        static void Near(JsonElement expected, Estimate actual)
        {
            double Value(string name) => expected.GetProperty(name).GetDouble();
            Assert.Equal(Value("mean"), actual.Value, 1e-9);
            Assert.Equal(Value("standard_error"), actual.StandardError, 1e-9);
            Assert.Equal(Value("df"), actual.DegreesOfFreedom!.Value, 1e-9);
            Assert.Equal(Value("low"), actual.Low, 1e-9);
            Assert.Equal(Value("high"), actual.High, 1e-9);
            Assert.Equal(Value("p"), actual.P, 1e-9);
            Assert.True(Value("p") == 0 || Math.Abs((actual.P / Value("p")) - 1) < 1e-9, $"p {actual.P:R} instead of {Value("p"):R}");
        }
    }

    /// <summary>
    /// Two heads that are equally good; each row is harder for some, each seed better at all rows or not, and each run flips rows of its
    /// own.
    /// </summary>
    [Theory]
    [InlineData(3, 0.0)]
    [InlineData(3, 0.1)]
    [InlineData(5, 0.0)]
    [InlineData(5, 0.1)]
    public void Equal_heads_raise_between_1_and_8_false_alarms_in_100(int seeds, double seedEffect)
    {
        const int Trials = 600;
        int alarms = 0;
        int alarmsOfOneRun = 0;
        var random = new Random(11);
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] rows = Normal(random, 300);
            double[][] first = Head(random, seeds, rows, seedEffect);
            double[][] second = Head(random, seeds, rows, seedEffect);
            alarms += TwoSources.Difference(first, second).P < 0.05 ? 1 : 0;
            alarmsOfOneRun += Electra.Statistics.McNemar([.. first[0].Select(right => right == 1)],
                [.. second[0].Select(right => right == 1)]).ExactP < 0.05 ? 1 : 0;
        }

        Assert.InRange(100.0 * alarms / Trials, 1, 8);
        if (seedEffect > 0)
        {
            Assert.True(100.0 * alarmsOfOneRun / Trials > 8, "one run a head would have done"); // or the simulation shows nothing
        }
    }

    [Theory]
    [InlineData(3, 0.0)]
    [InlineData(5, 0.1)]
    public void Equal_heads_raise_as_few_false_alarms_in_F1(int seeds, double seedEffect)
    {
        const int Trials = 400;
        int alarms = 0;
        var random = new Random(12);
        for (int trial = 0; trial < Trials; trial++)
        {
            // Five entities a sentence at most; found or not as rows are right or not, and a wrong one marked now and then.
            int[] gold = [.. Enumerable.Range(0, 200).Select(_ => random.Next(6))];
            double[] rows = [.. gold.SelectMany((count, _) => Enumerable.Repeat(Normal(random, 1)[0], count))];
            double[][] F1(double[][] found) => [.. found.Select(run =>
            {
                int next = 0;
                return TwoSources.Shares([.. gold.Select(count =>
                {
                    double right = run[next..(next + count)].Sum();
                    next += count;
                    return (double[])[2 * right, right + count + random.Next(2)];
                })]);
            })];
            alarms += TwoSources.Difference(F1(Head(random, seeds, rows, seedEffect)), F1(Head(random, seeds, rows, seedEffect))).P < 0.05
                ? 1
                : 0;
        }

        Assert.InRange(100.0 * alarms / Trials, 1, 8);
    }

    [Fact]
    public void Shares_in_a_ratio_have_its_value_and_the_noise_that_the_bootstrap_finds()
    {
        var random = new Random(13);
        double[][] scores = [.. Enumerable.Range(0, 500).Select(_ =>
        {
            int all = random.Next(8);
            return (double[])[random.Next(all + 1), all];
        })];
        double Ratio(IEnumerable<double[]> sample) => sample.Sum(score => score[0]) / sample.Sum(score => score[1]);
        var estimate = TwoSources.Mean([TwoSources.Shares(scores)]);
        Assert.Equal(Ratio(scores), estimate.Value, 1e-12);
        double[] drawn = [.. Enumerable.Range(0, 4000).Select(_ => Ratio([.. scores.Select(_ => scores[random.Next(scores.Length)])]))];
        Assert.Equal(1, Electra.Statistics.MeanAndStandardDeviation(drawn).StandardDeviation!.Value / estimate.StandardError, 0.04);
        Assert.All(TwoSources.Shares([[0, 0], [0, 0]]), share => Assert.Equal(0, share));
    }

    [Fact]
    public void The_smallest_difference_is_found_in_80_of_100_repetitions()
    {
        // Student's t statistic of 5 normal values, at a level of 0.05 / 3.
        const int Trials = 20_000;
        var estimate = new Estimate(0, 1, 4, 0, 0, 1);
        double distance = estimate.Smallest(0.05 / 3)!.Value;
        var random = new Random(14);
        int found = Enumerable.Range(0, Trials).Count(_ =>
        {
            double[] values = [.. Normal(random, 5).Select(value => value + (distance / Math.Sqrt(5)))];
            var (mean, deviation) = Electra.Statistics.MeanAndStandardDeviation(values);
            return StudentT.TwoSided(mean / (deviation!.Value / Math.Sqrt(5)), 4) < 0.05 / 3;
        });
        Assert.Equal(0.8, found / (double)Trials, 0.01);
        Assert.Equal(distance / 50, (estimate with { StandardError = 0.02 }).Smallest(0.05 / 3)!.Value, 1e-9);
        Assert.Equal(2.801585, (estimate with { DegreesOfFreedom = 1e7 }).Smallest(0.05)!.Value, 1e-5); // z of 0.975 and of 0.8
    }

    [Fact]
    public void Where_nothing_varies_the_sign_test_of_the_rows_decides()
    {
        double[] right = [1, 1, 1, 1];
        double[] wrong = [0, 0, 0, 0];
        Assert.Equal(new Estimate(0, 0, null, 0, 0, 1), TwoSources.Difference([right, right], [right]));
        var difference = TwoSources.Difference([right, right, right], [wrong]);
        Assert.Equal((1, 1.0 / 8), (difference.Value, difference.P));
        Assert.Null(difference.Smallest(0.05));
        Assert.Equal(1, TwoSources.Difference([[1], [1]], [[0]]).P); // one row says nothing
    }

    [Fact]
    public void Results_on_other_rows_are_an_error()
    {
        Assert.Contains("1 and 2", Assert.Throws<InputException>(() => TwoSources.Difference([[1]], [[1, 0]])).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => TwoSources.Mean([]));
        Assert.Throws<InputException>(() => TwoSources.Mean([[]]));
    }

    private static double[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];

    private static double[][] Head(Random random, int seeds, double[] rows, double seedEffect)
    {
        double[] own = Normal(random, rows.Length);
        return [.. Normal(random, seeds).Select(seed => rows.Zip(own, Normal(random, rows.Length))
            .Select(row => row.First + (0.2 * row.Second) + (seedEffect * seed) + (0.5 * row.Third) + 1.6 > 0 ? 1.0 : 0).ToArray())];
    }
}
