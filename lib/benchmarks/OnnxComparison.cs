using System.Diagnostics;
using Electra.Tool.Benchmarks;
using static TorchSharp.torch;

namespace Electra.Benchmarks;

/// <summary>An encoder and its export under ONNX Runtime on the same batches.</summary>
internal sealed class OnnxComparison : IDisposable
{
    private const string Mode = "inference-onnx";

    private readonly BenchModel _model;
    private readonly BenchTexts _texts;
    private readonly OnnxModel _onnx;

    /// <summary>Makes the model.</summary>
    /// <exception cref="InputException">The file computes the logits of a head that the encoder does not have.</exception>
    public OnnxComparison(EncoderSource encoder, string head, BenchTexts texts, OnnxModel onnx)
    {
        if (onnx.Output == OnnxModel.Logits && encoder.HeadName != head)
        {
            throw new InputException(
                $"{onnx.Path} computes {OnnxModel.Logits}, but {encoder.Name} has no trained head {head}; give the checkpoint that was " +
                "exported and its own head, "
                + $"or an export of {OnnxModel.LastHiddenState}.");
        }

        (_texts, _onnx) = (texts, onnx);
        // to compare logits, variant and labels must be the checkpoint's
        _model = new BenchModel(encoder, head, texts, asTrained: onnx.Output == OnnxModel.Logits);
    }

    /// <summary>Ours in fp32, and in bf16 where that pays, then that of ONNX Runtime, which computes in fp32.</summary>
    public IReadOnlyList<Func<BenchRun>> Measurements(CancellationToken cancellation) =>
    [
        .. new[] { Precision.Fp32, MixedPrecision.Resolve(Precision.Auto) }.Distinct().Select(
            precision => (Func<BenchRun>)(() => _model.Measure(BenchModel.Inference, precision, cancellation))),
        () => _model.Measure(Mode, Precision.Fp32, training: false, batches => Seconds(batches, cancellation)),
    ];

    /// <summary>The greatest difference between ONNX Runtime's numbers and ours (fp32), padding left out.</summary>
    /// <exception cref="InputException">The shapes differ.</exception>
    public double Difference()
    {
        double greatest = 0;
        _model.Model.eval();
        using var grad = no_grad();
        foreach (int[] batch in _model.PredictionBatches)
        {
            using var scope = NewDisposeScope();
            using var input = _model.BatchOf(batch);
            var ours = _model.Model.Encoder.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds); // B × L × H
            if (_onnx.Output == OnnxModel.Logits)
            {
                ours = _model.Model.Head.forward(ours, input.AttentionMask); // B × C
            }

            var theirs = _onnx.Run(input).to(ours.device); // the same
            if (!theirs.shape.SequenceEqual(ours.shape))
            {
                throw new InputException(
                    $"{_onnx.Path} gives {_onnx.Output} of shape [{string.Join(", ", theirs.shape)}], not " +
                    $"[{string.Join(", ", ours.shape)}]; export it from this encoder.");
            }

            var difference = (ours - theirs).abs();
            greatest = Math.Max(greatest,
                (ours.dim() == 3 ? difference * input.AttentionMask.unsqueeze(-1) : difference).max().item<float>());
        }

        return greatest;
    }

    public void Dispose() => _model.Dispose();

    private double Seconds(IReadOnlyList<int[]> batches, CancellationToken cancellation)
    {
        var watch = new Stopwatch();
        foreach (int[] batch in batches.Prepend(batches[0]))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var input = Batch.From([.. batch.Select(i => _texts.Chosen[i])], padId: _model.PadId);
            _onnx.Run(input);
            if (!watch.IsRunning)
            {
                watch.Start(); // the first only warms up
            }
        }

        return watch.Elapsed.TotalSeconds;
    }
}
