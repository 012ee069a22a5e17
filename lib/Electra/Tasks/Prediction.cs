using static TorchSharp.torch;

namespace Electra;

/// <summary>Runs a model over many texts.</summary>
public static class Prediction
{
    /// <summary>
    /// The logits of every row, in the rows' order. Batches are made of rows of similar length and padded to their own longest.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode.</param>
    /// <param name="rows">The encodings.</param>
    /// <param name="padId">What fills short rows.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="progress">Told how many rows are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>
    /// One array a row: C numbers from a head that answers for the row; L · C from one that answers for every token, token by token,
    /// without padding.
    /// </returns>
    public static float[][] Logits(
        TaskModel model, IReadOnlyList<TokenEncoding> rows, int padId, int batchSize = 64, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        var device = model.parameters().First().device;
        var logits = new float[rows.Count][];
        int done = 0;
        model.eval();
        using var grad = no_grad();
        foreach (int[] batch in LengthBatches.Sorted([.. rows.Select(row => row.Length)], batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var input = Batch.From([.. batch.Select(i => rows[i])], device, padId: padId);
            var output = model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds).cpu(); // B × C or B × L × C
            float[] values = output.data<float>().ToArray();
            int stride = values.Length / batch.Length;
            int labels = (int)output.shape[^1];
            for (int i = 0; i < batch.Length; i++)
            {
                int length = output.dim() == 2 ? labels : rows[batch[i]].Length * labels;
                logits[batch[i]] = values[(i * stride)..((i * stride) + length)];
            }

            done += batch.Length;
            progress?.Invoke(done);
        }

        return logits;
    }

    /// <summary>The label with the greatest logit.</summary>
    public static int Label(float[] logits) => Array.IndexOf(logits, logits.Max());

    /// <summary>The logits as probabilities: softmax, exp(x) / Σ exp(x).</summary>
    public static double[] Probabilities(float[] logits)
    {
        double[] powers = [.. logits.Select(x => Math.Exp(x - logits.Max()))];
        double sum = powers.Sum();
        return [.. powers.Select(x => x / sum)];
    }
}
