using TorchSharp;

namespace Electra;

/// <summary>Encodings padded at the end to one length: what a model's <c>forward</c> reads. Owns its tensors.</summary>
public sealed class Batch : IDisposable
{
    private Batch(torch.Tensor inputIds, torch.Tensor attentionMask, torch.Tensor tokenTypeIds)
    {
        InputIds = inputIds;
        AttentionMask = attentionMask;
        TokenTypeIds = tokenTypeIds;
    }

    /// <summary>Rows of the vocabulary, the padding's own one at the end of a short row (B × L, int64).</summary>
    public torch.Tensor InputIds { get; }

    /// <summary>1 for a token, 0 for padding (B × L, int64).</summary>
    public torch.Tensor AttentionMask { get; }

    /// <summary>0 for the first text and padding, 1 for the second text (B × L, int64).</summary>
    public torch.Tensor TokenTypeIds { get; }

    /// <summary>Joins encodings to a batch.</summary>
    /// <param name="rows">B encodings, at least one.</param>
    /// <param name="device">Where the tensors go; null is the CPU.</param>
    /// <param name="length">L; null is the length of the longest row.</param>
    /// <param name="padId">What fills short rows: <see cref="ElectraTokenizer.PadId"/>, 0 in ELECTRA's vocabularies.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="InputException">A row is longer than <paramref name="length"/>.</exception>
    public static Batch From(IReadOnlyList<TokenEncoding> rows, torch.Device? device = null, int? length = null, int padId = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Libtorch.RequiredBy(nameof(Batch));
        if (rows.Count == 0)
        {
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        }

        int longest = rows.Max(row => row.Length);
        int width = length ?? longest;
        if (longest > width)
        {
            throw new InputException(
                $"A row of {longest} tokens does not fit into a batch of length {width}; encode it with that maximum length.");
        }

        torch.Tensor Join(Func<TokenEncoding, int[]> values, long padding)
        {
            var data = new long[rows.Count * width];
            Array.Fill(data, padding);
            for (int row = 0; row < rows.Count; row++)
            {
                values(rows[row]).CopyTo(data, row * width);
            }

            // Detached from the caller's dispose scope: a batch may outlive the scope that happened to be open when it was made.
            return torch.tensor(data, [rows.Count, width], device: device).DetachFromDisposeScope(); // B × L
        }

        return new Batch(Join(row => row.InputIds, padId), Join(row => row.AttentionMask, 0), Join(row => row.TokenTypeIds, 0));
    }

    /// <summary>Frees the three tensors.</summary>
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask.Dispose();
        TokenTypeIds.Dispose();
    }
}
