using System.Text.Json.Serialization;

namespace Electra.Tool.Benchmarks;

/// <summary>One measurement.</summary>
/// <param name="Encoder">The encoder's name.</param>
/// <param name="Head">The head's name.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="Tokens">Mean length of a padded row.</param>
/// <param name="Precision">How matrix products were computed: <c>fp32</c> or <c>bf16</c>.</param>
/// <param name="Mode">What was measured, such as one of <see cref="BenchModel"/>'s modes.</param>
/// <param name="ExamplesPerSecond">Rows a second.</param>
/// <param name="PeakMb">The greatest resident memory of the process meanwhile, in 10⁶ bytes.</param>
internal sealed record BenchRun(
    string Encoder, string Head, int Batch, double Tokens, string Precision, string Mode, double ExamplesPerSecond, double PeakMb)
{
    /// <summary>The model's GF/s over the machine's rate of matrix products in the same precision.</summary>
    public double Utilization { get; init; }

    /// <summary>The model's GF/s.</summary>
    [JsonIgnore]
    public double ModelRate { get; init; }

    /// <summary>Padded tokens a second.</summary>
    [JsonIgnore]
    public double TokensPerSecond => ExamplesPerSecond * Tokens;
}
