namespace Electra;

/// <summary>
/// Logistic regression with an L2 penalty on sparse rows, two classes: the weights w and the bias b that minimize
/// |w|² / 2 + strength · Σ log(1 + exp(−y · (x·w + b))), y = ±1. The bias has no penalty. The problem is convex, so its answer depends on
/// neither order nor chance.
/// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5 (L-BFGS), 3.1 (backtracking).
/// </summary>
internal sealed class LogisticRegression
{
    private const int Memory = 6; // pairs of steps and changes of the gradient that stand for the curvature
    private const int MostSteps = 300;
    private const double Tolerance = 1e-3; // of the gradient's length, relative to its first

    // Rows are added up in four parts at once, always four: the sums do not depend on how many cores there are.
    private const int Parts = 4;

    private readonly SparseRows _rows;
    private readonly double[] _targets; // ±1
    private readonly double[]?[] _sums = new double[]?[Parts];

    /// <summary>Poses the problem.</summary>
    /// <param name="rows">The features of each row.</param>
    /// <param name="positive">Whether each row is of the class.</param>
    public LogisticRegression(SparseRows rows, IEnumerable<bool> positive)
    {
        _rows = rows;
        _targets = [.. positive.Select(each => each ? 1.0 : -1)];
    }

    /// <summary>Solves it.</summary>
    /// <param name="strength">How much a row counts against the penalty; greater: freer weights.</param>
    /// <param name="start">Where to begin, one weight a feature and then the bias; it is overwritten with the answer.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public void Solve(double strength, double[] start, CancellationToken cancellationToken)
    {
        int size = start.Length;
        double[] gradient = new double[size], next = new double[size], nextGradient = new double[size], direction = new double[size];
        var pairs = new LinkedList<(double[] Step, double[] Change, double Inverse)>();
        double value = Objective(start, strength, gradient);
        double first = Math.Sqrt(Dot(gradient, gradient));
        for (int i = 0; i < MostSteps && Math.Sqrt(Dot(gradient, gradient)) > Tolerance * first; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Direction(gradient, pairs, direction);
            double slope = Dot(gradient, direction);
            double length = pairs.Count == 0 ? 1 / Math.Max(1, Math.Sqrt(-slope)) : 1;
            double nextValue;
            while (true)
            {
                for (int k = 0; k < size; k++)
                {
                    next[k] = start[k] + (length * direction[k]);
                }

                nextValue = Objective(next, strength, nextGradient);
                if (nextValue <= value + (1e-4 * length * slope) || length < 1e-10)
                {
                    break;
                }

                length /= 2;
            }

            // The oldest pair's arrays are used again.
            var (step, change) = pairs.Count == Memory
                ? (pairs.Last!.Value.Step, pairs.Last.Value.Change)
                : (new double[size], new double[size]);
            if (pairs.Count == Memory)
            {
                pairs.RemoveLast();
            }

            for (int k = 0; k < size; k++)
            {
                step[k] = next[k] - start[k];
                change[k] = nextGradient[k] - gradient[k];
            }

            double curvature = Dot(step, change);
            if (curvature > 0)
            {
                pairs.AddFirst((step, change, 1 / curvature));
            }

            Array.Copy(next, start, size);
            Array.Copy(nextGradient, gradient, size);
            value = nextValue;
        }
    }

    // What is minimized, and its gradient.
    private double Objective(double[] weights, double strength, double[] gradient)
    {
        int bias = weights.Length - 1;
        double value = 0;
        for (int k = 0; k < bias; k++)
        {
            value += weights[k] * weights[k] / 2;
            gradient[k] = weights[k];
        }

        gradient[bias] = 0;
        double[] values = new double[Parts];
        Parallel.For(0, Parts, part =>
        {
            double[] sums = _sums[part] ??= new double[weights.Length];
            Array.Clear(sums);
            for (int row = part * _targets.Length / Parts; row < (part + 1) * _targets.Length / Parts; row++)
            {
                double margin = _targets[row] * (_rows.Dot(row, weights) + weights[bias]);
                double share = Math.Exp(-Math.Abs(margin));
                values[part] += strength * (Math.Max(0, -margin) + Math.Log(1 + share));
                double slope = -strength * _targets[row] * (margin > 0 ? share : 1) / (1 + share);
                _rows.AddTo(row, slope, sums);
                sums[bias] += slope;
            }
        });
        foreach (double[]? sums in _sums)
        {
            Add(gradient, 1, sums!);
        }

        value += values.Sum();
        return value;
    }

    // The gradient times minus the inverse curvature that the pairs stand for.
    private static void Direction(double[] gradient, LinkedList<(double[] Step, double[] Change, double Inverse)> pairs, double[] direction)
    {
        for (int k = 0; k < gradient.Length; k++)
        {
            direction[k] = -gradient[k];
        }

        var shares = new Stack<double>();
        foreach (var (step, change, inverse) in pairs)
        {
            double share = inverse * Dot(step, direction);
            shares.Push(share);
            Add(direction, -share, change);
        }

        if (pairs.First is { Value: var (_, newest, unit) })
        {
            double scale = 1 / (unit * Dot(newest, newest));
            for (int k = 0; k < direction.Length; k++)
            {
                direction[k] *= scale;
            }
        }

        foreach (var (step, change, inverse) in pairs.Reverse())
        {
            Add(direction, shares.Pop() - (inverse * Dot(change, direction)), step);
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private static void Add(double[] to, double factor, double[] what)
    {
        for (int k = 0; k < to.Length; k++)
        {
            to[k] += factor * what[k];
        }
    }
}
