namespace Electra;

/// <summary>A model's answer to a question.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Text">The answer: the context from <paramref name="Start"/> to <paramref name="End"/>; empty where the context has no
/// token.</param>
/// <param name="Start">Where it begins in the context, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Score">How much more probable than no answer, as a logarithm; see <see cref="AnswerDecoder"/>. 0 for the empty
/// answer.</param>
public sealed record PredictedAnswer(string Id, string Text, int Start, int End, double Score);
