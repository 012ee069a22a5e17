namespace Electra;

/// <summary>A batch of tokenized text as plain numbers.</summary>
/// <param name="Ids">Rows of the vocabulary, row after row (B · L), [PAD] at the end of short rows.</param>
/// <param name="Rows">B.</param>
/// <param name="Length">L.</param>
public sealed record TokenRows(long[] Ids, int Rows, int Length);
