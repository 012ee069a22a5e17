namespace Electra;

/// <summary>One example as tokens, <c>[CLS] text [SEP]</c> or <c>[CLS] text [SEP] pair [SEP]</c>: what the encoder reads.</summary>
public sealed record TokenEncoding
{
    /// <summary>Rows of the vocabulary, one a token (L).</summary>
    public required int[] InputIds { get; init; }

    /// <summary>0 up to the first <c>[SEP]</c>, 1 after it (L).</summary>
    public required int[] TokenTypeIds { get; init; }

    /// <summary>1 for every token (L); the zeros come with the padding, in <see cref="Batch"/>.</summary>
    public required int[] AttentionMask { get; init; }

    /// <summary>The tokens as the vocabulary has them (L; empty for ready-made ids).</summary>
    public string[] Tokens { get; init; } = [];

    /// <summary>
    /// Where each token lies in its text, in UTF-16 units, end exclusive; (0, 0) for the special tokens that frame the texts (L; empty for
    /// ready-made ids).
    /// </summary>
    public (int Start, int End)[] Offsets { get; init; } = [];

    /// <summary>
    /// 0 for a token of the text, 1 for one of the pair, -1 for the special tokens that frame them (L; empty for ready-made ids).
    /// </summary>
    public int[] SequenceIds { get; init; } = [];

    /// <summary>How many tokens of the texts are not in here, because the caller's maximum length left no room for them.</summary>
    public int TruncatedTokens { get; init; }

    /// <summary>The number of tokens, L.</summary>
    public int Length => InputIds.Length;

    /// <summary>An encoding from ready-made ids, which has neither tokens nor offsets.</summary>
    /// <param name="ids">Rows of the vocabulary, special tokens included, no padding (L).</param>
    /// <param name="tokenTypeIds">0 or 1 for each token (L); null is all zeros.</param>
    /// <exception cref="InputException">No id at all, a negative one, or another number of type ids than of ids.</exception>
    public static TokenEncoding FromIds(int[] ids, int[]? tokenTypeIds = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        tokenTypeIds ??= new int[ids.Length];
        if (ids.Length == 0)
        {
            throw new InputException("An input without any id cannot be encoded; give at least one.");
        }

        if (ids.Length != tokenTypeIds.Length)
        {
            throw new InputException(
                $"There are {ids.Length} input ids but {tokenTypeIds.Length} token type ids; give one type id for each id.");
        }

        if (ids.Concat(tokenTypeIds).Min() is < 0 and int negative)
        {
            throw new InputException($"An input has the id {negative}; ids count from 0.");
        }

        var ones = new int[ids.Length];
        Array.Fill(ones, 1);
        return new TokenEncoding { InputIds = ids, TokenTypeIds = tokenTypeIds, AttentionMask = ones };
    }
}
