using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// What turns the encoder's last hidden state into one answer a token: a tag in token classification, the scores of start and end in
/// question answering. A head of your own derives from this class, as from <see cref="ClassificationHead"/>.
/// </summary>
public abstract class TokenHead : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Names the head.</summary>
    protected TokenHead(string name)
        : base(Libtorch.RequiredBy(name))
    {
    }

    /// <summary>Gives every token of a batch its logits.</summary>
    /// <param name="lastHiddenState">B × L × H.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding, which stands at the end of a row.</param>
    /// <returns>The logits, B × L × C (labels); those of padding mean nothing.</returns>
    public abstract override Tensor forward(Tensor lastHiddenState, Tensor attentionMask);
}
