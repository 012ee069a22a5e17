namespace Electra;

/// <summary>How much of a difference between results is chance.</summary>
public static class Statistics
{
    private const double Normal95 = 1.959963984540054; // a standard normal variable lies between -z and z with a probability of 0.95

    /// <summary>The Wilson score interval of a proportion, which contains the true one in 95 % of all cases.</summary>
    /// <param name="correct">Successes, 0 to <paramref name="total"/>.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.</remarks>
    public static (double Low, double High) Wilson(int correct, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, total);
        const double z = Normal95;
        double n = total;
        double p = correct / n;
        double center = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        double half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n))) / (1 + (z * z / n));
        return (Math.Clamp(center - half, 0, p), Math.Clamp(center + half, p, 1)); // p is inside, also after rounding
    }

    /// <summary>Mean and sample standard deviation (n - 1) of, for example, the accuracies of several seeds.</summary>
    /// <returns>The deviation of a single value is null: nothing is known about it.</returns>
    public static (double Mean, double? StandardDeviation) MeanAndStandardDeviation(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        double mean = values.Average();
        return (mean, values.Count == 1 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }

    /// <summary>McNemar's test from two classifiers' correctness on the same rows in the same order.</summary>
    /// <exception cref="InputException">The lists are not equally long, so they are not about the same rows.</exception>
    public static McNemarTest McNemar(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count)
        {
            throw new InputException(
                $"Results on {first.Count} and on {second.Count} test rows cannot be compared; evaluate both on the same data.");
        }

        int onlyFirst = first.Zip(second).Count(pair => pair.First && !pair.Second);
        int onlySecond = first.Zip(second).Count(pair => pair.Second && !pair.First);
        return McNemar(onlyFirst, onlySecond);
    }

    /// <summary>McNemar's test from the two counts that matter.</summary>
    /// <param name="onlyFirstRight">Rows that only the first classifier has right.</param>
    /// <param name="onlySecondRight">Rows that only the second classifier has right.</param>
    public static McNemarTest McNemar(int onlyFirstRight, int onlySecondRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirstRight);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecondRight);
        return new McNemarTest(onlyFirstRight, onlySecondRight, SignTest(onlyFirstRight, onlySecondRight));
    }

    /// <summary>
    /// The percentile bootstrap's 95 % interval of a metric that is a ratio of sums over examples, as F1 is: from 2.5 % to 97.5 % of what
    /// the metric would be for as many examples drawn again, with replacement, from those there are.
    /// </summary>
    /// <param name="runs">For each run the examples' two numbers, see <see cref="TestResult.Scores"/>; the metric is the mean over runs, on
    /// the same examples.</param>
    /// <param name="samples">How often examples are drawn.</param>
    /// <param name="seed">Which samples.</param>
    /// <remarks>Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.</remarks>
    /// <exception cref="InputException">The runs have different numbers of examples, or none.</exception>
    public static (double Low, double High) Bootstrap(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> runs,
        int samples = 2000, int seed = 1)
    {
        CheckSameExamples(runs);
        double[] values = new double[samples];
        foreach (var (i, sample) in Samples(runs[0].Count, samples, seed).Index())
        {
            values[i] = runs.Average(run => Ratio(run, sample));
        }

        Array.Sort(values);
        return (values[(int)(0.025 * (samples - 1))], values[(int)Math.Ceiling(0.975 * (samples - 1))]);
    }

    /// <summary>
    /// The paired bootstrap test of two results on the same examples: twice the share of samples in which the difference is 0 or has the
    /// other sign, at most 1; the observed examples count as one more sample, so that no p is 0.
    /// </summary>
    /// <param name="first">The examples' two numbers, see <see cref="TestResult.Scores"/>.</param>
    /// <param name="second">The same of the other.</param>
    /// <param name="samples">How often examples are drawn.</param>
    /// <param name="seed">Which samples.</param>
    /// <returns>The probability of a difference at least as large by chance, two-sided.</returns>
    /// <exception cref="InputException">The results have different numbers of examples, or none.</exception>
    public static double PairedBootstrap(
        IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second, int samples = 10_000, int seed = 1)
    {
        CheckSameExamples([first, second]);
        int notAbove = 1;
        int notBelow = 1;
        foreach (int[] sample in Samples(first.Count, samples, seed))
        {
            double difference = Ratio(first, sample) - Ratio(second, sample);
            notAbove += difference <= 0 ? 1 : 0;
            notBelow += difference >= 0 ? 1 : 0;
        }

        return Math.Min(1, 2.0 * Math.Min(notAbove, notBelow) / (samples + 1));
    }

    private static void CheckSameExamples(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> runs)
    {
        if (runs.Count == 0 || runs[0].Count == 0 || runs.Any(run => run.Count != runs[0].Count))
        {
            throw new InputException($"Results on {string.Join(" and ", runs.Select(run => run.Count))} test examples cannot be " +
                "compared; evaluate all on the same data.");
        }
    }

    // Positions of as many examples, drawn with replacement; one array, filled anew for each sample.
    private static IEnumerable<int[]> Samples(int examples, int samples, int seed)
    {
        var random = new Random(seed);
        int[] sample = new int[examples];
        for (int i = 0; i < samples; i++)
        {
            for (int k = 0; k < examples; k++)
            {
                sample[k] = random.Next(examples);
            }

            yield return sample;
        }
    }

    // The metric of a sample, 0 where nothing is to be found and nothing was.
    private static double Ratio(IReadOnlyList<IReadOnlyList<double>> scores, int[] sample)
    {
        double numerator = 0;
        double denominator = 0;
        foreach (int i in sample)
        {
            numerator += scores[i][0];
            denominator += scores[i][1];
        }

        return denominator == 0 ? 0 : numerator / denominator;
    }

    /// <summary>Twice the probability that of a + b fair coins at most min(a, b) show heads, at most 1.</summary>
    /// <remarks>
    /// Binomial weights relative to the middle one, downwards by C(n, i - 1) = C(n, i) · i / (n - i + 1). A ratio of sums of positive terms
    /// needs no logarithm of a factorial and stays exact to about 1e-12 for counts of millions.
    /// </remarks>
    private static double SignTest(long a, long b)
    {
        long n = a + b;
        double weight = 1;
        double below = 0; // sum of the weights of 0 .. n / 2
        double tail = 0; // sum of the weights of 0 .. min(a, b)
        for (long i = n / 2; i >= 0 && weight > 0; i--)
        {
            below += weight;
            tail += i <= Math.Min(a, b) ? weight : 0;
            weight *= i / (double)(n - i + 1);
        }

        double all = (2 * below) - (n % 2 == 0 ? 1 : 0); // an even n has one middle, counted once
        return Math.Min(1, 2 * tail / all);
    }
}
