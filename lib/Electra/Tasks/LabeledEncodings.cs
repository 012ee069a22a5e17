using static TorchSharp.torch;

namespace Electra;

/// <summary>Tokenized reviews with their labels.</summary>
/// <param name="Rows">The encodings.</param>
/// <param name="Labels">The label of each.</param>
public sealed record LabeledEncodings(IReadOnlyList<TokenEncoding> Rows, IReadOnlyList<int> Labels)
{
    /// <summary>Length of each row, in tokens.</summary>
    public IReadOnlyList<int> Lengths { get; } = [.. Rows.Select(row => row.Length)];

    /// <summary>How many rows had to be cut to the maximum length.</summary>
    public int Truncated { get; } = Rows.Count(row => row.TruncatedTokens > 0);

    /// <summary>Tokenizes reviews.</summary>
    /// <param name="tokenizer">The encoder's vocabulary.</param>
    /// <param name="reviews">The reviews.</param>
    /// <param name="maxTokens">The longest row, in tokens; longer ones are cut and counted in <see cref="Truncated"/>.</param>
    public static LabeledEncodings Of(ElectraTokenizer tokenizer, IReadOnlyList<Review> reviews, int maxTokens) =>
        new([.. reviews.Select(review => tokenizer.Encode(review.Document, maxLength: maxTokens))],
            [.. reviews.Select(review => review.Label)]);

    /// <summary>The mean cross-entropy of some rows in one batch.</summary>
    /// <param name="model">Gives the logits.</param>
    /// <param name="batch">Positions of rows.</param>
    /// <param name="padId">What fills short rows.</param>
    /// <returns>A single number that gradients flow from.</returns>
    public Tensor Loss(TaskModel model, int[] batch, int padId)
    {
        using var input = Batch.From([.. batch.Select(i => Rows[i])], Devices.Best, padId: padId);
        using var labels = tensor(batch.Select(i => (long)Labels[i]).ToArray(), device: Devices.Best); // B
        return SequenceClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), labels);
    }
}
