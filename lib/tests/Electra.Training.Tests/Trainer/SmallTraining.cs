using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>
/// A tiny training with everything that could make a resumed run differ: dropout, shuffled batches, accumulation with a remainder, a dev
/// score.
/// </summary>
internal static class SmallTraining
{
    private const int Examples = 18;

    private static readonly TokenEncoding[] Rows = [.. Enumerable.Range(0, Examples).Select(Row)];

    /// <summary>3 epochs of 5 batches, which are 3 steps: two of 2 batches and one of 1.</summary>
    public static TrainingOptions Options { get; } = new() { Epochs = 3, BatchSize = 4, Accumulation = 2, LearningRate = 0.01, Seed = 7 };

    /// <summary>Steps of an epoch with <see cref="Options"/>.</summary>
    public const int StepsPerEpoch = 3;

    public static IReadOnlyList<int[]> Batches(TrainingOptions options, int epoch) =>
        LengthBatches.Shuffled([.. Rows.Select(row => row.Length)], options.BatchSize, options.Seed, epoch);

    public static Tensor Loss(SequenceClassifier model, int[] batch)
    {
        using var input = Batch.From([.. batch.Select(i => Rows[i])]);
        using var labels = tensor(batch.Select(Label).ToArray());
        return SequenceClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), labels);
    }

    /// <summary>A dev score that shows any difference between two models: the negative loss over all rows.</summary>
    public static double Score(SequenceClassifier model)
    {
        using var loss = Loss(model, [.. Enumerable.Range(0, Examples)]);
        return -loss.item<float>();
    }

    public static Trainer Trainer(
        SequenceClassifier model,
        TrainingOptions? options = null,
        string? stateFile = null,
        Action<TrainingStep>? onStep = null,
        Action<TrainingEpoch>? onEpoch = null,
        Func<double>? evaluate = null,
        TimeSpan? saveInterval = null,
        Action<string>? onNote = null)
    {
        options ??= Options;
        return new Trainer(model, options, epoch => Batches(options, epoch), batch => Loss(model, batch))
        {
            Evaluate = evaluate ?? (() => Score(model)),
            StateFile = stateFile,
            OnStep = onStep,
            OnEpoch = onEpoch,
            OnNote = onNote,
            SaveInterval = saveInterval ?? TimeSpan.FromMinutes(5),
        };
    }

    // Rows of 3 to 12 tokens; [CLS] is 2, [SEP] 3.
    private static TokenEncoding Row(int i) =>
        TokenEncoding.FromIds([2, .. Enumerable.Range(0, 1 + (i * 7 % 10)).Select(k => 5 + (((i * 31) + (k * k * 13)) % 45)), 3]);

    private static long Label(int i) => Rows[i].InputIds.Sum() % 2;
}
