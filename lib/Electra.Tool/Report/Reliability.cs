namespace Electra.Tool.Report;

/// <summary>
/// Whether a head is as often right as it is sure: its answers in ten bins of confidence. Source: Guo et al. 2017, "On Calibration of
/// Modern Neural Networks", section 2.
/// </summary>
internal sealed class Reliability
{
    private const int Count = 10;

    private Reliability(IReadOnlyList<Bin> bins) => Bins = bins;

    /// <summary>The bins that have answers, from unsure to sure.</summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>Mean confidence, 0 to 1.</summary>
    public double Confidence => Bins.Sum(bin => bin.Answers * bin.Confidence) / Bins.Sum(bin => bin.Answers);

    /// <summary>Share of right answers, 0 to 1.</summary>
    public double Accuracy => Bins.Sum(bin => bin.Answers * bin.Accuracy) / Bins.Sum(bin => bin.Answers);

    /// <summary>Expected calibration error: the mean distance of the two over all answers, 0 to 1.</summary>
    public double Error => Bins.Sum(bin => bin.Answers * Math.Abs(bin.Confidence - bin.Accuracy)) / Bins.Sum(bin => bin.Answers);

    /// <summary>Of the answers of runs together; null where one has not kept how sure it was.</summary>
    /// <param name="runs">Runs of one head.</param>
    public static Reliability? Of(IEnumerable<RunRecord> runs)
    {
        var answers = new List<(double Confidence, bool Right)>();
        foreach (var run in runs)
        {
            if (run.Confidences is not { } confidences)
            {
                return null;
            }

            answers.AddRange(confidences.Zip(run.CorrectRows));
        }

        return new Reliability([.. answers.GroupBy(answer => Math.Min(Count - 1, (int)(Count * answer.Confidence)))
            .OrderBy(bin => bin.Key)
            .Select(bin => new Bin(bin.Count(), bin.Average(answer => answer.Confidence), bin.Average(answer => answer.Right ? 1.0 : 0)))]);
    }

    /// <summary>Answers of about the same confidence.</summary>
    /// <param name="Answers">How many.</param>
    /// <param name="Confidence">Their mean confidence.</param>
    /// <param name="Accuracy">The share of them that is right.</param>
    public sealed record Bin(int Answers, double Confidence, double Accuracy);
}
