using System.Diagnostics;
using Spectre.Console;

namespace Electra.Tool.Benchmarks;

/// <summary>
/// Measures several things in turn, round after round, so that what disturbs the machine for a while disturbs all alike; of each the median
/// counts. Between rounds the machine's own rate of matrix products is taken again.
/// </summary>
internal sealed class Rounds
{
    /// <summary>How many there are.</summary>
    public const int Count = 3;

    /// <summary>Seconds after which there is no further round.</summary>
    public const double Patience = 90;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The best rates so far.</summary>
    public GemmRates Gemm { get; private set; } = GemmRates.Measure();

    /// <summary>The fewest rounds that anything had.</summary>
    public int Fewest { get; private set; } = Count;

    /// <summary>Measures.</summary>
    /// <param name="measurements">What is measured in a round, in this order.</param>
    /// <returns>The median of each, by examples a second.</returns>
    public IReadOnlyList<BenchRun> Measure(IReadOnlyList<Func<BenchRun>> measurements)
    {
        var rounds = new List<BenchRun[]>();
        while (rounds.Count == 0 || (rounds.Count < Count && _watch.Elapsed.TotalSeconds < Patience))
        {
            Gemm = Gemm.Best(GemmRates.Measure());
            rounds.Add([.. measurements.Select(measure => measure())]);
        }

        Fewest = Math.Min(Fewest, rounds.Count);
        return [.. measurements.Select(
            (_, i) => rounds.Select(round => round[i]).OrderBy(run => run.ExamplesPerSecond).ElementAt(rounds.Count / 2))];
    }

    /// <summary>A run with its share of the machine's rate, once that is known.</summary>
    public BenchRun WithUtilization(BenchRun run) =>
        run with { Utilization = run.ModelRate / Gemm.Of(MixedPrecision.Parse(run.Precision)) };

    /// <summary>Prints runs as a table.</summary>
    public static void Print(GemmRates gemm, IEnumerable<BenchRun> runs, string texts)
    {
        var table = new ResultTable("encoder", "head", "batch", "tokens", "precision", "mode", "examples/s", "tokens/s",
            "utilization", "peak MB");
        foreach (var run in runs)
        {
            table.AddRow(
                Markup.Escape(run.Encoder), run.Head, $"{run.Batch}", $"{run.Tokens:0.0}", run.Precision, run.Mode,
                $"{run.ExamplesPerSecond:N0}", $"{run.TokensPerSecond:N0}", $"{run.Utilization:P0}", $"{run.PeakMb:N0}");
        }

        Terminal.Print(
            $"Matrix products of up to {GemmRates.Size}³: fp32 {gemm.Fp32:N0} GF/s, bf16 " +
            (MixedPrecision.IsNative ? $"{gemm.Bf16:N0} GF/s" : "the same, emulated") +
            $". {texts}Tokens is the mean length of a padded row.");
        Terminal.PrintTable(table);
    }
}
