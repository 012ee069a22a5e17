using TorchSharp;

namespace Electra;

/// <summary>An element type that checkpoints may hold.</summary>
/// <param name="Name">Its name in a safetensors header.</param>
/// <param name="Storage">The class of its storages in a PyTorch pickle, in module <c>torch</c>.</param>
/// <param name="Scalar">Its type in memory.</param>
/// <param name="Bytes">Bytes of one element.</param>
internal sealed record ElementType(string Name, string Storage, torch.ScalarType Scalar, int Bytes)
{
    /// <summary>All of them, in the order of safetensors' own enumeration: its writer puts the last type first.</summary>
    internal static IReadOnlyList<ElementType> All { get; } =
    [
        new("BOOL", "BoolStorage", torch.ScalarType.Bool, 1),
        new("U8", "ByteStorage", torch.ScalarType.Byte, 1),
        new("I8", "CharStorage", torch.ScalarType.Int8, 1),
        new("I16", "ShortStorage", torch.ScalarType.Int16, 2),
        new("F16", "HalfStorage", torch.ScalarType.Float16, 2),
        new("BF16", "BFloat16Storage", torch.ScalarType.BFloat16, 2),
        new("I32", "IntStorage", torch.ScalarType.Int32, 4),
        new("F32", "FloatStorage", torch.ScalarType.Float32, 4),
        new("F64", "DoubleStorage", torch.ScalarType.Float64, 8),
        new("I64", "LongStorage", torch.ScalarType.Int64, 8),
    ];

    /// <summary>Bytes of a tensor, or null where a dimension is negative, there are more than 64, or the product exceeds 64 bits.</summary>
    internal long? BytesOf(IReadOnlyList<long> shape)
    {
        if (shape.Count > 64 || shape.Any(size => size < 0))
        {
            return null;
        }

        try
        {
            // Strides must fit too: a dimension of 0 does not excuse the others.
            long bytes = shape.Aggregate((long)Bytes, (product, size) => checked(product * Math.Max(size, 1)));
            return shape.Contains(0) ? 0 : bytes;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
