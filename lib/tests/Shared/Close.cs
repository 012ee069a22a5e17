using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Compares tensors as the reference values ask for: |a − b| ≤ tolerance · max(1, |b|).</summary>
internal static class Close
{
    public static void To(Tensor expected, Tensor actual, double tolerance, string name)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() > 0)
        {
            var excess = (expected - actual).abs() / expected.abs().clamp(min: 1);
            double worst = excess.max().to(ScalarType.Float64).item<double>();
            Assert.True(worst <= tolerance, $"{name}: off by {worst:g3}, more than {tolerance:g3}");
        }
    }
}
