using TorchSharp;

namespace Electra.Lessons;

/// <summary>Numbers for the cases of exercises: always the same, and drawn from no generator that a lesson uses.</summary>
internal static class CaseNumbers
{
    /// <summary>A tensor of numbers between −2 and 2.</summary>
    public static torch.Tensor Of(int seed, params long[] shape)
    {
        var random = new Random(seed);
        long count = shape.Aggregate(1L, (product, length) => product * length);
        return torch.tensor(Enumerable.Range(0, (int)count).Select(_ => (float)((4 * random.NextDouble()) - 2)).ToArray()).reshape(shape);
    }

    /// <summary>An attention mask, B × L: 1 for the first tokens of each row, as many as its length says.</summary>
    public static torch.Tensor Mask(params int[] lengths)
    {
        long[] cells = [.. lengths.SelectMany(length => Enumerable.Range(0, lengths.Max()).Select(i => i < length ? 1L : 0L))];
        return torch.tensor(cells).reshape(lengths.Length, lengths.Max());
    }
}
