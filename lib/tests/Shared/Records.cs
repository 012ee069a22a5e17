namespace Electra.Tests;

/// <summary>Runs as a comparison records them, of four test rows.</summary>
internal static class Records
{
    public static IReadOnlyList<RunRecord> All { get; } =
    [
        Of("fc", "published", 1, "1110", [0.7, 0.6]), Of("fc", "published", 2, "0111", [0.5, 0.4]),
        Of("cnn", "published", 1, "1100", [0.7, 0.65]), Of("cnn", "mask-aware", 1, "1111", [0.7, 0.55]),
        Of("majority", "baseline", 0, "1100", []),
    ];

    private static RunRecord Of(string head, string variant, int seed, string correct, double[] losses)
    {
        int right = correct.Count(digit => digit == '1');
        var (low, high) = Statistics.Wilson(right, correct.Length);
        bool isBaseline = losses.Length == 0;
        return new RunRecord
        {
            Task = "sequence",
            Data = new("reviews", "d", 10, 2, correct.Length),
            Encoder = isBaseline ? null : new("random weights, 2 × 128", "e", 2, 128, 64, 2000),
            Head = head,
            Variant = variant,
            Seed = seed,
            Options = isBaseline ? null : new TrainingOptions { Seed = seed, Epochs = losses.Length },
            History = [.. losses.Select((loss, epoch) => new TrainingEpoch(epoch, loss, 1 - loss, 1))],
            BestEpoch = losses.Length - 1,
            Metric = new("accuracy", right / (double)correct.Length, right, correct.Length, [low, high]),
            Correct = correct,
            Confusion = [[2, 0], [1, 1]],
            Seconds = 1,
            ExamplesPerSecond = new(100, 200),
            Parameters = isBaseline ? 0 : 1000,
            Versions = new Dictionary<string, string>(),
            Machine = new("cpu", 1, 1, "cpu", "Linux X64"),
            Jobs = isBaseline ? null : 1,
        };
    }
}
