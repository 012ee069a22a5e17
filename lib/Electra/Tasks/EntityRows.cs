namespace Electra;

/// <summary>
/// Sentences as rows for the encoder. A sentence that is longer than a row may be is read in several windows that overlap by a quarter; a
/// piece that two windows have is answered for by the one in which it stands farther from an end.
/// </summary>
public sealed class EntityRows
{
    private readonly IReadOnlyList<string> _texts;
    private readonly int[] _textOfRow;

    private EntityRows(IReadOnlyList<string> texts, IReadOnlyList<(int Text, TokenEncoding Row)> rows)
    {
        _texts = texts;
        _textOfRow = [.. rows.Select(row => row.Text)];
        Rows = [.. rows.Select(row => row.Row)];
        Windowed = rows.CountBy(row => row.Text).Count(count => count.Value > 1);
    }

    /// <summary>The rows, those of a text one after another.</summary>
    public IReadOnlyList<TokenEncoding> Rows { get; }

    /// <summary>How many texts are read in several windows.</summary>
    public int Windowed { get; }

    /// <summary>Tokenizes texts.</summary>
    /// <param name="tokenizer">The encoder's vocabulary.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="maxTokens">The longest row, in tokens, at least 3.</param>
    /// <exception cref="InputException">The longest row has no room for a token.</exception>
    public static EntityRows Of(ElectraTokenizer tokenizer, IReadOnlyList<string> texts, int maxTokens) => new(
        texts,
        [.. texts.Index()
            .SelectMany(text => tokenizer.EncodeWindows(text.Item, null, maxTokens, Math.Max(0, maxTokens - 2) / 4, Truncation.LongestFirst)
            .Select(row => (text.Index, row)))]);

    /// <summary>The tag of every token of a row, null for special ones.</summary>
    /// <param name="row">Position in <see cref="Rows"/>.</param>
    /// <param name="tags">The tags of the characters of each text.</param>
    public string?[] PieceTags(int row, IReadOnlyList<IReadOnlyList<string>> tags) =>
        EntityTags.OfPieces(_texts[_textOfRow[row]], tags[_textOfRow[row]], Rows[row].Offsets);

    /// <summary>The tags of the characters of each text, from those of the pieces.</summary>
    /// <param name="pieceTags">For each row the tag of every token; those of special tokens are not looked at.</param>
    public IReadOnlyList<string[]> CharacterTags(IReadOnlyList<IReadOnlyList<string?>> pieceTags)
    {
        // by where a piece begins
        var answers = _texts.Select(_ => new SortedDictionary<int, (int End, string Tag, int Distance)>()).ToList();
        foreach (var (r, row) in Rows.Index())
        {
            for (int i = 1; i < row.Length - 1; i++)
            {
                var (start, end) = row.Offsets[i];
                int distance = Math.Min(i, row.Length - 1 - i);
                if (!answers[_textOfRow[r]].TryGetValue(start, out var other) || distance > other.Distance)
                {
                    answers[_textOfRow[r]][start] = (end, pieceTags[r][i]!, distance);
                }
            }
        }

        return [.. _texts.Zip(answers,
            (text, pieces) => EntityTags.OfCharacters(text, [.. pieces.Select(piece => (piece.Key, piece.Value.End, piece.Value.Tag))]))];
    }

    /// <summary>The tags of the characters of each text, from the logits of a model.</summary>
    /// <param name="logits">L · C numbers a row, see <see cref="Prediction.Logits"/>.</param>
    /// <param name="labels">The tags that the columns stand for.</param>
    public IReadOnlyList<string[]> CharacterTags(float[][] logits, IReadOnlyList<string> labels) =>
        CharacterTags([.. logits.Select(row => row.Chunk(labels.Count).Select(token => labels[Prediction.Label(token)]).ToArray())]);
}
