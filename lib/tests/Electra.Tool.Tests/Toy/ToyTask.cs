using static TorchSharp.torch;

namespace Electra.Tool.Tests.Toy;

/// <summary>Its data, loss and score.</summary>
internal sealed class ToyTask : LearningTask
{
    private static readonly string[] Patterns = ["나 나 나", "나 가 나", "가 나 가", "나 나", "가 나 나", "가 가 가"];

    public ToyTask(EncoderSource encoder, int maxTokens)
        : base(encoder, maxTokens)
    {
        Train = Encode(encoder, 60);
        Test = Encode(encoder, 12);
    }

    public static IReadOnlyList<string> Texts => Patterns;

    public static IReadOnlyList<string> AllLabels { get; } = ["none", "once", "more"];

    public override TaskKind Kind { get; } = new ToyKind();

    public override string Metric => LabelMetrics.Name;

    public override string Unit => "toys";

    public override RunRecord.DataRecord Data => new("toys", "hash of the toys", Train.Rows.Count, Test.Rows.Count, Test.Rows.Count);

    public override IReadOnlyList<string> Labels => AllLabels;

    public override IReadOnlyList<int> TrainLengths => Train.Lengths;

    private LabeledEncodings Train { get; }

    private LabeledEncodings Test { get; }

    public static int LabelOf(string text) => Math.Min(2, text.Count(character => character == '가'));

    public override Tensor Loss(TaskModel model, int[] batch) => Train.Loss(model, batch, Encoder.Tokenizer.PadId);

    public override double DevScore(TaskModel model, CancellationToken cancellation = default) =>
        Measure(model, cancellation).Accuracy;

    public override TestResult TestModel(TaskModel model, CancellationToken cancellation = default) =>
        Measure(model, cancellation).Result;

    private static LabeledEncodings Encode(EncoderSource encoder, int count) =>
        LabeledEncodings.Of(encoder.Tokenizer,
            [.. Enumerable.Range(0, count).Select(i => Patterns[i % Patterns.Length])
                .Select((text, i) => new Review($"{i}", text, LabelOf(text)))], 16);

    private LabelMetrics Measure(TaskModel model, CancellationToken cancellation) =>
        LabelMetrics.Of(Test.Labels,
            [.. Prediction.Logits(model, Test.Rows, Encoder.Tokenizer.PadId, cancellation: cancellation).Select(Prediction.Label)],
            Labels.Count);
}
