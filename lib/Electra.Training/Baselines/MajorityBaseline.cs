namespace Electra;

/// <summary>Gives every text the most frequent label of the training rows: what a classifier must beat to have learnt anything.</summary>
public sealed class MajorityBaseline
{
    private MajorityBaseline(int label) => Label = label;

    /// <summary>The most frequent label, the smallest of several equally frequent ones.</summary>
    public int Label { get; }

    /// <summary>Counts the labels of the training rows.</summary>
    /// <exception cref="InputException">There are no rows.</exception>
    public static MajorityBaseline Train(IReadOnlyList<Review> train) => train.Count > 0
        ? new MajorityBaseline(train.CountBy(review => review.Label).OrderByDescending(count => count.Value)
            .ThenBy(count => count.Key).First().Key)
        : throw new InputException("There are no training rows to count labels in; add some.");

    /// <summary>The label of any text.</summary>
    public int Predict(string document) => Label;
}
