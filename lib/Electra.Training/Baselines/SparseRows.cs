namespace Electra;

/// <summary>Rows of which few features are not zero.</summary>
internal sealed class SparseRows
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _features = [];
    private readonly List<float> _values = [];

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its features, each once, and their values.</param>
    public void Add(IEnumerable<(int Feature, float Value)> row)
    {
        foreach (var (feature, value) in row)
        {
            _features.Add(feature);
            _values.Add(value);
        }

        _starts.Add(_features.Count);
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>The product of a row and weights.</summary>
    public double Dot(int row, double[] weights)
    {
        double sum = 0;
        for (int i = _starts[row]; i < _starts[row + 1]; i++)
        {
            sum += _values[i] * weights[_features[i]];
        }

        return sum;
    }

    /// <summary>Adds a row times a factor to a vector.</summary>
    public void AddTo(int row, double factor, double[] vector)
    {
        for (int i = _starts[row]; i < _starts[row + 1]; i++)
        {
            vector[_features[i]] += factor * _values[i];
        }
    }
}
