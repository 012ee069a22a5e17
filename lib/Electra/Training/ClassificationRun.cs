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
        return (model, config, history.Cancelled ? null : Test(model, history));
    }

    private Tensor Loss(SequenceClassifier model, int[] batch, int padId, Device device)
    {
        using var input = Batch.From([.. batch.Select(i => _splits.Train.Rows[i])], device, padId: padId);
        using var labels = tensor(batch.Select(i => (long)_splits.Train.Labels[i]).ToArray(), device: device); // B
        return SequenceClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), labels);
    }

    private static double Accuracy(float[][] logits, IReadOnlyList<int> labels) =>
        logits.Zip(labels).Count(row => Prediction.Label(row.First) == row.Second) / (double)labels.Count;

    private RunRecord Test(SequenceClassifier model, TrainingHistory history)
    {
        var encoder = _splits.Encoder;
        var watch = Stopwatch.StartNew();
        int[] answers = [.. Prediction.Logits(model, _splits.Test.Rows, encoder.Tokenizer.PadId).Select(Prediction.Label)];
        double testSeconds = watch.Elapsed.TotalSeconds;
        double seconds = history.Epochs.Sum(epoch => epoch.Seconds);
        double examplesPerSecond = history.Epochs.Count * _splits.Train.Rows.Count / seconds;
        var config = encoder.Config;
        return RunRecord.Of(_splits, _head, Heads.NameOf(_variant), answers, seconds, examplesPerSecond, testSeconds) with
        {
            Encoder = new(encoder.Name, encoder.Hash, config.NumHiddenLayers, config.HiddenSize, config.EmbeddingSize, config.VocabSize),
            Seed = _options.Seed,
            Options = _options,
            MaxTokens = _splits.MaxTokens,
            Truncated = _splits.Truncated,
            History = history.Epochs,
            BestEpoch = history.BestEpoch,
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
        };
    }
}
