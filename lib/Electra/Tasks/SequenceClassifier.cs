using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>Encoder + head + loss: one label for each row. Source: transformers, <c>ElectraForSequenceClassification</c>.</summary>
public sealed class SequenceClassifier : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "electra")]
    private readonly ElectraEncoder _encoder;

    [ComponentName(Name = "classifier")]
    private readonly ClassificationHead _head;

    /// <summary>Puts a head on an encoder.</summary>
    public SequenceClassifier(ElectraEncoder encoder, ClassificationHead head)
        : base(nameof(SequenceClassifier))
    {
        _encoder = encoder;
        _head = head;
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    public ElectraEncoder Encoder => _encoder;

    /// <summary>The head.</summary>
    public ClassificationHead Head => _head;

    /// <summary>Classifies a batch.</summary>
    /// <param name="inputIds">B × L, int64.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding.</param>
    /// <param name="tokenTypeIds">B × L, int64; null for all zeros.</param>
    /// <returns>The logits, B × C (labels).</returns>
    /// <exception cref="InputException">The batch does not fit the encoder.</exception>
    public override Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.forward(inputIds, attentionMask, tokenTypeIds); // B × L × H
        return _head.forward(hidden, attentionMask).MoveToOuterDisposeScope(); // B × C
    }

    /// <summary>The mean cross-entropy of a batch.</summary>
    /// <param name="logits">B × C.</param>
    /// <param name="labels">B, int64.</param>
    /// <returns>A single number.</returns>
    public static Tensor Loss(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels);
}
