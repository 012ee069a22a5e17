using System.Text;

namespace Electra;

/// <summary>
/// What tags mean, and how they get from characters to word pieces and back. A character is a Unicode code point; places in texts are
/// UTF-16 units.
/// </summary>
public static class EntityTags
{
    /// <summary>The tag of what is no entity.</summary>
    public const string Outside = "O";

    /// <summary>Whether it is <c>O</c>, <c>B-TYPE</c> or <c>I-TYPE</c>.</summary>
    public static bool IsTag(string tag) => tag == Outside || (tag.Length > 2 && tag[0] is 'B' or 'I' && tag[1] == '-');

    /// <summary>The type of a tag; null for <c>O</c>.</summary>
    public static string? TypeOf(string tag) => tag == Outside ? null : tag[2..];

    /// <summary>
    /// The entities that tags mark. An entity begins at a <c>B-</c>, and also at an <c>I-</c> that continues no entity of its type, which
    /// repairs sequences that are not legal. Source: seqeval, <c>get_entities</c> in its default mode.
    /// </summary>
    /// <param name="tags">Tags of characters, or of whatever else has some.</param>
    /// <returns>Types with the positions in <paramref name="tags"/>, end exclusive.</returns>
    public static IReadOnlyList<(string Type, int Start, int End)> Spans(IReadOnlyList<string> tags)
    {
        var spans = new List<(string, int, int)>();
        string? open = null;
        int start = 0;
        for (int i = 0; i <= tags.Count; i++)
        {
            string? type = i < tags.Count ? TypeOf(tags[i]) : null;
            bool begins = type is not null && Begins(tags[i], open);
            if (open is not null && (type is null || begins))
            {
                spans.Add((open, start, i));
            }

            start = begins ? i : start;
            open = type;
        }

        return spans;
    }

    /// <summary>The entities of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tags">One tag a character.</param>
    public static IReadOnlyList<Entity> Entities(string text, IReadOnlyList<string> tags)
    {
        int[] starts = CharacterStarts(text);
        return [.. Spans(tags).Select(span => new Entity(span.Type, starts[span.Start], starts[span.End]))];
    }

    /// <summary>
    /// The tag of each word piece: that of its first character. A piece that begins outside of an entity and ends in one says nothing of
    /// the entity, so that the best possible score on a data set may be below 1.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="tags">One tag a character.</param>
    /// <param name="pieces">Ranges of pieces in the text, as in <see cref="TokenEncoding.Offsets"/>.</param>
    /// <returns>A tag a piece; null for one without characters, a special token.</returns>
    public static string?[] OfPieces(string text, IReadOnlyList<string> tags, IReadOnlyList<(int Start, int End)> pieces)
    {
        int[] starts = CharacterStarts(text);
        return [.. pieces.Select(piece => piece.Start == piece.End ? null : tags[Array.BinarySearch(starts, piece.Start)])];
    }

    /// <summary>
    /// The tag of each character: every character of a piece has the type of the piece, and only the first one of an entity has <c>B-</c>.
    /// Characters in no piece (blanks, invisible ones) belong to an entity when the pieces on both sides do. The result is legal, whatever
    /// the pieces' tags are.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="pieces">Ranges of pieces, ascending and apart, and their tags.</param>
    public static string[] OfCharacters(string text, IReadOnlyList<(int Start, int End, string Tag)> pieces)
    {
        int[] starts = CharacterStarts(text);
        string[] tags = new string[starts.Length - 1];
        Array.Fill(tags, Outside);
        foreach (var (type, first, end) in Spans([.. pieces.Select(piece => piece.Tag)]))
        {
            int start = Array.BinarySearch(starts, pieces[first].Start);
            Array.Fill(tags, $"I-{type}", start, Array.BinarySearch(starts, pieces[end - 1].End) - start);
            tags[start] = $"B-{type}";
        }

        return tags;
    }

    /// <summary>Where each character of a text begins, and its length at the end. Half a surrogate pair counts as a character.</summary>
    public static int[] CharacterStarts(string text)
    {
        var starts = new List<int>(text.Length + 1);
        for (int i = 0, length; i < text.Length; i += length)
        {
            starts.Add(i);
            Rune.DecodeFromUtf16(text.AsSpan(i), out _, out length);
        }

        return [.. starts, text.Length];
    }

    private static bool Begins(string tag, string? open) => tag[0] == 'B' || TypeOf(tag) != open;
}
