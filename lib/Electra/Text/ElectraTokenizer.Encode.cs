namespace Electra;

// From tokens to what the encoder reads.
public sealed partial class ElectraTokenizer
{
    /// <summary>Encodes a text, or a text and a second one, as <c>[CLS] text [SEP]</c> or <c>[CLS] text [SEP] pair [SEP]</c>.</summary>
    /// <param name="text">The text, or the question.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxLength">
    /// The most tokens there may be, special ones included; null cuts nothing. <see cref="TokenEncoding.TruncatedTokens"/> says how many
    /// were cut.
    /// </param>
    /// <param name="truncation">Which text is cut.</param>
    /// <exception cref="ArgumentException">The second text is to be cut, and there is none.</exception>
    /// <exception cref="InputException">The maximum length has no room for the special tokens, or for any token of the text to
    /// cut.</exception>
    public TokenEncoding Encode(string text, string? pair = null, int? maxLength = null, Truncation truncation = Truncation.LongestFirst)
    {
        if (maxLength is not null && truncation != Truncation.LongestFirst)
        {
            return Windows(text, pair, maxLength.Value, 0, truncation).First();
        }

        List<Token> first = Split(text);
        List<Token>? second = pair is null ? null : Split(pair);
        (int keepFirst, int keepSecond) = (first.Count, second?.Count ?? 0);
        int excess = maxLength is null ? 0 : Math.Max(0, keepFirst + keepSecond - Room(maxLength.Value, pair));
        for (int cut = 0; cut < excess; cut++)
        {
            (keepFirst, keepSecond) = keepFirst > keepSecond ? (keepFirst - 1, keepSecond) : (keepFirst, keepSecond - 1);
        }

        return Frame(first[..keepFirst], second?[..keepSecond], excess);
    }

    /// <summary>
    /// Encodes a text that may be too long as several windows, which overlap, so that no token is lost; the other text, if any, is whole in
    /// each.
    /// </summary>
    /// <param name="text">The text, or the question.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxLength">The most tokens a window may have, special ones included.</param>
    /// <param name="stride">
    /// How many tokens two neighbouring windows share: what Hugging Face's run_qa calls doc_stride. (Google's run_squad means the distance
    /// between the starts of windows.)
    /// </param>
    /// <param name="truncation">Which text the windows slide over.</param>
    /// <returns>One window if everything fits, else as many as it takes.</returns>
    /// <exception cref="ArgumentException">Which of two texts to slide over is not said, or the second, and there is none.</exception>
    /// <exception cref="InputException">The other text leaves no room, or the stride is not below that room.</exception>
    public IReadOnlyList<TokenEncoding> EncodeWindows(string text, string? pair, int maxLength, int stride, Truncation truncation) =>
        [.. Windows(text, pair, maxLength, stride, truncation)];

    private IEnumerable<TokenEncoding> Windows(string text, string? pair, int maxLength, int stride, Truncation truncation)
    {
        if (truncation == (pair is null ? Truncation.OnlySecond : Truncation.LongestFirst))
        {
            throw new ArgumentException(
                pair is null ? "There is no second text to cut." : "Say which of the two texts to slide over: OnlyFirst or OnlySecond.",
                nameof(truncation));
        }

        List<Token> first = Split(text);
        List<Token>? second = pair is null ? null : Split(pair);
        (List<Token> sliding, List<Token>? whole) = truncation == Truncation.OnlySecond ? (second!, first) : (first, second);
        int room = Room(maxLength, pair) - (whole?.Count ?? 0);
        if (sliding.Count <= room)
        {
            yield return Frame(first, second, 0);
            yield break;
        }

        if (room < 1)
        {
            throw new InputException(
                $"The special tokens and the {whole?.Count ?? 0} tokens of the other text fill the maximum length of {maxLength}; " +
                "shorten that text or allow more.");
        }

        if (stride < 0 || stride >= room)
        {
            throw new InputException(
                $"Windows with room for {room} tokens of the text cannot share {stride}; choose a stride from 0 to {room - 1}.");
        }

        for (int start = 0, end = 0; end < sliding.Count; start = end - stride)
        {
            end = Math.Min(start + room, sliding.Count);
            List<Token> window = sliding[start..end];
            int missing = sliding.Count - window.Count;
            yield return truncation == Truncation.OnlySecond ? Frame(first, window, missing) : Frame(window, second, missing);
        }
    }

    /// <summary>How many tokens fit beside the special ones.</summary>
    private static int Room(int maxLength, string? pair)
    {
        int special = pair is null ? 2 : 3;
        return maxLength >= special
            ? maxLength - special
            : throw new InputException(
                $"A maximum length of {maxLength} has no room for the {special} special tokens; allow at least {special}.");
    }

    private TokenEncoding Frame(List<Token> first, List<Token>? second, int truncated)
    {
        var (cls, sep) = (new Token("[CLS]", ClsId, 0, 0), new Token("[SEP]", SepId, 0, 0));
        Token[] tokens = second is null ? [cls, .. first, sep] : [cls, .. first, sep, .. second, sep];
        int middle = first.Count + 1;
        var types = new int[tokens.Length];
        var mask = new int[tokens.Length];
        var sequences = new int[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            types[i] = i > middle ? 1 : 0;
            mask[i] = 1;
            sequences[i] = i == 0 || i == middle || i == tokens.Length - 1 ? -1 : types[i];
        }

        return new TokenEncoding
        {
            InputIds = Array.ConvertAll(tokens, token => token.Id),
            TokenTypeIds = types,
            AttentionMask = mask,
            Tokens = Array.ConvertAll(tokens, token => token.Text),
            Offsets = Array.ConvertAll(tokens, token => (token.Start, token.End)),
            SequenceIds = sequences,
            TruncatedTokens = truncated,
        };
    }
}
