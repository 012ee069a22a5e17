using System.Diagnostics;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Mixed precision: linear layers, attention and LSTMs multiply in bf16, the activation between two linear layers takes and gives bf16, and
/// everything else stays fp32, as PyTorch's autocast does, which TorchSharp lacks. The weights are fp32; each product takes a bf16 copy of
/// them, and the gradients come back as fp32. Where libtorch has no fast bf16 products, fp32 ones of the same rounded numbers take
/// their place, and what comes out is rounded: the same up to the order of sums, at almost the speed of fp32.
/// Source: Micikevicius et al. 2018 (mixed precision training, section 3.1: master weights); PyTorch, <c>torch.autocast</c>.
/// </summary>
public static class MixedPrecision
{
    private const double WorthIt = 1.3; // how much faster the products alone must be: casts and the rest of a step eat some of it
    private const double Hopeless = 0.1; // of the rate of fp32: libtorch's loops, where nothing is faster, have a hundredth of it
    private const int ProbeSize = 512;
    private const int SmallProbeSize = 128; // for those loops ProbeSize takes seconds

    private static readonly Lazy<bool> Native = new(() => MeasureNative(Rate));

    private static readonly Lazy<bool> Measured = new(() => Native.Value && Measure(Rate));

    [ThreadStatic]
    private static Products _products;

    private enum Products
    {
        Fp32,
        Bf16,
        Emulated,
    }

    /// <summary>Whether bf16 products are at least 1.3 times as fast as fp32 ones here; measured once, with one thread.</summary>
    public static bool PaysOff => Measured.Value;

    /// <summary>Whether bf16 is multiplied as bf16 here, and not as fp32 numbers that are rounded to bf16; measured once.</summary>
    public static bool IsNative => Native.Value;

    /// <summary>What a precision means on this machine.</summary>
    /// <returns><see cref="Precision.Fp32"/> or <see cref="Precision.Bf16"/>.</returns>
    public static Precision Resolve(Precision precision) => precision switch
    {
        Precision.Auto => PaysOff ? Precision.Bf16 : Precision.Fp32,
        _ => precision,
    };

    /// <summary>The name in options, files and tables: <c>auto</c>, <c>fp32</c> or <c>bf16</c>.</summary>
    public static string NameOf(Precision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>The precision of a name.</summary>
    /// <exception cref="InputException">There is no such precision.</exception>
    public static Precision Parse(string name) =>
        Enum.GetValues<Precision>().Where(precision => NameOf(precision) == name).ToArray() is [var found]
        ? found
        : throw new InputException($"There is no precision \"{name}\"; choose from auto, fp32, bf16.");

    /// <summary>
    /// Lets all encoders that run on this thread compute in a precision, until the result is disposed. Without it they compute in fp32.
    /// </summary>
    public static IDisposable Use(Precision precision) => UseWith(precision, native: null);

    /// <summary>The same.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="native">Whether bf16 is multiplied as bf16; null: see <see cref="IsNative"/>.</param>
    internal static IDisposable UseWith(Precision precision, bool? native)
    {
        var scope = new Scope(_products);
        _products = Resolve(precision) != Precision.Bf16 ? Products.Fp32 : native ?? IsNative ? Products.Bf16 : Products.Emulated;
        return scope;
    }

    /// <summary>What encoders on this thread compute in now.</summary>
    public static Precision InUse => _products == Products.Fp32 ? Precision.Fp32 : Precision.Bf16;

    /// <summary>The rate of square matrix products, the best of three.</summary>
    /// <param name="type">Type of the numbers.</param>
    /// <param name="size">Rows and columns.</param>
    /// <returns>GF/s (10⁹ floating-point operations a second).</returns>
    public static double Rate(ScalarType type, int size)
    {
        using var scope = NewDisposeScope();
        var a = ones(size, size, dtype: type, device: Devices.Best); // no random numbers: those are the training's
        double best = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using var product = a.mm(a);
            product[0, 0].to(ScalarType.Float32).item<float>(); // reading a number waits for the GPU
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2 * Math.Pow(size, 3) / best / 1e9;
    }

    /// <summary>x·Wᵀ + b in the precision in use; in bf16 the result is bf16 too, and <see cref="Full"/> makes fp32 of it.</summary>
    /// <param name="x">… × inputs.</param>
    /// <param name="weight">W, outputs × inputs, fp32.</param>
    /// <param name="bias">b, outputs, fp32, or null.</param>
    /// <returns>… × outputs.</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) =>
        Result(nn.functional.linear(Operand(x), Operand(weight), bias is null ? null : Operand(bias)));

    /// <summary>a·b in the precision in use, as <see cref="Linear"/>.</summary>
    /// <param name="a">… × M × K.</param>
    /// <param name="b">… × K × N.</param>
    /// <returns>… × M × N.</returns>
    public static Tensor Product(Tensor a, Tensor b) => Result(Operand(a).matmul(Operand(b)));

    /// <summary>What several linear layers read, cast once for all of them.</summary>
    public static Tensor Input(Tensor x) => _products == Products.Fp32 ? x : Half(x);

    /// <summary>What libtorch multiplies in the precision in use.</summary>
    internal static Tensor Operand(Tensor x) => _products == Products.Emulated ? Full(Half(x)) : Input(x);

    /// <summary>What a product is rounded to in the precision in use.</summary>
    internal static Tensor Result(Tensor product) => _products == Products.Emulated ? Half(product) : product;

    /// <summary>fp32, whatever it was.</summary>
    public static Tensor Full(Tensor x) => x.to_type(ScalarType.Float32);

    /// <summary>Whether bf16 products pay, by their rates.</summary>
    /// <param name="rate">See <see cref="Rate"/>.</param>
    internal static bool Measure(Func<ScalarType, int, double> rate) =>
        Probe.IsFaster(WorthIt, isHalf => rate(isHalf ? ScalarType.BFloat16 : ScalarType.Float32, ProbeSize));

    /// <summary>Whether libtorch has bf16 products here that are not hopeless, by their rates.</summary>
    /// <param name="rate">See <see cref="Rate"/>.</param>
    internal static bool MeasureNative(Func<ScalarType, int, double> rate) =>
        Probe.IsFaster(Hopeless, isHalf => rate(isHalf ? ScalarType.BFloat16 : ScalarType.Float32, SmallProbeSize));

    private static Tensor Half(Tensor x) => x.to_type(ScalarType.BFloat16);

    private sealed class Scope(Products before) : IDisposable
    {
        public void Dispose() => _products = before;
    }
}
