namespace Electra;

/// <summary>Many tokenized texts in one array, without special tokens.</summary>
public sealed class TokenizedTexts
{
    private readonly int[] _tokens;
    private readonly int[] _ends;

    internal TokenizedTexts(int[] tokens, int[] ends) => (_tokens, _ends) = (tokens, ends);

    /// <summary>The number of texts.</summary>
    public int Count => _ends.Length;

    /// <summary>The number of tokens.</summary>
    public int TokenCount => _tokens.Length;

    internal int[] Tokens => _tokens;

    internal int[] Ends => _ends;

    /// <summary>The tokens of a text.</summary>
    public ReadOnlySpan<int> this[int text] => _tokens.AsSpan(StartOf(text), LengthOf(text));

    /// <summary>Where a text begins in the array.</summary>
    internal int StartOf(int text) => text == 0 ? 0 : _ends[text - 1];

    /// <summary>How many tokens a text has.</summary>
    internal int LengthOf(int text) => _ends[text] - StartOf(text);

    internal static TokenizedTexts Of(IReadOnlyList<int[]> texts)
    {
        if (texts.Sum(text => (long)text.Length) > Array.MaxLength)
        {
            throw new InputException(
                $"The texts have more than {Array.MaxLength} tokens, which do not fit into one array; use a part of them.");
        }

        var ends = new int[texts.Count];
        int end = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = end += texts[i].Length;
        }

        return new TokenizedTexts([.. texts.SelectMany(text => text)], ends);
    }
}
