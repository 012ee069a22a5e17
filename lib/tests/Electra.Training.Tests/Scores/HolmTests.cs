using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

public class HolmTests
{
    [Fact]
    public void Each_is_multiplied_by_the_number_of_those_left_and_none_falls_below_the_one_before()
    {
        Assert.Equal([0.06, 0.04, 0.06, 0.06], Rounded(0.02, 0.01, 0.04, 0.03));
        Assert.Equal([1, 1, 0.003], Rounded(0.9, 0.6, 0.001));
        Assert.Equal([0.2], Holm.Adjust([0.2]));
        Assert.Empty(Holm.Adjust([]));
        static double[] Rounded(params double[] p) => [.. Holm.Adjust(p).Select(adjusted => Math.Round(adjusted, 12))];
    }

    /// <summary>
    /// Closed testing (Marcus, Peritz, Gabriel, 1976) with Bonferroni: an adjusted p is the largest that any set of tests with it has.
    /// </summary>
    [Property]
    public void It_is_closed_testing_with_Bonferronis_bound(NonEmptyArray<byte> values)
    {
        double[] p = [.. values.Get.Take(7).Select(value => value / 1000.0)];
        double[] adjusted = Holm.Adjust(p);
        for (int i = 0; i < p.Length; i++)
        {
            var sets = Enumerable.Range(0, 1 << p.Length).Where(set => (set >> i & 1) == 1)
                .Select(set => Enumerable.Range(0, p.Length).Where(k => (set >> k & 1) == 1).ToArray());
            Assert.Equal(sets.Max(set => Math.Min(1, set.Length * set.Min(k => p[k]))), adjusted[i], 1e-12);
        }
    }
}
