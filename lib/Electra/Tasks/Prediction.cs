using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra;

/// <summary>Runs a model over many texts.</summary>
public static class Prediction
{
    /// <summary>
    /// The logits of every row, in the rows' order. Batches are made of rows of similar length and padded to their own longest. They are
    /// computed in the precision that is in use, see <see cref="MixedPrecision.Use"/>.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode.</param>
    /// <param name="rows">The encodings.</param>
    /// <param name="padId">What fills short rows.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="progress">Told how many rows are done.</param>
    /// <param name="workers">
    /// Batches that are computed at the same time on a CPU, each with one thread: several small products at once keep cores busier than one
    /// after the other with all threads. A single batch has all threads in any case.
    /// </param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>
    /// One array a row: C numbers from a head that answers for the row; L · C from one that answers for every token, token by token,
    /// without padding.
    /// </returns>
    public static float[][] Logits(
        TaskModel model, IReadOnlyList<TokenEncoding> rows, int padId, int batchSize = 64, Action<int>? progress = null,
        int workers = 1, CancellationToken cancellation = default)
    {
        var device = model.parameters().First().device;
        var logits = new float[rows.Count][];
        var batches = LengthBatches.Sorted([.. rows.Select(row => row.Length)], batchSize);
        var gate = new Lock();
        int next = -1;
        int done = 0;
        model.eval();
        if (device.type != DeviceType.CPU || Math.Min(workers, batches.Count) <= 1)
        {
            Work();
        }
        else
        {
            WorkTogether(Math.Min(workers, batches.Count), Work);
        }

        return logits;

        // Takes batch after batch, until none is left.
        void Work()
        {
            using var grad = no_grad();
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < batches.Count;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Compute(batches[i]);
                }
            }
            catch
            {
                Volatile.Write(ref next, batches.Count); // the others stop too
                throw;
            }
        }

        void Compute(int[] batch)
        {
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

            lock (gate)
            {
                done += batch.Length;
                progress?.Invoke(done);
            }
        }
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

    // libtorch's number of threads is one thread's own, and the number that threads begin with: the caller's is put back.
    private static void WorkTogether(int workers, Action work)
    {
        int threads = get_num_threads();
        var precision = MixedPrecision.InUse;
        try
        {
            Task.WaitAll([.. Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    set_num_threads(1);
                    using var same = MixedPrecision.Use(precision);
                    work();
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
