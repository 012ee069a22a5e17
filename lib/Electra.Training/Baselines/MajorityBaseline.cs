namespace Electra;

/// <summary>Gives every text the most frequent label of the training rows: what a classifier must beat to have learnt anything.</summary>
public sealed class MajorityBaseline
{
    private readonly double[] _shares;

    private MajorityBaseline(double[] shares) => _shares = shares;

    /// <summary>The most frequent label, the smallest of several equally frequent ones.</summary>
    public int Label => Array.IndexOf(_shares, _shares.Max());

    /// <summary>Counts the labels of the training rows.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="classes">How many classes; labels are 0 to classes - 1.</param>
    /// <exception cref="InputException">There are no rows.</exception>
    public static MajorityBaseline Train(IReadOnlyList<Review> train, int classes) => train.Count > 0
        ? new MajorityBaseline([.. Enumerable.Range(0, classes)
            .Select(label => train.Count(review => review.Label == label) / (double)train.Count)])
        : throw new InputException("There are no training rows to count labels in; add some.");

    /// <summary>The labels' shares of the training rows, for any text.</summary>
    public double[] Probabilities(string document) => _shares;

    /// <summary>The label of any text.</summary>
    public int Predict(string document) => Label;
}
