using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TorchSharp;

namespace Electra;

/// <summary>
/// One training of one head: fine-tunes encoder and head, chooses the epoch on the dev split, and measures once on the test split.
/// </summary>
public sealed class TrainingRun
{
    private static readonly JsonTypeInfo<SavedIdentity> IdentityInfo =
        JsonFormats.TypeInfo<SavedIdentity>(TrainingJson.Default, JsonFormats.States);

    private readonly LearningTask _task;
    private readonly string _head;
    private readonly HeadVariant _variant;
    private readonly TrainingOptions _options;

    /// <summary>Prepares a run.</summary>
    /// <param name="task">The data, tokenized for an encoder, and what is to be learnt from them.</param>
    /// <param name="head">The head's name, see <see cref="Heads.Names"/> and <see cref="TokenHeads.Names"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="options">How to train, with the seed.</param>
    /// <exception cref="InputException">There is no such head, or an option makes no sense.</exception>
    public TrainingRun(LearningTask task, string head, HeadVariant variant, TrainingOptions options)
    {
        task.Heads.Check(head);
        options.Validate();
        (_task, _head, _variant, _options) = (task, head, variant, options);
    }

    /// <summary>Called after every training step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Called after every epoch.</summary>
    public Action<TrainingEpoch>? OnEpoch { get; init; }

    /// <summary>Called with sentences about what was ignored or freshly initialised, and about states that find no room.</summary>
    public Action<string>? OnNote { get; init; }

    /// <summary>
    /// Called with the trained model and its configuration before it is tested, which may take longer than the training: to save it.
    /// </summary>
    public Action<TaskModel, ElectraConfig>? OnTrained { get; init; }

    /// <summary>Where the state for going on later is kept; null: nowhere.</summary>
    public string? StateFile { get; init; }

    /// <summary>Trains and tests.</summary>
    /// <param name="resume">Whether to go on from <see cref="StateFile"/>.</param>
    /// <param name="cancellation">Stops the training and its evaluations; with a state it goes on from there, also when only the test was
    /// left to do.</param>
    /// <returns>The model with the best epoch's weights, which the caller disposes, its configuration, and the record; null when
    /// cancelled.</returns>
    /// <exception cref="InputException">The encoder cannot be used, or the training diverges.</exception>
    public (TaskModel Model, ElectraConfig Config, RunRecord? Record) Train(bool resume = false, CancellationToken cancellation = default)
    {
        using var threads = new ThreadCount(_options.Threads);
        var (model, notes) = _task.CreateModel(_head, _variant, _options.Seed);
        model.to(Devices.Best);
        foreach (string note in notes)
        {
            OnNote?.Invoke(note.Replace($" {Checkpoint.MustBeTrained}", "", StringComparison.Ordinal)); // which is done now
        }

        var trainer = new Trainer(
            model,
            _options,
            epoch => _options.BatchTokens is { } tokens
                ? LengthBatches.WithinTokens(_task.TrainLengths, tokens, _options.Seed, epoch)
                : LengthBatches.Shuffled(_task.TrainLengths, _options.BatchSize, _options.Seed, epoch),
            batch => _task.Loss(model, batch))
        {
            Evaluate = () =>
            {
                using var weights = Fixed(model);
                return _task.DevScore(model, cancellation);
            },
            StateFile = StateFile,
            Identity = JsonSerializer.Serialize(Identity(), IdentityInfo),
            OnStep = OnStep,
            OnEpoch = OnEpoch,
            OnNote = OnNote,
        };
        var history = trainer.Run(resume, cancellation);
        var config = _task.ConfigOf(_head, _variant);
        if (history.Cancelled)
        {
            return (model, config, null);
        }

        OnTrained?.Invoke(model, config);
        try
        {
            return (model, config, Test(model, history, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (model, config, null);
        }
    }

    private SavedIdentity Identity() => new(
        _task.Name,
        _task.Data.Hash,
        _task.Data.Train,
        _task.Encoder.Hash,
        _task.MaxTokens,
        _head,
        _task.Heads.HasVariants(_head) ? Heads.NameOf(_variant) : null,
        _task.Data.SoftHash);

    // For scores. Where products of bf16 pay, oneDNN's of fp32 does too; a measurement would let equal runs differ in their last digits.
    private FixedWeights Fixed(TaskModel model) => new(model, paysOff: _options.Precision == Precision.Bf16);

    private RunRecord Test(TaskModel model, TrainingHistory history, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var weights = Fixed(model);
        var result = _task.TestModel(model, cancellation);
        double testSeconds = watch.Elapsed.TotalSeconds;
        double seconds = history.Epochs.Sum(epoch => epoch.Seconds);
        double examplesPerSecond = history.Epochs.Count * (_task.Data.Train + (_task.Data.Soft ?? 0)) / seconds;
        var record = RunRecord.Of(_task, _head, Heads.NameOf(_variant), result, seconds, examplesPerSecond, testSeconds);
        bool isEmulated = _options.Precision == Precision.Bf16 && !MixedPrecision.IsNative;
        return record with
        {
            Machine = record.Machine with { Bf16 = isEmulated ? "emulated" : null },
            Encoder = RunRecord.EncoderRecord.Of(_task.Encoder),
            Seed = _options.Seed,
            Options = _options,
            MaxTokens = _task.MaxTokens,
            Truncated = _task.Truncated,
            History = history.Epochs,
            BestEpoch = history.BestEpoch,
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
        };
    }

    /// <summary>What a state file belongs to, beside the options; its JSON is compared as a text.</summary>
    internal sealed record SavedIdentity(
        string Name,
        string Data,
        int Train,
        string Hash,
        int MaxTokens,
        string Head,
        string? Variant,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Soft);
}
