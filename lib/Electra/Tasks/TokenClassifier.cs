using static TorchSharp.torch;

namespace Electra;

/// <summary>Encoder + token head + loss: one label for each token. Source: transformers, <c>ElectraForTokenClassification</c>.</summary>
public sealed class TokenClassifier : TaskModel
{
    /// <summary>The label of a token that is not asked for: special tokens and padding.</summary>
    public const int Ignored = -100;

    /// <summary>Puts a head on an encoder.</summary>
    public TokenClassifier(ElectraEncoder encoder, TokenHead head)
        : base(nameof(TokenClassifier), encoder, head, "classifier")
    {
        Head = head;
    }

    /// <summary>The head.</summary>
    public TokenHead Head { get; }

    /// <summary>The mean cross-entropy of a batch's tokens that have a label; padding has none, whatever stands there.</summary>
    /// <param name="logits">B × L × C.</param>
    /// <param name="labels">B × L, int64, <see cref="Ignored"/> where nothing is asked.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding.</param>
    /// <returns>A single number; not a number when no token has a label.</returns>
    public static Tensor Loss(Tensor logits, Tensor labels, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var asked = labels.masked_fill(attentionMask.eq(0), Ignored); // B × L
        return nn.functional.cross_entropy(logits.flatten(0, 1), asked.flatten(), ignore_index: Ignored).MoveToOuterDisposeScope();
    }
}
