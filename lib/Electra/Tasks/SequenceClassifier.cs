using static TorchSharp.torch;

namespace Electra;

/// <summary>Encoder + head + loss: one label for each row. Source: transformers, <c>ElectraForSequenceClassification</c>.</summary>
public sealed class SequenceClassifier : TaskModel
{
    /// <summary>Puts a head on an encoder.</summary>
    public SequenceClassifier(ElectraEncoder encoder, ClassificationHead head)
        : base(nameof(SequenceClassifier), encoder, head, "classifier")
    {
        Head = head;
    }

    /// <summary>The head.</summary>
    public ClassificationHead Head { get; }

    /// <summary>The mean cross-entropy of a batch.</summary>
    /// <param name="logits">B × C.</param>
    /// <param name="labels">B, int64; or B × C, the probability of each label.</param>
    /// <returns>A single number.</returns>
    public static Tensor Loss(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels);
}
