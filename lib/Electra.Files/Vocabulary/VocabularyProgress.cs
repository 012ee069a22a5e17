namespace Electra;

/// <summary>How far <see cref="VocabularyBuilder.Build"/> is: first it counts words, then it makes pieces.</summary>
/// <param name="Texts">Texts read.</param>
/// <param name="Words">Different words found in them.</param>
/// <param name="Pieces">Pieces in the vocabulary, 0 while texts are read.</param>
public readonly record struct VocabularyProgress(int Texts, int Words, int Pieces);
