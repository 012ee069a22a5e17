using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Looks at every token between its neighbours, two on either side, with 128 filters: dropout → gelu → convolution over windows of 5 × H,
/// zero vectors beyond the ends of the row → ReLU → dropout → out_proj. The row keeps its length. Published, the last tokens of a padded
/// row see the padding; mask-aware, padding is zeros too, as what lies beyond the row. Made after <see cref="CnnHead"/>: the original has
/// no token heads.
/// </summary>
public sealed class CnnTokenHead : TokenHead
{
    private const int Filters = 128;
    private const int Window = 5; // odd, so that a window has a middle; with 3 only [SEP], whose answer nobody asks for, would see padding

    [ComponentName(Name = "layer1")]
    private readonly Sequential _windows;

    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly HeadVariant _variant;

    /// <summary>Creates a freshly initialised head.</summary>
    /// <param name="config">Gives H and the dropout.</param>
    /// <param name="labels">C, the number of labels.</param>
    /// <param name="variant">How padding is treated.</param>
    public CnnTokenHead(ElectraConfig config, int labels, HeadVariant variant = HeadVariant.MaskAware)
        : base(nameof(CnnTokenHead))
    {
        _variant = variant;
        _windows = nn.Sequential(nn.Conv2d(1, Filters, (Window, config.HiddenSize), padding: (Window / 2, 0)), nn.ReLU());
        _dropout = new FastDropout(config.HeadDropout);
        _output = nn.Linear(Filters, labels);
        RegisterComponents();
        Initialization.Normal(this, config);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var x = nn.functional.gelu(_dropout.forward(lastHiddenState)); // B × L × H
        if (_variant == HeadVariant.MaskAware)
        {
            x = x.masked_fill(attentionMask.eq(0).unsqueeze(-1), 0);
        }

        var windows = _windows.forward(x.unsqueeze(1)).squeeze(-1).transpose(1, 2); // B × L × 128
        return _output.forward(_dropout.forward(windows)).MoveToOuterDisposeScope(); // B × L × C
    }
}
