using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// What turns the encoder's last hidden state into one answer a row. A head of your own derives from this class, calls
/// <c>RegisterComponents()</c> at the end of its constructor and implements <c>forward</c>; it then trains, saves and compares like the
/// others.
/// </summary>
public abstract class ClassificationHead : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Names the head.</summary>
    protected ClassificationHead(string name)
        : base(Libtorch.RequiredBy(name))
    {
    }

    /// <summary>Classifies each row of a batch.</summary>
    /// <param name="lastHiddenState">B × L × H.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding, which stands at the end of a row.</param>
    /// <returns>The logits, B × C (labels).</returns>
    public abstract override Tensor forward(Tensor lastHiddenState, Tensor attentionMask);
}
