using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Reads the row forwards and backwards and answers at every token: dropout → gelu → bidirectional LSTM(H, H) from zero states → dropout →
/// out_proj on 2H numbers. Published, the backward direction comes out of the padding; mask-aware, it begins at the last token, and padding
/// has zeros for outputs. Made after <see cref="BiLstmHead"/>: the original has no token heads.
/// </summary>
public sealed class BiLstmTokenHead : TokenHead
{
    [ComponentName(Name = "LSTM")]
    private readonly LSTM _lstm;

    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly HeadVariant _variant;

    /// <summary>Creates a freshly initialised head.</summary>
    /// <param name="config">Gives H and the dropout.</param>
    /// <param name="labels">C, the number of labels.</param>
    /// <param name="variant">How padding is treated.</param>
    public BiLstmTokenHead(ElectraConfig config, int labels, HeadVariant variant = HeadVariant.MaskAware)
        : base(nameof(BiLstmTokenHead))
    {
        _variant = variant;
        _lstm = nn.LSTM(config.HiddenSize, config.HiddenSize, batchFirst: true, bidirectional: true);
        _dropout = new FastDropout(config.HeadDropout);
        _output = nn.Linear(2 * config.HiddenSize, labels);
        RegisterComponents();
        Initialization.Normal(this, config);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var x = nn.functional.gelu(_dropout.forward(lastHiddenState)); // B × L × H
        var read = Outputs(x, _variant == HeadVariant.Published ? ones_like(attentionMask) : attentionMask); // B × L × 2H
        return _output.forward(_dropout.forward(read)).MoveToOuterDisposeScope(); // B × L × C
    }

    private Tensor Outputs(Tensor x, Tensor attentionMask)
    {
        var forwards = UnpackedLstm.Forwards(_lstm, x); // B × L × H
        var backwards = UnpackedLstm.Backwards(_lstm, UnpackedLstm.Turn(x, attentionMask)); // B × L × H, from the last token on
        return cat([forwards, UnpackedLstm.Turn(backwards, attentionMask)], 2) // B × L × 2H
            .masked_fill(attentionMask.eq(0).unsqueeze(-1), 0);
    }
}
