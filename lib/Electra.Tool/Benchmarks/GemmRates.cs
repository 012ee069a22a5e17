using static TorchSharp.torch;

namespace Electra.Tool.Benchmarks;

/// <summary>The machine's own rate of matrix products, in GF/s.</summary>
/// <param name="Fp32">Of 32-bit numbers.</param>
/// <param name="Bf16">Of what stands for 16-bit numbers: fp32's, where those are emulated.</param>
internal sealed record GemmRates(double Fp32, double Bf16)
{
    /// <summary>Rows and columns of the matrices: large enough that nothing but the products counts.</summary>
    public const int Size = 2048;

    private const int SmallestSize = 256;
    private const double LongestProduct = 1; // seconds

    public static GemmRates Measure()
    {
        double fp32 = Rate(ScalarType.Float32);
        return new(fp32, MixedPrecision.IsNative ? Rate(ScalarType.BFloat16) : fp32);
    }

    /// <summary>The better of two measurements of each rate: what the machine can do when nothing disturbs it.</summary>
    public GemmRates Best(GemmRates other) => new(Math.Max(Fp32, other.Fp32), Math.Max(Bf16, other.Bf16));

    /// <summary>
    /// The rate with the largest matrices whose product takes at most a second: slow processors would need minutes for the largest.
    /// </summary>
    public static double Rate(ScalarType type)
    {
        int size = SmallestSize;
        double rate = MixedPrecision.Rate(type, size);
        while (size < Size && 2 * Math.Pow(2 * size, 3) / rate / 1e9 <= LongestProduct)
        {
            size *= 2;
            rate = MixedPrecision.Rate(type, size);
        }

        return rate;
    }

    public double Of(Precision precision) => precision == Precision.Bf16 ? Bf16 : Fp32;
}
