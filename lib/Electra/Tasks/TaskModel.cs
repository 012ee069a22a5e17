using static TorchSharp.torch;

namespace Electra;

/// <summary>An encoder with a head on it: what all tasks train, save and ask.</summary>
public abstract class TaskModel : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    /// <summary>Puts a head on an encoder.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="encoder">The encoder, whose parameters are named <c>electra.…</c>.</param>
    /// <param name="head">The head.</param>
    /// <param name="headName">What its parameters' names begin with: <c>classifier</c> or <c>qa_outputs</c>.</param>
    protected TaskModel(string name, ElectraEncoder encoder, nn.Module<Tensor, Tensor, Tensor> head, string headName)
        : base(name)
    {
        (Encoder, HeadModule) = (encoder, head);
        register_module("electra", encoder);
        register_module(headName, head);
    }

    /// <summary>The encoder.</summary>
    public ElectraEncoder Encoder { get; }

    /// <summary>The head, of whatever kind.</summary>
    public nn.Module<Tensor, Tensor, Tensor> HeadModule { get; }

    /// <summary>Gives a batch its logits.</summary>
    /// <param name="inputIds">B × L, int64.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding.</param>
    /// <param name="tokenTypeIds">B × L, int64; null for all zeros.</param>
    /// <returns>The logits: B × C (labels) of a head that answers for the row, B × L × C of one that answers for every token.</returns>
    /// <exception cref="InputException">The batch does not fit the encoder.</exception>
    public override Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        var hidden = Encoder.forward(inputIds, attentionMask, tokenTypeIds); // B × L × H
        return HeadModule.forward(hidden, attentionMask).MoveToOuterDisposeScope();
    }
}
