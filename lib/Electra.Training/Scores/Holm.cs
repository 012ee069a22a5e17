namespace Electra;

/// <summary>Holm's adjustment of several tests.</summary>
public static class Holm
{
    /// <summary>
    /// What each p means among all of them: the smallest of n is multiplied by n, the next by n - 1, …, none may be smaller than the one
    /// before, and 1 is the most. Calling differences those below 0.05 raises a single false alarm among all tests in at most 5 of 100
    /// comparisons.
    /// </summary>
    /// <remarks>S. Holm, "A simple sequentially rejective multiple test procedure", 1979.</remarks>
    /// <returns>The adjusted probabilities, in the order of <paramref name="probabilities"/>.</returns>
    public static double[] Adjust(IReadOnlyList<double> probabilities)
    {
        double[] adjusted = new double[probabilities.Count];
        double least = 0;
        foreach (var (rank, test) in probabilities.Index().OrderBy(test => test.Item).Index())
        {
            least = Math.Max(least, Math.Min(1, test.Item * (probabilities.Count - rank)));
            adjusted[test.Index] = least;
        }

        return adjusted;
    }
}
