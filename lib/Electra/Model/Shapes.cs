namespace Electra;

/// <summary>Lets a shape be taken apart: <c>var (batch, tokens, hidden) = x.shape;</c>.</summary>
public static class Shapes
{
    /// <summary>Takes a shape of two axes apart.</summary>
    /// <exception cref="ArgumentException">The shape has another number of axes.</exception>
    public static void Deconstruct(this long[] shape, out long first, out long second) => (first, second) = (Of(shape, 2)[0], shape[1]);

    /// <summary>Takes a shape of three axes apart.</summary>
    /// <inheritdoc cref="Deconstruct(long[], out long, out long)" path="/exception"/>
    public static void Deconstruct(this long[] shape, out long first, out long second, out long third) =>
        (first, second, third) = (Of(shape, 3)[0], shape[1], shape[2]);

    /// <summary>Takes a shape of four axes apart.</summary>
    /// <inheritdoc cref="Deconstruct(long[], out long, out long)" path="/exception"/>
    public static void Deconstruct(this long[] shape, out long first, out long second, out long third, out long fourth) =>
        (first, second, third, fourth) = (Of(shape, 4)[0], shape[1], shape[2], shape[3]);

    private static long[] Of(long[] shape, int axes) =>
        shape.Length == axes
            ? shape
            : throw new ArgumentException($"A tensor of shape [{string.Join(", ", shape)}] has {shape.Length} axes, not {axes}.",
                nameof(shape));
}
