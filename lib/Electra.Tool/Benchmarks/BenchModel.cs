using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra.Tool.Benchmarks;

/// <summary>Measures one encoder under one head on given texts: steps of the real trainer, and the real prediction.</summary>
internal sealed class BenchModel : IDisposable
{
    public const string Train = "train";
    public const string TrainOriginal = "train-original";
    public const string Inference = "inference";

    /// <summary>What the original pads every row to.</summary>
    public const int OriginalTokens = 128;

    private const int WarmUp = 2; // batches

    private readonly EncoderSource _encoder;
    private readonly string _head;
    private readonly BenchTexts _texts;
    /// <summary>Makes the model.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The head.</param>
    /// <param name="texts">What is measured on.</param>
    /// <param name="asTrained">Whether variant and labels are those of the encoder's checkpoint; otherwise for two labels.</param>
    /// <param name="variant">The variant where it is not the checkpoint's.</param>
    public BenchModel(
        EncoderSource encoder, string head, BenchTexts texts, bool asTrained = false, HeadVariant variant = HeadVariant.MaskAware)
    {
        (_encoder, _head, _texts) = (encoder, head, texts);
        variant = asTrained && encoder.Config.ClassifierVariant is { } own ? Heads.VariantOf(own) : variant;
        (Model, _) = encoder.CreateSequenceClassifier(head, variant,
            asTrained && encoder.Config.Labels.Count > 0 ? encoder.Config.Labels : ["negative", "positive"], seed: 1);
        Model.to(Devices.Best);
    }

    /// <summary>Encoder and head.</summary>
    public SequenceClassifier Model { get; }

    /// <summary>What fills short rows.</summary>
    public int PadId => _encoder.Tokenizer.PadId;

    /// <summary>The batches of prediction, as positions in <see cref="BenchTexts.Chosen"/>.</summary>
    public IReadOnlyList<int[]> PredictionBatches => LengthBatches.Sorted([.. _texts.Chosen.Select(row => row.Length)], BatchSize);

    private int BatchSize => _texts.Batches[0].Length;

    private int PaddedLength => Math.Min(OriginalTokens, _encoder.Config.MaxPositionEmbeddings);

    public void Dispose() => Model.Dispose();

    /// <summary>Measures once.</summary>
    /// <param name="mode">One of the constants above.</param>
    /// <param name="precision">Not auto.</param>
    /// <param name="cancellation">Stops it.</param>
    public BenchRun Measure(string mode, Precision precision, CancellationToken cancellation) =>
        Measure(mode, precision, mode is Train or TrainOriginal, batches => mode switch
    {
        Train => TrainingSeconds(precision, batch => _texts.Rows.Loss(Model, batch, PadId), cancellation),
        TrainOriginal => TrainingSeconds(precision, OriginalLoss, cancellation),
        _ => InferenceSeconds(precision, batches, cancellation),
    });

    /// <summary>Measures something once.</summary>
    /// <param name="mode">What it is called.</param>
    /// <param name="precision">Not auto.</param>
    /// <param name="training">Whether it trains, or predicts.</param>
    /// <param name="run">Runs the batches and says how many seconds that took.</param>
    public BenchRun Measure(string mode, Precision precision, bool training, Func<IReadOnlyList<int[]>, double> run)
    {
        var rows = _texts.Chosen;
        var batches = training ? _texts.Batches : PredictionBatches;
        PeakMemory.Restart();
        double seconds = run(batches);
        int[] lengths = [
            .. batches.Select(
                batch => mode == TrainOriginal ? PaddedLength : batch.Max(i => training ? _texts.Rows.Lengths[i] : rows[i].Length))];
        double flops = lengths.Zip(batches, (length, batch) => ModelFlops.Of(_encoder.Config, batch.Length, length, training)).Sum();
        double tokens = lengths.Zip(batches, (length, batch) => (double)length * batch.Length).Sum() / rows.Count;
        return new BenchRun(_encoder.Name, _head, BatchSize, tokens, MixedPrecision.NameOf(precision), mode, rows.Count / seconds,
            PeakMemory.Megabytes())
        { ModelRate = flops / seconds / 1e9 };
    }

    /// <summary>A batch of <see cref="PredictionBatches"/> as tensors.</summary>
    public Batch BatchOf(int[] batch) => Batch.From([.. batch.Select(i => _texts.Chosen[i])], Devices.Best, padId: PadId);

    private double TrainingSeconds(Precision precision, Func<int[], Tensor> loss, CancellationToken cancellation)
    {
        int[][] batches = [.. Enumerable.Range(0, WarmUp).Select(i => _texts.Batches[i % _texts.Batches.Count]), .. _texts.Batches];
        var watch = new Stopwatch();
        double seconds = 0;
        var options = new TrainingOptions { Epochs = 1, BatchSize = BatchSize, LearningRate = 1e-5, Precision = precision };
        var trainer = new Trainer(Model, options, _ => batches, loss)
        {
            OnStep = step =>
            {
                seconds = watch.Elapsed.TotalSeconds;
                if (step.Step == WarmUp - 1)
                {
                    watch.Restart();
                }
            },
        };
        trainer.Run(cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        return seconds;
    }

    // As the original trains: every row padded to one length, attention spelled out.
    private Tensor OriginalLoss(int[] batch)
    {
        using var input = Batch.From([.. batch.Select(i => _texts.Rows.Rows[i])], Devices.Best, PaddedLength, PadId);
        using var labels = tensor(batch.Select(i => (long)_texts.Rows.Labels[i]).ToArray(), device: Devices.Best); // B
        var hidden = Model.Encoder.Encode(input.InputIds, input.AttentionMask, input.TokenTypeIds,
            attentions: true).LastHiddenState; // B × L × H
        return SequenceClassifier.Loss(Model.Head.forward(hidden, input.AttentionMask), labels);
    }

    private double InferenceSeconds(Precision precision, IReadOnlyList<int[]> batches, CancellationToken cancellation)
    {
        using var use = MixedPrecision.Use(precision);
        using var weights = new FixedWeights(Model);
        var rows = _texts.Chosen;
        Prediction.Logits(Model, [.. batches[0].Select(i => rows[i])], PadId, BatchSize, cancellation: cancellation);
        long start = Stopwatch.GetTimestamp();
        Prediction.Logits(Model, rows, PadId, BatchSize, cancellation: cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
