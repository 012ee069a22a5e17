namespace Electra;

/// <summary>Rows of which few features are not zero.</summary>
internal sealed class SparseRows
{
    private const int Share = 64; // rows that a core takes at a time

    private readonly int[] _starts; // where each row begins, and where the last ends
    private readonly int[] _features;
    private readonly float[] _values;

    private SparseRows(int[] starts, int[] features, float[] values) => (_starts, _features, _values) = (starts, features, values);

    /// <summary>How many rows there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Stores rows.</summary>
    /// <param name="rows">Of each its features, each once, and their values.</param>
    public static SparseRows Of(IEnumerable<IEnumerable<(int Feature, float Value)>> rows)
    {
        var (starts, features, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        foreach (var row in rows)
        {
            foreach (var (feature, value) in row)
            {
                features.Add(feature);
                values.Add(value);
            }

            starts.Add(features.Count);
        }

        return new SparseRows([.. starts], [.. features], [.. values]);
    }

    /// <summary>The same numbers, with a row for each feature and a feature for each row.</summary>
    /// <param name="features">How many features there are.</param>
    public SparseRows Transposed(int features)
    {
        int[] starts = new int[features + 1];
        foreach (int feature in _features)
        {
            starts[feature + 1]++;
        }

        for (int feature = 0; feature < features; feature++)
        {
            starts[feature + 1] += starts[feature];
        }

        int[] next = starts[..^1], rows = new int[_features.Length];
        float[] values = new float[_features.Length];
        for (int row = 0; row < Count; row++)
        {
            for (int i = _starts[row]; i < _starts[row + 1]; i++)
            {
                int place = next[_features[i]]++;
                (rows[place], values[place]) = (row, _values[i]);
            }
        }

        return new SparseRows(starts, rows, values);
    }

    /// <summary>The product of a row and a vector.</summary>
    public double Dot(int row, double[] vector)
    {
        int start = _starts[row], count = _starts[row + 1] - start;
        ReadOnlySpan<int> features = _features.AsSpan(start, count);
        ReadOnlySpan<float> values = _values.AsSpan(start, count);
        double sum = 0;
        for (int i = 0; i < features.Length; i++)
        {
            sum += values[i] * vector[features[i]];
        }

        return sum;
    }

    /// <summary>
    /// The product of each row and a vector, on all cores. One core adds up a row, so the sums do not depend on how many cores there are.
    /// </summary>
    /// <param name="vector">One number a feature; what follows is not looked at.</param>
    /// <param name="products">One number a row; what follows stays.</param>
    public void Times(double[] vector, double[] products) => Parallel.For(0, (Count + Share - 1) / Share, share =>
    {
        for (int row = share * Share; row < Math.Min(Count, (share + 1) * Share); row++)
        {
            products[row] = Dot(row, vector);
        }
    });
}
