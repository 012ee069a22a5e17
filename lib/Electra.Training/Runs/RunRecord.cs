using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// One training with one seed, as recorded in a results folder: everything that a table, a test or a chart needs, and what it takes to
/// repeat it.
/// </summary>
public sealed record RunRecord : TestResult
{
    /// <summary>The variant of what has none because it is no head.</summary>
    public const string Baseline = "baseline";

    private const double Largest = 1e15; // of a number that is read: beyond anything measured, and sums of them stay finite

    private static readonly JsonTypeInfo<RunRecord> Info = JsonFormats.TypeInfo<RunRecord>(TrainingJson.Default, JsonFormats.Records);

    /// <summary>Creates a record.</summary>
    public RunRecord()
    {
    }

    // For Of, which sets what is null here.
    [SetsRequiredMembers]
    private RunRecord(TestResult result)
        : base(result) =>
            (Task, Data, Head, Variant, Versions, Machine, ExamplesPerSecond) = (null!, null!, null!, null!, null!, null!, null!);

    /// <summary>What was learnt, see <see cref="TaskKind.Name"/>.</summary>
    public required string Task { get; init; }

    /// <summary>The data.</summary>
    public required DataRecord Data { get; init; }

    /// <summary>The encoder; null for a baseline that has none.</summary>
    public EncoderRecord? Encoder { get; init; }

    /// <summary>The head's name, or a baseline's.</summary>
    public required string Head { get; init; }

    /// <summary>The head's variant, <c>published</c> or <c>mask-aware</c>, or <c>baseline</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>The seed.</summary>
    public int Seed { get; init; }

    /// <summary>How it was trained; null for a baseline.</summary>
    public TrainingOptions? Options { get; init; }

    /// <summary>The longest row in tokens; longer ones were cut, or read in windows.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Examples of train, dev and test together that were cut.</summary>
    public int Truncated { get; init; }

    /// <summary>Every epoch; empty for a baseline.</summary>
    public IReadOnlyList<TrainingEpoch> History { get; init; } = [];

    /// <summary>The epoch whose weights were tested, from 0; -1 for a baseline.</summary>
    public int BestEpoch { get; init; } = -1;

    /// <summary>The score of a baseline on the dev split; null for a head, whose <see cref="History"/> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BaselineDevScore { get; init; }

    /// <summary>Seconds of training, without evaluations.</summary>
    [JsonPropertyOrder(2)]
    public required double Seconds { get; init; }

    /// <summary>Examples a second.</summary>
    [JsonPropertyOrder(2)]
    public required SpeedRecord ExamplesPerSecond { get; init; }

    /// <summary>Parameters of encoder and head; 0 for a baseline.</summary>
    [JsonPropertyOrder(2)]
    public long Parameters { get; init; }

    /// <summary>Versions of what computed it.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The class of machine.</summary>
    [JsonPropertyOrder(2)]
    public required MachineRecord Machine { get; init; }

    /// <summary>
    /// Runs that were trained at the same time on the machine, this one among them: with more than one its speed says nothing; null: not
    /// known, as in records made before this was kept.
    /// </summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Jobs { get; init; }

    /// <summary>Examples a second in training with the machine for itself, see <see cref="MeasuredSpeed"/>; null: not measured.</summary>
    [JsonIgnore]
    public double? MeasuredPerSecond { get; init; }

    /// <summary>Whether it is no head, but what heads must beat.</summary>
    [JsonIgnore]
    public bool IsBaseline => Variant == Baseline;

    /// <summary>The score on the dev split of the epoch that was tested, or of the baseline.</summary>
    [JsonIgnore]
    public double DevScore => BestEpoch < 0 ? BaselineDevScore ?? 0 : History[BestEpoch].DevScore ?? 0;

    /// <summary>Whether its variant is one of several that its head has; a baseline has none.</summary>
    [JsonIgnore]
    public bool HasVariants => !IsBaseline && TaskKinds.Find(Task)?.Heads.HasVariants(Head) != false;

    /// <summary>The run as tables show it: a head without variants was trained once for all of them.</summary>
    public RunRecord AsShown() => IsBaseline || HasVariants ? this : this with { Variant = "both the same" };

    /// <summary>The run as one of every variant that it stands for.</summary>
    /// <param name="variants">All variants.</param>
    public IEnumerable<RunRecord> In(IEnumerable<HeadVariant> variants) =>
        IsBaseline || HasVariants ? [this] : variants.Select(variant => this with { Variant = Heads.NameOf(variant) });

    /// <summary>Reads a recorded run.</summary>
    /// <exception cref="InputException">The file is no recorded run.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            using var stream = InputFile.OpenRead(path);
            var run = JsonSerializer.Deserialize(stream, Info) ?? throw new JsonException("it is null");
            run.Options?.Validate();
            return FaultOf(run) is { } fault ? throw new JsonException(fault) : run;
        }
        catch (Exception e) when (InputFile.IsFileError(e) || e is JsonException or InputException)
        {
            string line = e is JsonException { LineNumber: long number } ? $":{number + 1}" : "";
            string why = e is JsonException { Path: { } place } ? $"at {place}" : e.Message.TrimEnd('.');
            throw new InputException(
                $"{path}{line} is not a run that this version recorded ({why}); move it away, or give another --results folder.", e);
        }
    }

    // Why no run can have recorded this, or null: what tables and charts rely on is true of what was read.
    private static string? FaultOf(RunRecord run) => run switch
    {
        { Metric: not { Name.Length: > 0, Value: >= 0 and <= 1, Interval: [>= 0 and <= 1, >= 0 and <= 1] } }
            => "its metric has no name, or is not between 0 and 1",
        _ when run.Data.Soft < 1 || run.Data.Soft is null != run.Data.SoftHash is null
            => "its soft labels are fewer than 1, or without a hash",
        _ when run.Correct.AsSpan().ContainsAnyExcept('0', '1')
            || run.Correct.Length != run.Metric.Total || run.Metric.Total != run.Data.Test || run.Metric.Total == 0
            || run.CorrectRows.Count(right => right) != run.Metric.Right
            => "the digits of correct are not one 0 or 1 for each test example",
        { Metrics: { } metrics } when !metrics.Values.All(double.IsFinite) => "one of its metrics is no number",
        { Scores: { } scores } when scores.Count == 0 || scores.Count > run.Metric.Total
            || !scores.All(score => score is [>= 0 and <= Largest, >= 0 and <= Largest])
            => "its scores are not two numbers for each test example",
        _ when run.Confusion.Any(row => row is null || row.Count != run.Confusion.Count || row.Any(count => count < 0)
            || row.Sum(count => (long)count) > int.MaxValue)
            => "its confusion is not a square of counts",
        _ when run.History.Any(epoch => epoch is not
        {
            Loss: >= -Largest and <= Largest, DevScore: null or (>= -Largest and <= Largest),
            Seconds: >= 0 and <= Largest
        }) || !run.History.Select((epoch, i) => epoch.Epoch == i).All(right => right)
            => "its history is not one entry an epoch",
        _ when run.BestEpoch < (run.History.Count > 0 ? 0 : -1) || run.BestEpoch >= run.History.Count
            => "its best epoch is not in its history",
        _ when (run.Options is null) != run.IsBaseline || (run.History.Count == 0) != run.IsBaseline
            || (run.Encoder is null && !run.IsBaseline)
            => "a head has an encoder, options and a history, a baseline neither options nor a history",
        { BaselineDevScore: not (null or (>= 0 and <= 1)) } => "its dev score is not between 0 and 1",
        _ when run.Confidence is { } bytes
            && !(Convert.TryFromBase64String(bytes, new byte[bytes.Length], out int written) && written == run.Metric.Total)
            => "its confidence is not one byte for each test example, in base64",
        { Jobs: not (null or >= 1) } => "its number of jobs is not 1 or more",
        not { Seconds: >= 0 and <= Largest, ExamplesPerSecond: { Train: >= 0 and <= Largest, Test: >= 0 and <= Largest }, Parameters: >= 0 }
            => "its seconds, speed or number of parameters cannot be",
        _ => null,
    };

    /// <summary>What every run has: the data, the result on the test split, and where it was computed.</summary>
    internal static RunRecord Of(LearningTask task, string head, string variant, TestResult result, double seconds, double trainedPerSecond,
        double testSeconds) => new(result)
        {
            Task = task.Name,
            Data = task.Data,
            Head = head,
            Variant = variant,
            Seconds = seconds,
            ExamplesPerSecond = new(trainedPerSecond, result.Correct.Length / testSeconds),
            Versions = Electra.Machine.Versions(),
            Machine = Electra.Machine.Describe(Devices.Best),
        };

    /// <summary>Writes the run, whole or not at all.</summary>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson() + "\n");

    /// <summary>The run as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Info);

    /// <summary>The data of a run.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Hash">See <see cref="ReviewData.Hash"/>.</param>
    /// <param name="Train">Examples trained on: reviews, sentences, questions.</param>
    /// <param name="Dev">Examples that the checkpoint was chosen on, cut from the training data.</param>
    /// <param name="Test">Examples tested on.</param>
    /// <param name="Soft">Texts with soft labels trained on beside them, see <see cref="SoftLabels"/>; null: none.</param>
    /// <param name="SoftHash">SHA-256 in lower-case hexadecimal of their files, unpacked, of each its first line, then of each its second,
    /// and so on: what <c>paste -d '\n' a.jsonl b.jsonl | sha256sum</c> prints; null: none.</param>
    public sealed record DataRecord(
        string Name,
        string Hash,
        int Train,
        int Dev,
        int Test,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Soft = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SoftHash = null);

    /// <summary>The encoder of a run.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Hash">See <see cref="EncoderSource.Hash"/>.</param>
    /// <param name="Layers">Number of layers.</param>
    /// <param name="HiddenSize">H.</param>
    /// <param name="EmbeddingSize">E.</param>
    /// <param name="VocabSize">Number of word pieces.</param>
    public sealed record EncoderRecord(string Name, string Hash, int Layers, int HiddenSize, int EmbeddingSize, int VocabSize)
    {
        /// <summary>What is recorded of an encoder.</summary>
        internal static EncoderRecord Of(EncoderSource encoder) => new(encoder.Name, encoder.Hash, encoder.Config.NumHiddenLayers,
            encoder.Config.HiddenSize, encoder.Config.EmbeddingSize, encoder.Config.VocabSize);
    }

    /// <summary>A result on the test split.</summary>
    /// <param name="Name">What was measured, such as <c>accuracy</c>.</param>
    /// <param name="Value">The result, 0 to 1.</param>
    /// <param name="Right">Examples that were right, in F1 over entities sentences with every entity right, in question answering exact
    /// matches.</param>
    /// <param name="Total">All examples.</param>
    /// <param name="Interval">The 95 % interval: Wilson's for an accuracy, the bootstrap's over examples, or groups that belong together,
    /// for others.</param>
    public sealed record MetricRecord(string Name, double Value, int Right, int Total, IReadOnlyList<double> Interval);

    /// <summary>Examples a second, with everything that happens between two batches.</summary>
    /// <param name="Train">In training.</param>
    /// <param name="Test">In the final evaluation.</param>
    public sealed record SpeedRecord(double Train, double Test);

    /// <summary>A class of machine; no name, no place.</summary>
    /// <param name="Cpu">The processor's model.</param>
    /// <param name="Cores">Logical cores.</param>
    /// <param name="Threads">Threads that libtorch computes with.</param>
    /// <param name="Device">cpu, or the GPU.</param>
    /// <param name="System">Operating system and architecture.</param>
    /// <param name="Bf16"><c>emulated</c> where the run asked for bf16 products and got fp32 ones of rounded numbers, see
    /// <see cref="MixedPrecision.IsNative"/>; else null.</param>
    public sealed record MachineRecord(
        string Cpu, int Cores, int Threads, string Device, string System,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bf16 = null);
}
