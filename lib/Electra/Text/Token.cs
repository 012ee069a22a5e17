namespace Electra;

/// <summary>A piece of a text that has a row in the vocabulary.</summary>
/// <param name="Text">As the vocabulary has it, so with <c>##</c> before a piece that continues a word.</param>
/// <param name="Id">Row in the vocabulary, from 0.</param>
/// <param name="Start">Where the piece begins in the original text, in UTF-16 units.</param>
/// <param name="End">
/// Where it ends, exclusive. Characters that the tokenizer drops (a soft hyphen, say) lie inside the range only when they lie inside the
/// piece.
/// </param>
public readonly record struct Token(string Text, int Id, int Start, int End);
