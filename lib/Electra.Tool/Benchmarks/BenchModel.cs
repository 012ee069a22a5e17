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
    public const string InferenceOnnx = "inference-onnx";

    /// <summary>What the original pads every row to.</summary>
    public const int OriginalTokens = 128;

    private const int WarmUp = 2; // batches

    private readonly EncoderSource _encoder;
    private readonly string _head;
    private readonly BenchTexts _texts;
    private readonly SequenceClassifier _model;
    private readonly OnnxModel? _onnx;
    private readonly int _padId;

    /// <summary>Makes the model.</summary>
    /// <exception cref="InputException">The .onnx file computes the logits of a head that the encoder does not have.</exception>
    public BenchModel(EncoderSource encoder, string head, BenchTexts texts, OnnxModel? onnx)
    {
        (_encoder, _head, _texts, _onnx, _padId) = (encoder, head, texts, onnx, encoder.Tokenizer.PadId);
        bool logits = onnx?.Output == OnnxModel.Logits; // to compare them, head, variant and labels must be the checkpoint's
        var variant = logits && encoder.Config.ClassifierVariant is { } own ? Heads.VariantOf(own) : HeadVariant.MaskAware;
        (_model, _) = encoder.CreateSequenceClassifier(head, variant, logits && encoder.Config.Labels.Count > 0 ? encoder.Config.Labels : ["negative", "positive"], seed: 1);
        if (logits && (encoder.IsRandom || encoder.HeadName != head))
        {
            _model.Dispose();
            throw new InputException(
                $"{onnx!.Path} computes {OnnxModel.Logits}, but {encoder.Name} has no trained head {head}; give the checkpoint that was exported and its own head, or an export of {OnnxModel.LastHiddenState}.");
        }

        _model.to(Devices.Best);
    }

    private int BatchSize => _texts.Batches[0].Length;

    private int PaddedLength => Math.Min(OriginalTokens, _encoder.Config.MaxPositionEmbeddings);

    public void Dispose() => _model.Dispose();

    /// <summary>Measures once.</summary>
    /// <param name="mode">One of the constants above.</param>
    /// <param name="precision">Not auto; ONNX Runtime always computes in fp32.</param>
    /// <param name="cancellation">Stops it.</param>
    public BenchRun Measure(string mode, Precision precision, CancellationToken cancellation)
    {
        bool training = mode is Train or TrainOriginal;
        var rows = _texts.Chosen;
        var batches = training ? _texts.Batches : PredictionBatches();
        PeakMemory.Restart();
        double seconds = mode switch
        {
            Train => TrainingSeconds(precision, batch => _texts.Rows.Loss(_model, batch, _padId), cancellation),
            TrainOriginal => TrainingSeconds(precision, OriginalLoss, cancellation),
            Inference => InferenceSeconds(precision, batches, cancellation),
            _ => OnnxSeconds(batches, cancellation),
        };
        int[] lengths = [.. batches.Select(batch => mode == TrainOriginal ? PaddedLength : batch.Max(i => training ? _texts.Rows.Lengths[i] : rows[i].Length))];
        double flops = lengths.Zip(batches, (length, batch) => ModelFlops.Of(_encoder.Config, batch.Length, length, training)).Sum();
        double tokens = lengths.Zip(batches, (length, batch) => (double)length * batch.Length).Sum() / rows.Count;
        return new BenchRun(_encoder.Name, _head, BatchSize, tokens, MixedPrecision.NameOf(precision), mode, rows.Count / seconds, PeakMemory.Megabytes()) { ModelRate = flops / seconds / 1e9 };
    }

    /// <summary>The greatest difference between ONNX Runtime's numbers and ours (fp32), padding left out.</summary>
    public double OnnxDifference()
    {
        var rows = _texts.Chosen;
        double greatest = 0;
        _model.eval();
        using var grad = no_grad();
        foreach (int[] batch in PredictionBatches())
        {
            using var scope = NewDisposeScope();
            using var input = Batch.From([.. batch.Select(i => rows[i])], Devices.Best, padId: _padId);
            var ours = _model.Encoder.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds); // B × L × H
            if (_onnx!.Output == OnnxModel.Logits)
            {
                ours = _model.Head.forward(ours, input.AttentionMask); // B × C
            }

            var theirs = _onnx.Run(input).to(ours.device); // the same
            if (!theirs.shape.SequenceEqual(ours.shape))
            {
                throw new InputException($"{_onnx.Path} gives {_onnx.Output} of shape [{string.Join(", ", theirs.shape)}], not [{string.Join(", ", ours.shape)}]; export it from this encoder.");
            }

            var difference = (ours - theirs).abs();
            greatest = Math.Max(greatest, (ours.dim() == 3 ? difference * input.AttentionMask.unsqueeze(-1) : difference).max().item<float>());
        }

        return greatest;
    }

    private IReadOnlyList<int[]> PredictionBatches() => LengthBatches.Sorted([.. _texts.Chosen.Select(row => row.Length)], BatchSize);

    private double TrainingSeconds(Precision precision, Func<int[], Tensor> loss, CancellationToken cancellation)
    {
        int[][] batches = [.. Enumerable.Range(0, WarmUp).Select(i => _texts.Batches[i % _texts.Batches.Count]), .. _texts.Batches];
        var watch = new Stopwatch();
        double seconds = 0;
        var options = new TrainingOptions { Epochs = 1, BatchSize = BatchSize, LearningRate = 1e-5, Precision = precision };
        var trainer = new Trainer(_model, options, _ => batches, loss)
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
        using var input = Batch.From([.. batch.Select(i => _texts.Rows.Rows[i])], Devices.Best, PaddedLength, _padId);
        using var labels = tensor(batch.Select(i => (long)_texts.Rows.Labels[i]).ToArray(), device: Devices.Best); // B
        var hidden = _model.Encoder.Encode(input.InputIds, input.AttentionMask, input.TokenTypeIds, attentions: true).LastHiddenState; // B × L × H
        return SequenceClassifier.Loss(_model.Head.forward(hidden, input.AttentionMask), labels);
    }

    private double InferenceSeconds(Precision precision, IReadOnlyList<int[]> batches, CancellationToken cancellation)
    {
        using var use = MixedPrecision.Use(precision);
        var rows = _texts.Chosen;
        Prediction.Logits(_model, [.. batches[0].Select(i => rows[i])], _padId, BatchSize, cancellation: cancellation);
        long start = Stopwatch.GetTimestamp();
        Prediction.Logits(_model, rows, _padId, BatchSize, cancellation: cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private double OnnxSeconds(IReadOnlyList<int[]> batches, CancellationToken cancellation)
    {
        var rows = _texts.Chosen;
        var watch = new Stopwatch();
        foreach (int[] batch in batches.Prepend(batches[0]))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var input = Batch.From([.. batch.Select(i => rows[i])], padId: _padId);
            _onnx!.Run(input);
            if (!watch.IsRunning)
            {
                watch.Start(); // the first only warms up
            }
        }

        return watch.Elapsed.TotalSeconds;
    }
}
