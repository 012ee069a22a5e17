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

        return x.device.type == TorchSharp.DeviceType.CPU ? x * Mask(x.shape, x.dtype) : nn.functional.dropout(x, _probability);
    }

    // 0 where a value is dropped, 1 / (1 - p) where it stays.
    private Tensor Mask(long[] shape, ScalarType type)
    {
        using var scope = NewDisposeScope();
        long count = shape.Aggregate(1L, (product, size) => product * size);
        int threshold = (int)Math.Round(_probability * (1 << Bits));
        var words = randint(0, long.MaxValue, [(count + LanesPerWord - 1) / LanesPerWord], dtype: ScalarType.Int64);
        using var lanes = empty([words.shape[0] * LanesPerWord], dtype: ScalarType.Int16);
        lanes.bytes = words.bytes; // TorchSharp has no view of another type
        var kept = lanes.bitwise_and((1 << Bits) - 1).ge(threshold)[..(int)count].view(shape);
        return kept.to_type(type).mul_((1 << Bits) / (double)((1 << Bits) - threshold)).MoveToOuterDisposeScope();
    }
}
