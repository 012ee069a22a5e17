using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// How every block of a layer ends: a linear layer, dropout, the block's input added again, LayerNorm.
/// Source: transformers, <c>ElectraSelfOutput</c> and <c>ElectraOutput</c>, which are the same but for the first size.
/// </summary>
public sealed class AddAndNorm : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly FastLinear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    /// <summary>Creates a freshly initialised one.</summary>
    /// <param name="inputSize">Size of the last axis of what comes in.</param>
    /// <param name="config">Gives H.</param>
    public AddAndNorm(int inputSize, ElectraConfig config)
        : base(nameof(AddAndNorm))
    {
        _dense = new FastLinear(inputSize, config.HiddenSize);
        _norm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = new FastDropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    /// <summary>Ends a block.</summary>
    /// <param name="x">B × L × input size: what the block made.</param>
    /// <param name="residual">B × L × H: what came into the block.</param>
    /// <returns>B × L × H.</returns>
    public override Tensor forward(Tensor x, Tensor residual) =>
        _norm.forward(_dropout.forward(MixedPrecision.Full(_dense.forward(x))) + residual);
}
