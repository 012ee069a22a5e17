using static TorchSharp.torch;

namespace Electra.Lessons;

/// <summary>Principal component analysis: the directions along which vectors differ most.</summary>
public static class Pca
{
    /// <summary>Projects vectors on their first components.</summary>
    /// <param name="vectors">N × H, at least one.</param>
    /// <param name="components">How many, C.</param>
    /// <returns>
    /// N × C, float32, centred, and the share of the variance along each component, which sums to at most 1. A component's sign is chosen
    /// so that its largest weight is positive.
    /// </returns>
    /// <exception cref="ArgumentException">The tensor is no matrix, or has fewer rows or columns than components are asked for.</exception>
    public static (Tensor Points, double[] Explained) Project(Tensor vectors, int components = 2)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (vectors.shape is not [var rows, var columns] || rows < components || columns < components)
        {
            throw new ArgumentException($"{components} components need a matrix of at least {components} × {components}, vectors in " +
                $"rows; this tensor is [{string.Join(", ", vectors.shape)}].", nameof(vectors));
        }

        using var scope = NewDisposeScope();
        var x = vectors.detach().cpu().to(float64);
        x = x - x.mean([0], keepdim: true); // N × H
        var (_, s, v) = linalg.svd(x, fullMatrices: false); // v: min(N, H) × H, components in rows
        var first = v.slice(0, 0, components, 1); // C × H
        var largest = first.gather(1, first.abs().argmax(1, keepdim: true)); // C × 1
        first = first * largest.sign();
        double[] variances = s.pow(2).data<double>().ToArray();
        double all = variances.Sum();
        return (x.matmul(first.t()).to(float32).MoveToOuterDisposeScope(),
            [.. variances.Take(components).Select(variance => all == 0 ? 0 : variance / all)]);
    }
}
