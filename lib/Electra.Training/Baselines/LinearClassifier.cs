namespace Electra;

/// <summary>
/// Logistic regression for any number of labels (of two one problem, of more one a label against the others), its strength chosen on dev
/// rows.
/// </summary>
internal sealed class LinearClassifier
{
    private readonly double[][] _weights; // of each class (of two classes: of the second alone): features, bias

    private LinearClassifier(double[][] weights, double strength) => (_weights, Strength) = (weights, strength);

    /// <summary>How many dev rows it answers right.</summary>
    public int DevRight { get; private set; }

    /// <summary>The strength that was best on the dev rows.</summary>
    public double Strength { get; }

    /// <summary>Fits the weights to the training rows.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="labels">Their labels, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="dev">Rows to choose the strength on.</param>
    /// <param name="devLabels">Their labels.</param>
    /// <param name="features">How many features a row may have.</param>
    /// <param name="classes">How many labels there are.</param>
    /// <param name="strengths">See <see cref="LogisticRegression.Solve"/>, rising; of equally good ones the weakest is taken.</param>
    /// <param name="cancellation">Stops the fit.</param>
    public static LinearClassifier Fit(
        SparseRows train, IReadOnlyList<int> labels, SparseRows dev, IReadOnlyList<int> devLabels, int features, int classes,
        double[] strengths, CancellationToken cancellation)
    {
        var columns = train.Transposed(features);
        LogisticRegression[] problems = [.. Enumerable.Range(0, classes).Skip(classes == 2 ? 1 : 0)
            .Select(label => new LogisticRegression(train, columns, labels.Select(each => each == label)))];
        double[][] weights = [.. problems.Select(_ => new double[features + 1])];
        LinearClassifier? best = null;
        foreach (double strength in strengths)
        {
            foreach (var (problem, answer) in problems.Zip(weights))
            {
                problem.Solve(strength, answer, cancellation); // from the weaker one's answer on
            }

            var model = new LinearClassifier([.. weights.Select(answer => (double[])answer.Clone())], strength);
            model.DevRight = devLabels.Index().Count(row => model.Answer(dev, row.Index) == row.Item);
            if (best is null || model.DevRight > best.DevRight)
            {
                best = model;
            }
        }

        return best!;
    }

    /// <summary>The logit of each class against the others; of two classes 0 and that of the second.</summary>
    public double[] Logits(SparseRows rows, int row)
    {
        double[] logits = [.. _weights.Select(weights => rows.Dot(row, weights) + weights[^1])];
        return logits is [double second] ? [0, second] : logits;
    }

    /// <summary>The probability of each label.</summary>
    public double[] Probabilities(SparseRows rows, int row) => Softmax(Logits(rows, row));

    /// <summary>exp(x) / Σ exp(x).</summary>
    public static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(x => Math.Exp(x - logits.Max()))];
        return [.. powers.Select(x => x / powers.Sum())];
    }

    private int Answer(SparseRows rows, int row) => Probabilities(rows, row) is var shares ? Array.IndexOf(shares, shares.Max()) : 0;
}
