using TorchSharp;

namespace Electra.Tests;

/// <summary>Batches that are computed at the same time give what they give one after the other.</summary>
public class PredictionTests
{
    private static readonly TokenEncoding[] Rows =
    [
        .. Enumerable.Range(0, 50).Select(i => TokenEncoding.FromIds(
            [.. Enumerable.Range(0, 3 + (i * 7 % 20)).Select(k => 5 + (k * i % 40))])),
    ];

    private static float[][] Logits(TaskModel model, TokenEncoding[] rows, int batchSize, Action<int>? progress = null, int workers = 1,
        CancellationToken? cancellation = null) =>
        Prediction.Logits(model, rows, padId: 0, batchSize, progress, workers, cancellation ?? TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(Small.HeadsAndVariants), MemberType = typeof(Small))]
    public void Workers_change_no_bit_and_no_order(string head, HeadVariant variant)
    {
        using var model = Small.Classifier(head, variant);
        float[][] alone = Logits(model, Rows, batchSize: 4);
        var seen = new List<int>();
        float[][] together = Logits(model, Rows, batchSize: 4, seen.Add, workers: 3);
        Assert.Equal(alone, together);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(50, seen[^1]);
        Assert.Equal(13, seen.Count);
    }

    [Fact]
    public void Workers_compute_in_the_precision_in_use()
    {
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        float[][] full = Logits(model, Rows, batchSize: 4);
        using var half = MixedPrecision.Use(Precision.Bf16);
        float[][] alone = Logits(model, Rows, batchSize: 4);
        Assert.NotEqual(full, alone);
        Assert.Equal(alone, Logits(model, Rows, batchSize: 4, workers: 2));
    }

    [Fact]
    public void An_interruption_and_an_error_stop_all_workers_and_leave_nothing_behind()
    {
        using var model = Small.Classifier("bilstm", HeadVariant.MaskAware);
        int threads = torch.get_num_threads();
        using var stop = new CancellationTokenSource();
        int last = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Logits(model, Rows, batchSize: 1, done =>
        {
            last = done;
            if (done == 3)
            {
                stop.Cancel();
            }
        }, 2, stop.Token));
        Assert.InRange(last, 3, 4); // the other worker may have been at one
        Assert.Equal(threads, torch.get_num_threads());

        TokenEncoding[] wrong = [.. Rows, TokenEncoding.FromIds([49, 50])]; // the vocabulary has 50 pieces, 0 to 49
        Assert.ThrowsAny<Exception>(() => Logits(model, wrong, batchSize: 1, workers: 2));
        Assert.Equal(threads, torch.get_num_threads());
        Assert.Equal(Rows.Length, Logits(model, Rows, batchSize: 4, workers: 2).Length);
    }
}
