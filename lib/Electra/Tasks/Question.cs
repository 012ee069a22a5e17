namespace Electra;

/// <summary>A question about a text that contains the answer.</summary>
/// <param name="Id">Its name in the data set; predictions are listed by it.</param>
/// <param name="Title">The article that the context is from; a split keeps articles whole.</param>
/// <param name="Context">The text; the questions of one paragraph share it.</param>
/// <param name="Text">The question.</param>
/// <param name="Answers">The known answers, the first of which is trained on; empty where none are known.</param>
public sealed record Question(string Id, string Title, string Context, string Text, IReadOnlyList<Answer> Answers);
