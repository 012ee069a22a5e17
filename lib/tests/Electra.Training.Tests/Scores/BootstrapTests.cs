namespace Electra.Tests;

public class BootstrapTests
{
    [Fact]
    public void The_interval_of_a_proportion_is_the_normal_approximations()
    {
        const int N = 1000;
        const double P = 0.3;
        var (low, high) = Electra.Statistics.Bootstrap([Proportion(300, N)]);
        double half = 1.959964 * Math.Sqrt(P * (1 - P) / N);
        Assert.Equal(P - half, low, 0.003);
        Assert.Equal(P + half, high, 0.003);
        Assert.Equal((low, high), Electra.Statistics.Bootstrap([Proportion(300, N)])); // the same samples each time
        var (meanLow, meanHigh) = Electra.Statistics.Bootstrap([Proportion(300, N), Proportion(300, N)]);
        Assert.Equal((low, high), (meanLow, meanHigh)); // the mean of equal runs is no surer than one
    }

    [Fact]
    public void A_ratio_of_sums_is_resampled_by_whole_examples()
    {
        // Two kinds of sentences: 10 entities all right, or 10 all wrong. As entities they were 1,000; as sentences they are 100.
        IReadOnlyList<double>[] scores = [.. Enumerable.Range(0, 100).Select(i => (double[])[i < 50 ? 20 : 0, 20])];
        var (low, high) = Electra.Statistics.Bootstrap([scores]);
        double half = 1.959964 * Math.Sqrt(0.25 / 100);
        Assert.Equal(0.5 - half, low, 0.015);
        Assert.Equal(0.5 + half, high, 0.015);
        Assert.Equal((0, 0), Electra.Statistics.Bootstrap([[[0, 0], [0, 0]]])); // nothing there, nothing found
    }

    [Fact]
    public void The_paired_test_agrees_with_McNemar_on_a_proportion_and_does_not_care_which_comes_first()
    {
        IReadOnlyList<double>[] first = [.. Enumerable.Range(0, 400).Select(i => (double[])[i < 200 || i >= 385 ? 1 : 0, 1])];
        // 30 + 15 only in the first
        IReadOnlyList<double>[] second = [.. Enumerable.Range(0, 400).Select(i => (double[])[i < 170 ? 1 : 0, 1])];
        Assert.True(Electra.Statistics.PairedBootstrap(first, second) < 0.001);
        second = [.. second.Select((score, i) => i is >= 300 and < 325 ? (double[])[1, 1] : score)]; // and 25 only in the second
        double p = Electra.Statistics.PairedBootstrap(first, second);
        Assert.Equal(0.0168, p, 0.01); // chi-square, (45 - 25)² / 70
        Assert.Equal(p, Electra.Statistics.PairedBootstrap(second, first));
        Assert.Equal(1, Electra.Statistics.PairedBootstrap(first, first));
    }

    [Fact]
    public void Results_on_other_examples_are_an_error()
    {
        Assert.Contains("1 and 2",
            Assert.Throws<InputException>(() => Electra.Statistics.PairedBootstrap(Proportion(1, 1), Proportion(1, 2))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Electra.Statistics.Bootstrap([]));
        Assert.Throws<InputException>(() => Electra.Statistics.Bootstrap([[]]));
    }

    private static IReadOnlyList<double>[] Proportion(int right, int total) =>
        [.. Enumerable.Range(0, total).Select(i => (double[])[i < right ? 1 : 0, 1])];
}
