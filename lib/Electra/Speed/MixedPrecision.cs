using System.Diagnostics;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Mixed precision: linear layers, attention and LSTMs multiply in bf16, the activation between two linear layers takes and gives bf16, and
/// everything else stays fp32, as PyTorch's autocast does, which TorchSharp lacks. The weights are fp32; each product takes a bf16 copy of
/// them, and the gradients come back as fp32.
/// Source: Micikevicius et al. 2018 (mixed precision training, section 3.1: master weights); PyTorch, <c>torch.autocast</c>.
/// </summary>
public static class MixedPrecision
{
    private const double WorthIt = 1.3; // how much faster the products alone must be: casts and the rest of a step eat some of it
    private const int ProbeSize = 512;

    private static readonly Lazy<bool> Measured = new(() => Measure(Rate));

    [ThreadStatic]
    private static bool _bf16;

    /// <summary>Whether bf16 products are at least 1.3 times as fast as fp32 ones here; measured once, with one thread.</summary>
    public static bool PaysOff => Measured.Value;

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
    public static IDisposable Use(Precision precision)
    {
        var scope = new Scope(_bf16);
        _bf16 = Resolve(precision) == Precision.Bf16;
        return scope;
    }

    /// <summary>What encoders on this thread compute in now.</summary>
    public static Precision InUse => _bf16 ? Precision.Bf16 : Precision.Fp32;

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
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => _bf16
        ? nn.functional.linear(Half(x), Half(weight), bias is null ? null : Half(bias))
        : nn.functional.linear(x, weight, bias);

    /// <summary>What several linear layers read, cast once for all of them.</summary>
    public static Tensor Input(Tensor x) => _bf16 ? Half(x) : x;

    /// <summary>fp32, whatever it was.</summary>
    public static Tensor Full(Tensor x) => x.to_type(ScalarType.Float32);

    /// <summary>Whether bf16 products pay, by their rates.</summary>
    /// <param name="rate">See <see cref="Rate"/>.</param>
    internal static bool Measure(Func<ScalarType, int, double> rate) =>
        Probe.IsFaster(WorthIt, isHalf => rate(isHalf ? ScalarType.BFloat16 : ScalarType.Float32, ProbeSize));

    private static Tensor Half(Tensor x) => x.to_type(ScalarType.BFloat16);

    private sealed class Scope(bool before) : IDisposable
    {
        public void Dispose() => _bf16 = before;
    }
}
