namespace Electra;

/// <summary>A piece of a context that may be the answer.</summary>
/// <param name="Start">Where it begins in the context, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Score">See <see cref="AnswerDecoder"/>; greater is better.</param>
public readonly record struct AnswerSpan(int Start, int End, double Score);
