using static TorchSharp.torch;

namespace Electra.Tool.Benchmarks;

/// <summary>The machine's own rate of matrix products, in GF/s.</summary>
/// <param name="Fp32">Of 32-bit numbers.</param>
/// <param name="Bf16">Of 16-bit numbers.</param>
internal sealed record GemmRates(double Fp32, double Bf16)
{
    /// <summary>Rows and columns of the matrices: large enough that nothing but the products counts.</summary>
    public const int Size = 2048;

    public static GemmRates Measure() => new(MixedPrecision.Rate(ScalarType.Float32, Size), MixedPrecision.Rate(ScalarType.BFloat16, Size));

    /// <summary>The better of two measurements of each rate: what the machine can do when nothing disturbs it.</summary>
    public GemmRates Best(GemmRates other) => new(Math.Max(Fp32, other.Fp32), Math.Max(Bf16, other.Bf16));

    public double Of(Precision precision) => precision == Precision.Bf16 ? Bf16 : Fp32;
}
