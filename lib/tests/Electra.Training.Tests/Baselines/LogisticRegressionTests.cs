namespace Electra.Tests;

public class LogisticRegressionTests
{
    private const int Features = 400;
    private const double Strength = 4;

    // 1,000 rows of 20 numbers each.
    private static (int Feature, float Value)[][] Numbers { get; } = Random(new Random(1));

    [Fact]
    public void Products_on_all_cores_are_the_sums_of_one_to_the_last_bit()
    {
        var rows = SparseRows.Of(Numbers);
        var random = new Random(2);
        double[] ofFeatures = [.. Enumerable.Range(0, Features).Select(_ => random.NextDouble())];
        double[] ofRows = [.. Numbers.Select(_ => random.NextDouble())];
        double[] expectedOfRows = new double[Numbers.Length], expectedOfFeatures = new double[Features];
        foreach (var (row, numbers) in Numbers.Index())
        {
            foreach (var (feature, value) in numbers)
            {
                expectedOfRows[row] += value * ofFeatures[feature];
                expectedOfFeatures[feature] += value * ofRows[row];
            }
        }

        double[] products = new double[Numbers.Length + 1];
        rows.Times(ofFeatures, products);
        Assert.Equal([.. expectedOfRows, 0], products);
        double[] transposed = new double[Features];
        rows.Transposed(Features).Times(ofRows, transposed);
        Assert.Equal(expectedOfFeatures, transposed);
    }

    /// <summary>The derivatives of what is minimized, by the formula in the class's description.</summary>
    [Fact]
    public void No_weight_can_be_changed_for_the_better()
    {
        int[] targets = [.. Numbers.Select(row => row.Sum(each => each.Value * (each.Feature % 3 - 1)) > 0.3 ? 1 : -1)];
        var rows = SparseRows.Of(Numbers);
        double[] weights = new double[Features + 1];
        double before = Gradient();
        new LogisticRegression(rows, rows.Transposed(Features), targets.Select(target => target > 0))
            .Solve(Strength, weights, TestContext.Current.CancellationToken);
        Assert.InRange(Gradient(), 0, 1e-4 * before);

        double Gradient()
        {
            double[] gradient = [.. weights[..^1], 0];
            foreach (var (numbers, target) in Numbers.Zip(targets))
            {
                double logit = weights[^1] + numbers.Sum(each => each.Value * weights[each.Feature]);
                double slope = -Strength * target / (1 + Math.Exp(target * logit));
                gradient[^1] += slope;
                foreach (var (feature, value) in numbers)
                {
                    gradient[feature] += slope * value;
                }
            }

            return Math.Sqrt(gradient.Sum(each => each * each));
        }
    }

    private static (int Feature, float Value)[][] Random(Random random) =>
        [.. Enumerable.Range(0, 1000).Select(_ =>
            random.GetItems([.. Enumerable.Range(0, Features)], 40).Distinct().Take(20).Order()
                .Select(feature => (feature, random.NextSingle())).ToArray())];
}
