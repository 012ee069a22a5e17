using System.Text.Json.Serialization;

namespace Electra;

/// <summary>What a test of a model or baseline brought: the part of a <see cref="RunRecord"/> that scoring makes.</summary>
public record TestResult
{
    /// <summary>The result on the test split that heads are compared by, measured once.</summary>
    [JsonPropertyOrder(1)]
    public required RunRecord.MetricRecord Metric { get; init; }

    /// <summary>Further results by name, such as precision and recall; null where the metric says everything.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>
    /// One digit a test example, in the file's order: 1 where the answer was right (every entity of a sentence), 0 where not.
    /// </summary>
    [JsonPropertyOrder(1)]
    public required string Correct { get; init; }

    /// <summary>
    /// For each test example, or group of examples that belong together, two numbers whose sums' ratio is the metric, so that it can be
    /// computed again for any sample of them (in F1 over entities, twice the right ones and the marked plus the true ones of a sentence; in
    /// question answering the sum of F1 over the questions of a paragraph, and their number); null for an accuracy, where
    /// <see cref="Correct"/> says it all.
    /// </summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Scores { get; init; }

    /// <summary>What has a label (outer) by answer (inner): test rows, or characters of them; empty where answers are no labels.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>
    /// How sure each answer was, in the file's order: the probability of the label that was answered, as a byte from 0 to 255 for 0 to 1,
    /// all in base64; null where answers are no labels, and in records made before this was kept.
    /// </summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Confidence { get; init; }

    /// <summary>The probability of each answer, to 1/255; null where <see cref="Confidence"/> is.</summary>
    [JsonIgnore]
    public IReadOnlyList<double>? Confidences =>
        Confidence is null ? null : [.. Convert.FromBase64String(Confidence).Select(value => value / 255.0)];

    /// <summary>The correctness of each test row.</summary>
    [JsonIgnore]
    public IReadOnlyList<bool> CorrectRows => [.. Correct.Select(digit => digit == '1')];

    /// <summary>Correctness as <see cref="Correct"/> has it.</summary>
    public static string Digits(IEnumerable<bool> correct) => string.Concat(correct.Select(right => right ? '1' : '0'));

    /// <summary>Probabilities as <see cref="Confidence"/> has them.</summary>
    public static string Bytes(IEnumerable<double> probabilities) =>
        Convert.ToBase64String([.. probabilities.Select(value => (byte)Math.Round(Math.Clamp(value, 0, 1) * 255))]);
}
