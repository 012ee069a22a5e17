namespace Electra;

/// <summary>One labelled text of a sentence classification task: a row of a review file.</summary>
/// <param name="Id">The row's name in its data set.</param>
/// <param name="Document">The text; it may be empty.</param>
/// <param name="Label">The class, counted from 0.</param>
public sealed record Review(string Id, string Document, int Label);
