namespace Electra;

/// <summary>
/// Logistic regression with an L2 penalty on sparse rows, two classes: the weights w and the bias b that minimize
/// |w|² / 2 + strength · Σ log(1 + exp(−y · (x·w + b))), y = ±1. The bias has no penalty. The problem is convex, so its answer depends on
/// neither order nor chance.
/// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.1 (Newton's method, each step by conjugate gradients); Lin,
/// Weng, Keerthi, "Trust region Newton method for large-scale logistic regression", 2008 (its products).
/// </summary>
internal sealed class LogisticRegression
{
    private const int MostSteps = 100;
    private const int MostProducts = 200; // within a step
    private const double Tolerance = 1e-4; // of the gradient's length, relative to that of weights 0: on NSMC 1e-6 changes no dev answer
    private const double StepTolerance = 0.1; // of what a step leaves of Newton's equation

    private readonly SparseRows _rows;
    private readonly SparseRows _columns; // the same, one row a feature
    private readonly double[] _targets; // ±1

    /// <summary>Poses the problem.</summary>
    /// <param name="rows">The features of each row.</param>
    /// <param name="columns">Its transpose.</param>
    /// <param name="positive">Whether each row is of the class.</param>
    public LogisticRegression(SparseRows rows, SparseRows columns, IEnumerable<bool> positive) =>
        (_rows, _columns, _targets) = (rows, columns, [.. positive.Select(each => each ? 1.0 : -1)]);

    /// <summary>Solves it.</summary>
    /// <param name="strength">How much a row counts against the penalty; greater: freer weights.</param>
    /// <param name="weights">Where to begin, one weight a feature and then the bias; it is overwritten with the answer.</param>
    /// <param name="cancellation">Stops between two products.</param>
    public void Solve(double strength, double[] weights, CancellationToken cancellation)
    {
        double[] logits = new double[_targets.Length], change = new double[_targets.Length];
        double[] slopes = new double[_targets.Length], curvatures = new double[_targets.Length];
        double[] gradient = new double[weights.Length], step = new double[weights.Length];
        double stop = Tolerance * Length(Gradient(new double[weights.Length], logits, strength, slopes, curvatures, gradient));
        Logits(weights, logits);
        for (int i = 0; i < MostSteps && Length(Gradient(weights, logits, strength, slopes, curvatures, gradient)) > stop; i++)
        {
            Newton(gradient, curvatures, step, change, cancellation);
            double value = Value(weights, logits, step, change, 0, strength), slope = Dot(gradient, step), share = 1;
            while (Value(weights, logits, step, change, share, strength) > value + (1e-4 * share * slope) && share > 1e-10)
            {
                share /= 2;
            }

            Add(weights, share, step);
            Add(logits, share, change);
        }
    }

    private void Logits(double[] weights, double[] logits)
    {
        _rows.Times(weights, logits);
        for (int row = 0; row < logits.Length; row++)
        {
            logits[row] += weights[^1];
        }
    }

    // The transpose: what each feature, and the bias, gets of what each row has.
    private void Collect(double[] ofRows, double[] ofFeatures)
    {
        _columns.Times(ofRows, ofFeatures);
        ofFeatures[^1] = ofRows.Sum();
    }

    // The first derivatives; slopes and curvatures are the first and second ones of the rows' losses in their logits.
    private double[] Gradient(
        double[] weights, double[] logits, double strength, double[] slopes, double[] curvatures, double[] gradient)
    {
        for (int row = 0; row < logits.Length; row++)
        {
            double wrong = 1 / (1 + Math.Exp(_targets[row] * logits[row])); // the probability of the other class
            slopes[row] = -strength * _targets[row] * wrong;
            curvatures[row] = strength * wrong * (1 - wrong);
        }

        Collect(slopes, gradient);
        Add(gradient, 1, weights, weights.Length - 1);
        return gradient;
    }

    // What is minimized, after a share of a step.
    private double Value(double[] weights, double[] logits, double[] step, double[] change, double share, double strength)
    {
        double value = 0;
        for (int k = 0; k < weights.Length - 1; k++)
        {
            double weight = weights[k] + (share * step[k]);
            value += weight * weight / 2;
        }

        for (int row = 0; row < logits.Length; row++)
        {
            double margin = _targets[row] * (logits[row] + (share * change[row]));
            value += strength * (Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin))));
        }

        return value;
    }

    // Second derivatives · step = −gradient, by conjugate gradients; change is what the step does to the logits.
    private void Newton(double[] gradient, double[] curvatures, double[] step, double[] change, CancellationToken cancellation)
    {
        double[] left = [.. gradient.Select(slope => -slope)], direction = [.. left], product = new double[left.Length];
        double[] ofRows = new double[change.Length], weighed = new double[change.Length];
        Array.Clear(step);
        Array.Clear(change);
        double square = Dot(left, left), enough = square * StepTolerance * StepTolerance;
        for (int i = 0; i < MostProducts && square > enough; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Logits(direction, ofRows);
            for (int row = 0; row < ofRows.Length; row++)
            {
                weighed[row] = curvatures[row] * ofRows[row];
            }

            Collect(weighed, product);
            Add(product, 1, direction, product.Length - 1);
            double share = square / Dot(direction, product);
            Add(step, share, direction);
            Add(change, share, ofRows);
            Add(left, -share, product);
            double before = square;
            square = Dot(left, left);
            for (int k = 0; k < direction.Length; k++)
            {
                direction[k] = left[k] + (square / before * direction[k]);
            }
        }
    }

    private static double Length(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private static void Add(double[] to, double factor, double[] what, int? count = null)
    {
        for (int k = 0; k < (count ?? to.Length); k++)
        {
            to[k] += factor * what[k];
        }
    }
}
