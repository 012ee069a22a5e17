using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Dropout: in training every value becomes 0 with the given probability, and the others grow so that the mean stays. On a CPU libtorch
/// draws one number a value, which costs a small encoder a fifth of its training time; here one 64-bit draw from the same generator decides
/// four values. Source: Srivastava et al. 2014; PyTorch, <c>nn.Dropout</c>.
/// </summary>
public sealed class FastDropout : nn.Module<Tensor, Tensor>
{
    private const int Bits = 15; // of a number: a quarter of the 63 random bits that libtorch draws at once, the sign left out
    private const int LanesPerWord = sizeof(long) / sizeof(short);

    private readonly double _probability;

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">Share that is dropped, at least 0 and below 1; taken to the nearest 1/32768 on a CPU.</param>
    public FastDropout(double probability)
        : base(nameof(FastDropout)) => _probability = probability;

    /// <summary>Drops, in training.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public override Tensor forward(Tensor x)
    {
        if (!training || _probability == 0)
        {
            return x.alias();
        }

        return x.device.type == TorchSharp.DeviceType.CPU ? Multiply(x) : nn.functional.dropout(x, _probability);
    }

    private Tensor Multiply(Tensor x)
    {
        using var mask = Mask(x.shape);
        return x * mask.to_type(x.dtype);
    }

    // 0 where a value is dropped, 1 / (1 - p) where it stays.
    private Tensor Mask(long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        short threshold = (short)(Math.Round(_probability * (1 << Bits)) - 1); // the greatest number that drops
        float kept = (float)((1 << Bits) / (double)((1 << Bits) - 1 - threshold));
        using var words = randint(0, long.MaxValue, [(count + LanesPerWord - 1) / LanesPerWord], dtype: ScalarType.Int64);
        var mask = empty(shape);
        Choose(MemoryMarshal.Cast<byte, short>(words.bytes)[..(int)count], MemoryMarshal.Cast<byte, float>(mask.bytes), threshold, kept);
        return mask;
    }

    private static void Choose(ReadOnlySpan<short> numbers, Span<float> mask, short threshold, float kept)
    {
        const short all = (1 << Bits) - 1;
        var vectors = MemoryMarshal.Cast<short, Vector<short>>(numbers);
        var masks = MemoryMarshal.Cast<float, Vector<float>>(mask);
        for (int i = 0; i < vectors.Length; i++)
        {
            Vector.Widen(Vector.GreaterThan(vectors[i] & new Vector<short>(all), new Vector<short>(threshold)), out var low, out var high);
            masks[2 * i] = Vector.ConditionalSelect(low, new Vector<float>(kept), Vector<float>.Zero);
            masks[(2 * i) + 1] = Vector.ConditionalSelect(high, new Vector<float>(kept), Vector<float>.Zero);
        }

        for (int i = vectors.Length * Vector<short>.Count; i < numbers.Length; i++)
        {
            mask[i] = (numbers[i] & all) > threshold ? kept : 0;
        }
    }
}
