using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The usual head: token 0 ([CLS]) → dropout → dense → gelu → dropout → out_proj. It reads one position, which is never padding, so
/// both variants are this one. Source: transformers, <c>ElectraClassificationHead</c>.
/// </summary>
public sealed class FcHead : ClassificationHead
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    /// <summary>Creates a freshly initialised head.</summary>
    /// <param name="config">Gives H and the dropout.</param>
    /// <param name="labels">C, the number of labels.</param>
    public FcHead(ElectraConfig config, int labels)
        : base(nameof(FcHead))
    {
        _dense = nn.Linear(config.HiddenSize, config.HiddenSize);
        _dropout = new FastDropout(config.HeadDropout);
        _output = nn.Linear(config.HiddenSize, labels);
        RegisterComponents();
        Initialization.Normal(this, config);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var cls = lastHiddenState[.., 0]; // B × H
        var dense = nn.functional.gelu(_dense.forward(_dropout.forward(cls))); // B × H
        return _output.forward(_dropout.forward(dense)).MoveToOuterDisposeScope(); // B × C
    }
}
