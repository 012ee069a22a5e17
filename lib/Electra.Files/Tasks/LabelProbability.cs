namespace Electra;

/// <summary>How probable a label is.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Probability">Between 0 and 1; those of all labels of a text sum to 1.</param>
public sealed record LabelProbability(string Label, double Probability);
