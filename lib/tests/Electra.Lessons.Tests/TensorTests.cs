using TorchSharp;

namespace Electra.Lessons.Tests;

public class TensorTests
{
    [Fact]
    public void A_card_names_axes_type_and_values()
    {
        var card = TensorCard.Named("x", torch.arange(2 * 3 * 4, dtype: torch.float32).reshape(2, 3, 4) - 5, "batch", "tokens", "hidden");
        Assert.Equal("x: batch 2 × tokens 3 × hidden 4, float32\nfirst row: -5.000  -4.000  -3.000  -2.000\nsmallest -5.000, " +
            "mean 6.500, largest 18.000", card.ToString());
        var bundle = Shown.Bundle(card);
        Assert.Equal(["text/html", "text/plain"], bundle.Keys);
        Assert.Equal(4, bundle["text/html"].Split("<span title=").Length - 1);
        // Blue below 0, the page's own colour for 0, in an outline that is seen on white and on black.
        string zero = Shown.Bundle(TensorCard.Of(torch.tensor(new long[] { 0, -2, 1 })))["text/html"];
        Assert.Equal(["213,94,0,0.00", "0,114,178,1.00", "213,94,0,0.50"],
            zero.Split("background:rgba(")[1..].Select(part => part[..part.IndexOf(')', StringComparison.Ordinal)]));
        Assert.Contains("max-width:24px;border:1px solid rgba(128,128,128,0.45)", zero, StringComparison.Ordinal);
        Assert.Equal("batch 2, int64\nfirst row: 7  8", TensorCard.Of(torch.tensor(new long[] { 7, 8 }), "batch").ToString());
    }

    [Fact]
    public void A_card_of_any_tensor_can_be_made()
    {
        foreach (var tensor in (torch.Tensor[])[torch.zeros(0, 3), torch.tensor(1.5f), torch.tensor(float.NaN),
            torch.ones(2, 2, dtype: torch.@bool), torch.ones(2, 2, dtype: torch.bfloat16), torch.ones(2, 3).t(),
            torch.ones(3, requires_grad: true)])
        {
            Assert.NotEmpty(Shown.Bundle(TensorCard.Of(tensor))["text/html"]);
        }

        Assert.Contains("2 axes", Assert.Throws<ArgumentException>(() => TensorCard.Of(torch.zeros(2, 2), "batch")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_stand_side_by_side_with_every_number()
    {
        double[][] three = [[0.5, -1, 0], [12, 0.1, -0.3]];
        var matrices = Matrices.Of(["정말", "[SEP]"], ("x", three), ("sums", [[-0.5], [11.8]]));
        Assert.Equal("""
                     x                 sums
            정말      0.5 -1.0  0.0    -0.5
            [SEP]    12.0  0.1 -0.3    11.8
            """.ReplaceLineEndings("\n"), matrices.ToString());
        string html = Shown.Bundle(matrices)["text/html"];
        Assert.Equal(8, html.Split("<td ").Length - 1);
        Assert.Contains("rgba(213,94,0,0.45)\">12.0</td>", html, StringComparison.Ordinal); // the greatest number of its matrix
        Assert.Contains("rgba(0,114,178,0.02)\">-0.5</td>", html, StringComparison.Ordinal);
        Assert.Equal("w              b\n 0.25 -1.00    0.50\n 1.00  2.00",
            Matrices.Of(("w", [[0.25, -1], [1, 2]]), ("b", [[0.5]])).ToString());
        Assert.Contains("x has 2 rows, but 1", Assert.Throws<ArgumentException>(() => Matrices.Of(["a"], ("x", three))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Components_have_the_variances_that_the_covariance_matrix_says()
    {
        // In the plane the eigenvalues of the covariance matrix [a b; b d] are known in closed form.
        double[,] points = { { 2.5, 2.4 }, { 0.5, 0.7 }, { 2.2, 2.9 }, { 1.9, 2.2 }, { 3.1, 3.0 }, { 2.3, 2.7 }, { 2.0, 1.6 }, { 1.0, 1.1 },
            { 1.5, 1.6 }, { 1.1, 0.9 } };
        int n = points.GetLength(0);
        double MeanOf(int column) => Enumerable.Range(0, n).Average(i => points[i, column]);
        double Covariance(int i, int j) => Enumerable.Range(0, n).Sum(k => (points[k, i] - MeanOf(i)) * (points[k, j] - MeanOf(j))) / n;
        var (a, b, d) = (Covariance(0, 0), Covariance(0, 1), Covariance(1, 1));
        double root = Math.Sqrt(((a - d) * (a - d) / 4) + (b * b));
        double[] expected = [((a + d) / 2) + root, ((a + d) / 2) - root];

        var (projected, explained) = Pca.Project(torch.tensor(points));
        double[] variances = projected.to(torch.float64).pow(2).mean([0]).data<double>().ToArray();
        Assert.Equal(expected, variances, (x, y) => Math.Abs(x - y) < 1e-5);
        Assert.Equal(expected.Select(one => one / (a + d)), explained, (x, y) => Math.Abs(x - y) < 1e-9);
        Assert.Equal(0, projected.mean().item<float>(), 1e-5f);

        // The first component of these points goes up in both columns, so the largest point is farthest along it.
        Assert.Equal(4, projected[.., 0].argmax().item<long>());
    }

    [Fact]
    public void Projection_needs_a_matrix_with_enough_rows()
    {
        Assert.Throws<ArgumentException>(() => Pca.Project(torch.zeros(5)));
        Assert.Throws<ArgumentException>(() => Pca.Project(torch.zeros(1, 5)));
        Assert.Equal([0, 0], Pca.Project(torch.ones(4, 3)).Explained);
    }
}
