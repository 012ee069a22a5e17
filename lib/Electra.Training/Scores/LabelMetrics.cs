namespace Electra;

/// <summary>How often a label was right.</summary>
public sealed class LabelMetrics
{
    /// <summary>What the metric is called in records.</summary>
    public const string Name = "accuracy";

    private readonly string? _confidence;

    private LabelMetrics(IReadOnlyList<bool> correct, IReadOnlyList<IReadOnlyList<int>> confusion, string? confidence) =>
        (Correct, Confusion, _confidence) = (correct, confusion, confidence);

    /// <summary>Whether each answer was right.</summary>
    public IReadOnlyList<bool> Correct { get; }

    /// <summary>How often a label (outer) got an answer (inner).</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; }

    /// <summary>How many were right.</summary>
    public int Right => Correct.Count(right => right);

    /// <summary>Their share.</summary>
    public double Accuracy => Right / (double)Correct.Count;

    /// <summary>Wilson's 95 % interval of it.</summary>
    public (double Low, double High) Interval => Statistics.Wilson(Right, Correct.Count);

    /// <summary>As a record has it.</summary>
    public TestResult Result => new()
    {
        Metric = new(Name, Accuracy, Right, Correct.Count, [Interval.Low, Interval.High]),
        Correct = TestResult.Digits(Correct),
        Confusion = Confusion,
        Confidence = _confidence,
    };

    /// <summary>Counts.</summary>
    /// <param name="labels">The true labels, 0 to <paramref name="classes"/> - 1; at least one.</param>
    /// <param name="answers">The answers, in the same order.</param>
    /// <param name="classes">How many labels there are.</param>
    public static LabelMetrics Of(IReadOnlyList<int> labels, IReadOnlyList<int> answers, int classes)
    {
        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        foreach (var (label, answer) in labels.Zip(answers))
        {
            confusion[label][answer]++;
        }

        return new LabelMetrics([.. labels.Zip(answers, (label, answer) => label == answer)], confusion, confidence: null);
    }

    /// <summary>Counts; the answer is the most probable label, the smallest of several equally probable ones.</summary>
    /// <param name="labels">The true labels; at least one.</param>
    /// <param name="probabilities">For each, in the same order, the probability of every label.</param>
    public static LabelMetrics Of(IReadOnlyList<int> labels, IReadOnlyList<double[]> probabilities)
    {
        var counted = Of(labels, [.. probabilities.Select(row => Array.IndexOf(row, row.Max()))], probabilities[0].Length);
        return new LabelMetrics(counted.Correct, counted.Confusion, TestResult.Bytes(probabilities.Select(row => row.Max())));
    }
}
