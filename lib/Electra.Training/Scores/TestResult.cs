namespace Electra;

/// <summary>What a test of a model or baseline brought.</summary>
/// <param name="Metric">The result that heads are compared by.</param>
/// <param name="Correct">Whether each test example was answered right, in the file's order.</param>
public sealed record TestResult(RunRecord.MetricRecord Metric, IReadOnlyList<bool> Correct)
{
    /// <summary>Further results by name, such as precision and recall; null where the metric says everything.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>
    /// For each test example, or group of examples that belong together, two numbers whose sums' ratio is the metric, so that it can be computed again for
    /// any sample of them (in F1 over entities, twice the right ones and the marked plus the true ones of a sentence; in question answering the sum of F1
    /// over the questions of a paragraph, and their number); null for an accuracy, where <see cref="Correct"/> says it all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? Scores { get; init; }

    /// <summary>How often what has a label (outer) got an answer (inner); empty where answers are no labels.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; } = [];
}
