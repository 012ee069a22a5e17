using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

public class StudentTTests
{
    /// <summary>Closed forms: one degree of freedom is Cauchy's distribution, two have a root, many are normal.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.7)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(10_000)]
    public void Tails_equal_their_closed_forms(double t)
    {
        Assert.Equal(1, StudentT.TwoSided(t, 1) / (2 / Math.PI * Math.Atan(1 / t)), 1e-12);
        // 1 - t / √(2 + t²) without cancellation
        Assert.Equal(1, StudentT.TwoSided(t, 2) / (2 / ((2 + (t * t)) * (1 + (t / Math.Sqrt(2 + (t * t)))))), 1e-12);
        Assert.Equal(StudentT.TwoSided(t, 7.5), StudentT.TwoSided(-t, 7.5));
    }

    /// <summary>From textbooks' tables: two-sided 5 % and 1 %.</summary>
    [Theory]
    [InlineData(1, 12.7062, 63.6567)]
    [InlineData(4, 2.7764, 4.6041)]
    [InlineData(30, 2.0423, 2.7500)]
    [InlineData(120, 1.9799, 2.6174)]
    [InlineData(1e9, 1.959964, 2.575829)]
    public void Quantiles_are_those_of_the_tables(double freedom, double five, double one)
    {
        Assert.Equal(five, StudentT.Quantile(0.05, freedom), 6e-5);
        Assert.Equal(one, StudentT.Quantile(0.01, freedom), 6e-5);
    }

    [Property]
    public void A_quantile_has_its_probability(PositiveInt share, PositiveInt freedom)
    {
        double p = (1 + (share.Get % 10_000)) / 10_000.0;
        double df = freedom.Get / 3.0;
        Assert.Equal(1, StudentT.TwoSided(StudentT.Quantile(p, df), df) / p, 1e-10);
    }
}
