namespace Electra;

/// <summary>How much of a difference between results is chance.</summary>
public static class Statistics
{
    /// <summary>The Wilson score interval of a proportion.</summary>
    /// <param name="correct">Successes, 0 to <paramref name="total"/>.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <param name="confidence">How often such intervals contain the true proportion, between 0 and 1.</param>
    /// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.</remarks>
    public static (double Low, double High) Wilson(int correct, int total, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, total);
        double z = Quantile(confidence);
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
            throw new InputException($"Results on {first.Count} and on {second.Count} test rows cannot be compared; evaluate both on the same data.");
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
        double n = (double)onlyFirstRight + onlySecondRight;
        double difference = Math.Abs((double)onlyFirstRight - onlySecondRight);
        double statistic = n == 0 ? 0 : difference * difference / n;
        double corrected = n == 0 ? 0 : (difference - 1) * (difference - 1) / n;
        return new McNemarTest(
            onlyFirstRight, onlySecondRight, SignTest(onlyFirstRight, onlySecondRight),
            statistic, ChiSquareTail(statistic), corrected, ChiSquareTail(corrected));
    }

    /// <summary>
    /// The percentile bootstrap's 95 % interval of a metric that is a ratio of sums over examples, as F1 is: from 2.5 % to 97.5 % of what the metric would
    /// be for as many examples drawn again, with replacement, from those there are.
    /// </summary>
    /// <param name="runs">For each run the examples' two numbers, see <see cref="TestResult.Scores"/>; the metric is the mean over runs, on the same examples.</param>
    /// <param name="samples">How often examples are drawn.</param>
    /// <param name="seed">Which samples.</param>
    /// <remarks>Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.</remarks>
    /// <exception cref="InputException">The runs have different numbers of examples, or none.</exception>
    public static (double Low, double High) Bootstrap(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> runs, int samples = 2000, int seed = 1)
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
    /// The paired bootstrap test of two results on the same examples: twice the share of samples in which the difference is 0 or has the other sign, at
    /// most 1; the observed examples count as one more sample, so that no p is 0.
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
            throw new InputException($"Results on {string.Join(" and ", runs.Select(run => run.Count))} test examples cannot be compared; evaluate all on the same data.");
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
    /// Binomial weights relative to the middle one, downwards by C(n, i - 1) = C(n, i) · i / (n - i + 1). A ratio of sums of positive terms needs no
    /// logarithm of a factorial and stays exact to about 1e-12 for counts of millions.
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

    /// <summary>Probability that a chi-square variable of 1 degree of freedom, a squared normal one, exceeds x.</summary>
    private static double ChiSquareTail(double x) => Erfc(Math.Sqrt(x / 2));

    /// <summary>The z between -z and z of which a standard normal variable lies with the given probability.</summary>
    private static double Quantile(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(probability, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        double z = 0;
        double step;
        do
        {
            // Newton from the left; erfc(z / √2) is convex and falling there, so each step falls short of the root and none overshoots.
            step = (Erfc(z / Math.Sqrt(2)) - (1 - probability)) * Math.Sqrt(Math.PI / 2) * Math.Exp(z * z / 2);
            z += step;
        }
        while (step > 1e-14 * z);
        return z;
    }

    /// <summary>The complementary error function for x of 0 or more, relative error below about 1e-13.</summary>
    /// <remarks>
    /// NIST Digital Library of Mathematical Functions (dlmf.nist.gov): 7.6.2, a series of positive terms, below 2, and 7.9.1, a continued
    /// fraction, above.
    /// </remarks>
    internal static double Erfc(double x)
    {
        if (x < 2)
        {
            double term = x;
            double sum = 0;
            for (int n = 0; term > sum * 1e-17; n++)
            {
                sum += term;
                term *= 2 * x * x / ((2 * n) + 3);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
        }

        double fraction = x;
        for (int n = 200; n > 0; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
