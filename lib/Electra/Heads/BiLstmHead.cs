using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Reads the row forwards and backwards: dropout → gelu → bidirectional LSTM(H, H) from zero states → dropout → out_proj on 2H numbers.
/// Published, these are the output at the last position, where the backward direction has read one token, in a padded row a padding one.
/// Mask-aware, they are the final hidden states of both directions: each has read the whole text and nothing else.
/// Source: the BiLSTM head of ilhoonkim's ElectraClassifierModeling, whose <c>dense</c> layer no data passes and which is left out here.
/// </summary>
public sealed class BiLstmHead : ClassificationHead
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
    public BiLstmHead(ElectraConfig config, int labels, HeadVariant variant = HeadVariant.MaskAware)
        : base(nameof(BiLstmHead))
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
        var read = _variant == HeadVariant.Published ? LastPosition(x) : FinalStates(x, attentionMask); // B × 2H
        return _output.forward(_dropout.forward(read)).MoveToOuterDisposeScope(); // B × C
    }

    private Tensor LastPosition(Tensor x)
    {
        var forwards = UnpackedLstm.Forwards(_lstm, x)[.., -1]; // B × H
        var backwards = UnpackedLstm.Backwards(_lstm, x[.., ^1..])[.., 0]; // B × H: one token is all that it has read there
        return cat([forwards, backwards], 1); // B × 2H
    }

    private Tensor FinalStates(Tensor x, Tensor attentionMask)
    {
        var rows = arange(x.shape[0], device: x.device); // B
        var ends = attentionMask.sum(1).clamp(min: 1) - 1; // B: where each direction has read the last token that it reads
        var forwards = UnpackedLstm.Forwards(_lstm, x)[rows, ends]; // B × H
        var backwards = UnpackedLstm.Backwards(_lstm, UnpackedLstm.Turn(x, attentionMask))[rows, ends]; // B × H
        return cat([forwards, backwards], 1); // B × 2H
    }
}
