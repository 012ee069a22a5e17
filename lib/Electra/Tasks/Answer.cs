namespace Electra;

/// <summary>A known answer to a question: a piece of the context.</summary>
/// <param name="Text">The piece, letter for letter.</param>
/// <param name="Start">Where it begins in the context, in UTF-16 units (files in the format of SQuAD count code points).</param>
public sealed record Answer(string Text, int Start)
{
    /// <summary>Where it ends in the context, in UTF-16 units, exclusive.</summary>
    public int End => Start + Text.Length;
}
