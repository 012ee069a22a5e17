namespace Electra;

/// <summary>
/// Results of heads that were trained with several seeds, and their differences, with both sources of noise: other test rows and other
/// seeds.
/// </summary>
/// <remarks>
/// Two-way analysis of variance without replication over seeds × rows (Searle, Casella, McCulloch, "Variance Components", 1992, chapter 4),
/// with the degrees of freedom of Satterthwaite, "An approximate distribution of estimates of variance components", 1946. A bootstrap that
/// draws seeds and rows anew counts the rows' noise up to three times: without an effect of the seeds it finds 1 false alarm in 100 where 5
/// are announced.
/// </remarks>
public static class TwoSources
{
    private const double Rounding = 1e-24; // a variance below this is none

    /// <summary>The mean over seeds of one head.</summary>
    /// <param name="runs">For each seed what each test row brings, 1 where it was answered right and else 0, or its
    /// <see cref="Shares"/>.</param>
    /// <exception cref="InputException">The runs have different numbers of rows, or none.</exception>
    public static Estimate Mean(IReadOnlyList<IReadOnlyList<double>> runs)
    {
        CheckSameRows(runs);
        return Of(MeanOf(runs), [(SeedVariance(runs), runs.Count)]);
    }

    /// <summary>The mean of one head less that of another.</summary>
    /// <param name="first">For each seed of the one what each test row brings.</param>
    /// <param name="second">The same of the other, on the same rows; its seeds are others, and may be more or fewer.</param>
    /// <exception cref="InputException">The runs have different numbers of rows, or none.</exception>
    public static Estimate Difference(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second)
    {
        CheckSameRows([.. first, .. second]);
        double[] rows = [.. MeanOf(first).Zip(MeanOf(second), (a, b) => a - b)];
        return Of(rows, [(SeedVariance(first), first.Count), (SeedVariance(second), second.Count)]);
    }

    /// <summary>
    /// What each example brings to a metric that is a ratio of sums over examples, as F1 is: their mean is the metric, and their noise is
    /// its noise to first order (the delta method; Cochran, "Sampling Techniques", 1977, section 2.11).
    /// </summary>
    /// <param name="scores">The examples' two numbers, see <see cref="TestResult.Scores"/>.</param>
    public static double[] Shares(IReadOnlyList<IReadOnlyList<double>> scores)
    {
        double denominator = scores.Sum(score => score[1]);
        double ratio = denominator == 0 ? 0 : scores.Sum(score => score[0]) / denominator;
        double mean = denominator == 0 ? 1 : denominator / scores.Count;
        return [.. scores.Select(score => ratio + ((score[0] - (ratio * score[1])) / mean))];
    }

    // From each row's value, and the seeds' own variance with their number for each head that takes part.
    private static Estimate Of(double[] rows, (double Variance, int Seeds)[] heads)
    {
        double n = rows.Length;
        double mean = rows.Average();
        double ofRows = rows.Sum(row => (row - mean) * (row - mean)) / Math.Max(1, n - 1) / n;
        double variance = ofRows + heads.Sum(head => head.Variance / head.Seeds);
        if (variance < Rounding)
        {
            // Every row says the same: the sign test, which takes many rows to be sure.
            return new Estimate(mean, 0, null, mean, mean, Math.Abs(mean) < Math.Sqrt(Rounding) ? 1 : Math.Pow(2, 1 - n));
        }

        double freedom = variance * variance
            / ((ofRows * ofRows / (n - 1)) + heads.Where(head => head.Seeds > 1)
                .Sum(head => Math.Pow(head.Variance / head.Seeds, 2) / (head.Seeds - 1)));
        double error = Math.Sqrt(variance);
        double half = StudentT.Quantile(0.05, freedom) * error;
        return new Estimate(mean, error, freedom, mean - half, mean + half, StudentT.TwoSided(mean / error, freedom));
    }

    private static double[] MeanOf(IReadOnlyList<IReadOnlyList<double>> runs) =>
        [.. Enumerable.Range(0, runs[0].Count).Select(row => runs.Average(run => run[row]))];

    // The variance of the seeds' own effect: what their results differ by more than the rows' chance explains. Unknown for one seed, and 0
    // then.
    private static double SeedVariance(IReadOnlyList<IReadOnlyList<double>> runs)
    {
        int rows = runs[0].Count;
        if (runs.Count == 1 || rows == 1)
        {
            return 0;
        }

        double[] ofRows = MeanOf(runs);
        double[] ofSeeds = [.. runs.Select(run => run.Average())];
        double all = ofSeeds.Average();
        double seeds = rows * ofSeeds.Sum(seed => (seed - all) * (seed - all)) / (runs.Count - 1); // mean squares
        double residual = runs.Zip(ofSeeds,
            (run, seed) => run.Zip(ofRows, (value, row) => value - seed - row + all).Sum(rest => rest * rest)).Sum()
            / ((runs.Count - 1) * (rows - 1.0));
        return Math.Max(0, seeds - residual) / rows;
    }

    private static void CheckSameRows(IReadOnlyList<IReadOnlyList<double>> runs)
    {
        if (runs.Count == 0 || runs[0].Count == 0 || runs.Any(run => run.Count != runs[0].Count))
        {
            throw new InputException($"Results on {string.Join(" and ", runs.Select(run => run.Count))} test rows cannot be compared; " +
                "evaluate all on the same data.");
        }
    }
}
