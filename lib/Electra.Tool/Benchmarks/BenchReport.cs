namespace Electra.Tool.Benchmarks;

/// <summary>All that was measured: what <c>bench --json</c> prints.</summary>
/// <param name="Gemm">The machine's rate of matrix products.</param>
/// <param name="Runs">The measurements.</param>
/// <param name="BaselineRatio">How many times as fast the first encoder and head train as in the original's recipe; null when that was not
/// measured.</param>
internal sealed record BenchReport(GemmRates Gemm, IReadOnlyList<BenchRun> Runs, double? BaselineRatio);
