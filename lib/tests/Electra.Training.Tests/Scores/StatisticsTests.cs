using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

public class StatisticsTests
{
    [Fact]
    public void Wilson_intervals_equal_the_reference()
    {
        foreach (JsonElement expected in Goldens("wilson95"))
        {
            (double low, double high) = Electra.Statistics.Wilson(expected.GetProperty("correct").GetInt32(),
                expected.GetProperty("total").GetInt32());
            Assert.Equal(expected.GetProperty("low").GetDouble(), low, tolerance: 1e-12);
            Assert.Equal(expected.GetProperty("high").GetDouble(), high, tolerance: 1e-12);
        }
    }

    [Fact]
    public void McNemar_tests_equal_the_reference()
    {
        foreach (JsonElement expected in Goldens("mcnemar"))
        {
            int Count(string name) => expected.GetProperty(name).GetInt32();
            (int both, int first, int second, int none) = (Count("both_right"), Count("only_first_right"),
                Count("only_second_right"), Count("both_wrong"));
            bool[] a = [.. Bits(both, true), .. Bits(first, true), .. Bits(second, false), .. Bits(none, false)];
            bool[] b = [.. Bits(both, true), .. Bits(first, false), .. Bits(second, true), .. Bits(none, false)];
            McNemarTest test = Electra.Statistics.McNemar(a, b);
            Assert.Equal((first, second), (test.OnlyFirstRight, test.OnlySecondRight));
            Near(expected, "exact_p", test.ExactP);
        }
    }

    [Property]
    public void An_interval_contains_the_proportion_and_mirrors_with_it(NonNegativeInt right, NonNegativeInt wrong)
    {
        int total = right.Get + wrong.Get + 1;
        (double low, double high) = Electra.Statistics.Wilson(right.Get, total);
        Assert.InRange(right.Get / (double)total, low, high);
        (double mirroredLow, double mirroredHigh) = Electra.Statistics.Wilson(total - right.Get, total);
        Assert.Equal(1 - high, mirroredLow, tolerance: 1e-12);
        Assert.Equal(1 - low, mirroredHigh, tolerance: 1e-12);
    }

    /// <summary>The definition, with whole numbers of any size: twice the sum of the binomial coefficients, over 2 to the n.</summary>
    [Property]
    public void The_exact_test_is_the_binomial_sum(NonNegativeInt first, NonNegativeInt second)
    {
        (int b, int c) = (first.Get % 300, second.Get * 3 % 300);
        System.Numerics.BigInteger coefficient = 1;
        System.Numerics.BigInteger sum = 0;
        for (int i = 0; i <= Math.Min(b, c); i++)
        {
            sum += coefficient;
            coefficient = coefficient * (b + c - i) / (i + 1);
        }

        double expected = Math.Min(1, (double)(2 * sum) / Math.Pow(2, b + c));
        McNemarTest test = Electra.Statistics.McNemar(b, c);
        Assert.Equal(1, test.ExactP / expected, tolerance: 1e-11);
        Assert.Equal(test.ExactP, Electra.Statistics.McNemar(c, b).ExactP);
    }

    [Fact]
    public void No_difference_at_all_is_no_evidence() =>
        Assert.Equal(new McNemarTest(0, 0, 1), Electra.Statistics.McNemar([true, false], [true, false]));

    [Fact]
    public void Large_counts_and_far_tails_stay_numbers()
    {
        const double Corrected = 0.5272958541; // chi-square with continuity correction, 1999² / 10⁷, which approximates the exact test
        Assert.Equal(Corrected, Electra.Statistics.McNemar(5_001_000, 4_999_000).ExactP, tolerance: 1e-6);
        Assert.Equal(0, Electra.Statistics.McNemar(100_000, 0).ExactP);
    }

    [Fact]
    public void Results_on_different_rows_are_not_compared() =>
        Assert.Contains("the same data", Assert.Throws<InputException>(() => Electra.Statistics.McNemar([true], [])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Mean_and_deviation_are_those_of_a_sample()
    {
        (double mean, double? deviation) = Electra.Statistics.MeanAndStandardDeviation([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, mean, tolerance: 1e-15);
        Assert.Equal(Math.Sqrt(32.0 / 7), deviation!.Value, tolerance: 1e-15);
        Assert.Equal((0.9, null), Electra.Statistics.MeanAndStandardDeviation([0.9]));
    }

    private static JsonElement.ArrayEnumerator Goldens(string name) =>
        JsonDocument.Parse(File.ReadAllText(Reference.Golden("metrics", "stats.json"))).RootElement.GetProperty(name).EnumerateArray();

    private static IEnumerable<bool> Bits(int count, bool bit) => Enumerable.Repeat(bit, count);

    /// <summary>Relative, so that the small probabilities are checked too.</summary>
    private static void Near(JsonElement expected, string name, double actual)
    {
        double value = expected.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(actual - value) <= 1e-9 * value, $"{name}: {actual:R} instead of {value:R}");
    }
}
