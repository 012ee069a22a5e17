using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra;

/// <summary>One training of one head on reviews: fine-tunes encoder and head, chooses the epoch on the dev split, and measures once on the test split.</summary>
public sealed class ClassificationRun
{
    private readonly ReviewSplits _splits;
    private readonly string _head;
    private readonly HeadVariant _variant;
    private readonly TrainingOptions _options;

    /// <summary>Prepares a run.</summary>
    /// <param name="splits">The tokenized data and the encoder.</param>
    /// <param name="head">The head's name, see <see cref="Heads.Names"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="options">How to train, with the seed.</param>
    /// <exception cref="InputException">There is no such head, or an option makes no sense.</exception>
    public ClassificationRun(ReviewSplits splits, string head, HeadVariant variant, TrainingOptions options)
    {
        Heads.Check(head);
        options.Validate();
        (_splits, _head, _variant, _options) = (splits, head, variant, options);
    }

    /// <summary>Called after every training step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Called after every epoch.</summary>
    public Action<TrainingEpoch>? OnEpoch { get; init; }

    /// <summary>Called with sentences about what was ignored or freshly initialised.</summary>
    public Action<string>? OnNote { get; init; }

    /// <summary>Where the state for going on later is kept; null: nowhere.</summary>
    public string? StateFile { get; init; }

    /// <summary>Trains and tests.</summary>
    /// <param name="resume">Whether to go on from <see cref="StateFile"/>.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>The model with the best epoch's weights, which the caller disposes, its configuration, and the record; null when cancelled.</returns>
    /// <exception cref="InputException">The encoder cannot be used, or the training diverges.</exception>
    public (SequenceClassifier Model, ElectraConfig Config, RunRecord? Record) Train(bool resume = false, CancellationToken cancellation = default)
    {
        var device = Devices.Best;
        var encoder = _splits.Encoder;
        int padId = encoder.Tokenizer.PadId;
        var (model, notes) = encoder.CreateSequenceClassifier(_head, _variant, _splits.Labels, _options.Seed);
        model.to(device);
        foreach (string note in notes)
        {
            OnNote?.Invoke(note);
        }

        var trainer = new Trainer(
            model,
            _options,
            epoch => LengthBatches.Shuffled(_splits.Train.Lengths, _options.BatchSize, _options.Seed, epoch),
            batch => Loss(model, batch, padId, device))
        {
            Evaluate = () => Accuracy(Prediction.Logits(model, _splits.Dev.Rows, padId), _splits.Dev.Labels),
            StateFile = StateFile,
            OnStep = OnStep,
            OnEpoch = OnEpoch,
        };
        var history = trainer.Run(resume, cancellation);
        var config = encoder.Config.WithLabels(_splits.Labels) with
        {
            Architectures = ["ElectraForSequenceClassification"],
            ClassifierHead = _head,
            ClassifierVariant = Heads.NameOf(_variant),
        };
        return (model, config, history.Cancelled ? null : Test(model, history, device));
    }

    private Tensor Loss(SequenceClassifier model, int[] batch, int padId, Device device)
    {
        using var input = Batch.From([.. batch.Select(i => _splits.Train.Rows[i])], device, padId: padId);
        using var labels = tensor(batch.Select(i => (long)_splits.Train.Labels[i]).ToArray(), device: device); // B
        return SequenceClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), labels);
    }

    private static double Accuracy(float[][] logits, IReadOnlyList<int> labels) =>
        logits.Zip(labels).Count(row => Prediction.Label(row.First) == row.Second) / (double)labels.Count;

    private RunRecord Test(SequenceClassifier model, TrainingHistory history, Device device)
    {
        var watch = Stopwatch.StartNew();
        int[] answers = [.. Prediction.Logits(model, _splits.Test.Rows, _splits.Encoder.Tokenizer.PadId).Select(Prediction.Label)];
        double testSeconds = watch.Elapsed.TotalSeconds;
        double seconds = history.Epochs.Sum(epoch => epoch.Seconds);
        var config = _splits.Encoder.Config;
        return new RunRecord
        {
            Task = "sequence",
            Data = new(_splits.Data.Name, _splits.Data.Hash, _splits.Train.Rows.Count, _splits.Dev.Rows.Count, _splits.Test.Rows.Count),
            Encoder = new(_splits.Encoder.Name, _splits.Encoder.Hash, config.NumHiddenLayers, config.HiddenSize, config.EmbeddingSize, config.VocabSize),
            Head = _head,
            Variant = Heads.NameOf(_variant),
            Seed = _options.Seed,
            Options = _options,
            MaxTokens = _splits.MaxTokens,
            Truncated = _splits.Truncated,
            History = history.Epochs,
            BestEpoch = history.BestEpoch,
            Metric = Measure(answers, _splits.Test.Labels),
            Correct = string.Concat(answers.Zip(_splits.Test.Labels, (answer, label) => answer == label ? '1' : '0')),
            Confusion = ConfusionOf(answers, _splits.Test.Labels, _splits.Labels.Count),
            Seconds = seconds,
            ExamplesPerSecond = new(history.Epochs.Count * _splits.Train.Rows.Count / seconds, answers.Length / testSeconds),
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
            Versions = Machine.Versions(),
            Machine = Machine.Describe(device),
        };
    }

    /// <summary>Accuracy with Wilson's 95 % interval.</summary>
    internal static RunRecord.MetricRecord Measure(IReadOnlyList<int> answers, IReadOnlyList<int> labels)
    {
        int right = answers.Zip(labels).Count(row => row.First == row.Second);
        var (low, high) = Statistics.Wilson(right, labels.Count);
        return new("accuracy", right / (double)labels.Count, right, labels.Count, [low, high]);
    }

    private static int[][] ConfusionOf(int[] answers, IReadOnlyList<int> labels, int count)
    {
        int[][] confusion = [.. Enumerable.Range(0, count).Select(_ => new int[count])];
        foreach (var (answer, label) in answers.Zip(labels))
        {
            confusion[label][answer]++;
        }

        return confusion;
    }
}
