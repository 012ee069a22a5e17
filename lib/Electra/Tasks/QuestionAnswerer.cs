using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Encoder + token head with two outputs + loss: how likely the answer begins, and ends, at each token.
/// Source: transformers, <c>ElectraForQuestionAnswering</c>.
/// </summary>
public sealed class QuestionAnswerer : TaskModel
{
    /// <summary>C: the logits of start and end.</summary>
    public const int Outputs = 2;

    /// <summary>Puts a head on an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">A head with two outputs.</param>
    public QuestionAnswerer(ElectraEncoder encoder, TokenHead head)
        : base(nameof(QuestionAnswerer), encoder, head, "qa_outputs")
    {
        Head = head;
    }

    /// <summary>The head.</summary>
    public TokenHead Head { get; }

    /// <summary>The mean of two cross-entropies over the L positions: of the first token of the answer, and of its last.</summary>
    /// <param name="logits">B × L × 2: start, end.</param>
    /// <param name="starts">B, int64. A negative position counts as 0; one from L on is left out of the mean.</param>
    /// <param name="ends">B, int64, the same.</param>
    /// <returns>A single number; not a number when all starts or all ends are left out.</returns>
    public static Tensor Loss(Tensor logits, Tensor starts, Tensor ends)
    {
        using var scope = NewDisposeScope();
        long length = logits.shape[1];
        var start = nn.functional.cross_entropy(logits[.., .., 0], starts.clamp(0, length), ignore_index: length);
        var end = nn.functional.cross_entropy(logits[.., .., 1], ends.clamp(0, length), ignore_index: length);
        return ((start + end) / 2).MoveToOuterDisposeScope();
    }
}
