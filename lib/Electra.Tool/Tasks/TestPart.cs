namespace Electra.Tool.Tasks;

/// <summary>The test examples of a data set, as a report shows them.</summary>
/// <param name="Hash">What runs record of the data set.</param>
/// <param name="Lines">What is read of each, a review, a sentence or a question, with the number of its label where it has one.</param>
/// <param name="Labels">Names of the labels; empty where answers are no labels.</param>
internal sealed record TestPart(string Hash, IReadOnlyList<(string Text, int? Label)> Lines, IReadOnlyList<string> Labels);
