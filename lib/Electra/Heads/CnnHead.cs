using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Looks at every pair of neighbouring tokens with 128 filters and keeps each filter's greatest answer:
/// dropout → gelu → convolution over windows of 2 × H → ReLU → maximum over the L − 1 windows → ReLU → dropout → out_proj.
/// The mask-aware variant leaves windows that touch padding out of the maximum.
/// A row of one token is read as that token followed by a zero vector. Source: the CNN head of ilhoonkim's ElectraClassifierModeling.
/// </summary>
public sealed class CnnHead : ClassificationHead
{
    private const int Filters = 128;
    private const int Window = 2;

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
    public CnnHead(ElectraConfig config, int labels, HeadVariant variant = HeadVariant.MaskAware)
        : base(nameof(CnnHead))
    {
        _variant = variant;
        _windows = nn.Sequential(nn.Conv2d(1, Filters, (Window, config.HiddenSize)), nn.ReLU());
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
        var mask = attentionMask.to(ScalarType.Bool); // B × L
        if (_variant == HeadVariant.MaskAware)
        {
            x = x.masked_fill(mask.logical_not().unsqueeze(-1), 0);
        }

        if (x.shape[1] < Window)
        {
            x = nn.functional.pad(x, [0, 0, 0, Window - x.shape[1]]); // B × 2 × H
            mask = nn.functional.pad(mask, [0, Window - mask.shape[1]], value: 0); // B × 2
        }

        var windows = x.shape[1] > Window ? _windows.forward(x.unsqueeze(1)).squeeze(-1) : OnlyWindow(x); // B × 128 × (L − 1)
        if (_variant == HeadVariant.MaskAware)
        {
            windows = windows.masked_fill(WindowsInText(mask).logical_not().unsqueeze(1), float.NegativeInfinity);
        }

        var strongest = nn.functional.relu(windows.amax([-1])); // B × 128
        return _output.forward(_dropout.forward(strongest)).MoveToOuterDisposeScope(); // B × C
    }

    // What _windows computes, as a product of the pair of neighbours: oneDNN's convolution gives wrong numbers for a single window on some
    // processors (seen with libtorch 2.10 on AMD family 26 with AVX-512).
    private Tensor OnlyWindow(Tensor x)
    {
        var filters = (Conv2d)_windows[0]; // weight 128 × 1 × 2 × H
        var answers = nn.functional.linear(x.flatten(1), filters.weight.view(Filters, -1), filters.bias); // B × 128
        return nn.functional.relu(answers).unsqueeze(-1); // B × 128 × 1
    }

    // B × (L − 1): true where both positions are tokens; a row without such a window keeps its first.
    private static Tensor WindowsInText(Tensor mask)
    {
        var inside = mask[.., ..^1].logical_and(mask[.., 1..]); // B × (L − 1)
        var none = inside.any(1, keepdim: true).logical_not(); // B × 1
        var first = arange(inside.shape[1], device: mask.device).eq(0); // L − 1
        return inside.logical_or(none.logical_and(first));
    }
}
