namespace Electra.Tool.Report;

/// <summary>
/// Where two heads disagree: test examples that only one of them gets right, in the mean over all pairs of a run of the one and a run of
/// the other. <see cref="OnlyA"/> less <see cref="OnlyB"/> is the difference of their right answers.
/// </summary>
/// <param name="A">The one, see <see cref="ComparisonTable.Row.Name"/>.</param>
/// <param name="B">The other.</param>
/// <param name="Both">Examples that both get right.</param>
/// <param name="OnlyA">Examples that only A gets right.</param>
/// <param name="OnlyB">Examples that only B gets right.</param>
/// <param name="Neither">Examples that neither gets right.</param>
internal sealed record Disagreement(string A, string B, double Both, double OnlyA, double OnlyB, double Neither)
{
    /// <summary>Of two heads.</summary>
    /// <param name="a">The runs of the one.</param>
    /// <param name="b">The runs of the other, on the same test examples.</param>
    public static Disagreement Of((string Name, IReadOnlyList<RunRecord> Runs) a, (string Name, IReadOnlyList<RunRecord> Runs) b)
    {
        double[] rightA = Shares(a.Runs);
        double[] rightB = Shares(b.Runs);
        double Sum(Func<double, double, double> of) => rightA.Zip(rightB, of).Sum();
        return new(a.Name, b.Name, Sum((x, y) => x * y), Sum((x, y) => x * (1 - y)), Sum((x, y) => (1 - x) * y),
            Sum((x, y) => (1 - x) * (1 - y)));
    }

    // For each example, the share of runs that get it right.
    private static double[] Shares(IReadOnlyList<RunRecord> runs) =>
        [.. Enumerable.Range(0, runs[0].Correct.Length).Select(row => runs.Count(run => run.Correct[row] == '1') / (double)runs.Count)];
}
