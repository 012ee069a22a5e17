using FsCheck.Xunit;

namespace Electra.Tests;

/// <summary>Character ranges survive tokenization, alignment and the way back, for texts of delicate characters.</summary>
[Properties(Arbitrary = [typeof(DelicateTexts)], MaxTest = 500)]
public class EntityTagsTests
{
    [Property]
    public void Tags_of_pieces_become_legal_tags_of_characters_and_come_back_repaired(string text, int seed)
    {
        var tokens = SmallTokenizer.Cased.Tokenize(text);
        string[] pieceTags = DelicateTexts.Tags(tokens.Count, seed);
        string[] tags = EntityTags.OfCharacters(text, [.. tokens.Zip(pieceTags, (token, tag) => (token.Start, token.End, tag))]);
        int[] starts = EntityTags.CharacterStarts(text);
        Assert.Equal(starts.Length - 1, tags.Length);
        for (int i = 0; i < tags.Length; i++)
        {
            Assert.True(tags[i][0] != 'I' || (i > 0 && EntityTags.TypeOf(tags[i - 1]) == EntityTags.TypeOf(tags[i])),
                "an I- that continues nothing");
        }

        Assert.Equal(Repaired(pieceTags), EntityTags.OfPieces(text, tags, [.. tokens.Select(token => (token.Start, token.End))]));
    }

    [Property]
    public void Every_character_of_a_piece_has_its_type_and_between_two_pieces_only_what_is_in_one_entity(string text, int seed)
    {
        var tokens = SmallTokenizer.Cased.Tokenize(text);
        string[] pieceTags = DelicateTexts.Tags(tokens.Count, seed);
        string[] tags = EntityTags.OfCharacters(text, [.. tokens.Zip(pieceTags, (token, tag) => (token.Start, token.End, tag))]);
        int[] starts = EntityTags.CharacterStarts(text);
        for (int i = 0; i < tags.Length; i++)
        {
            int inside = tokens.ToList().FindIndex(token => token.Start <= starts[i] && starts[i] < token.End);
            int after = tokens.ToList().FindIndex(token => token.Start > starts[i]);
            string? expected = inside >= 0 ? EntityTags.TypeOf(pieceTags[inside])
                : after >= 1 && pieceTags[after][0] == 'I' && EntityTags.TypeOf(pieceTags[after]) == EntityTags.TypeOf(pieceTags[after - 1])
                    ? EntityTags.TypeOf(pieceTags[after])
                : null;
            Assert.Equal(expected, EntityTags.TypeOf(tags[i]));
        }
    }

    [Property]
    public void Entities_lie_inside_the_text_begin_and_end_with_pieces_and_split_no_surrogate_pair(string text, int seed)
    {
        var tokens = SmallTokenizer.Cased.Tokenize(text);
        string[] tags = EntityTags.OfCharacters(text,
            [.. tokens.Zip(DelicateTexts.Tags(tokens.Count, seed), (token, tag) => (token.Start, token.End, tag))]);
        int end = 0;
        foreach (var entity in EntityTags.Entities(text, tags))
        {
            Assert.InRange(entity.Start, end, entity.End - 1);
            Assert.InRange(entity.End, 1, text.Length);
            Assert.Contains(entity.Start, tokens.Select(token => token.Start));
            Assert.Contains(entity.End, tokens.Select(token => token.End));
            end = entity.End;
        }
    }

    [Property]
    public void Any_tags_of_characters_point_inside_the_text(string text, int seed)
    {
        int[] starts = EntityTags.CharacterStarts(text);
        string[] tags = DelicateTexts.Tags(starts.Length - 1, seed);
        int marked = EntityTags.Entities(text, tags).Sum(entity => starts.Count(start => start >= entity.Start && start < entity.End));
        Assert.Equal(tags.Count(tag => tag != "O"), marked); // every tagged character is in exactly one entity
        Assert.Equal(text.Length + EntityTags.Entities(text, tags).Sum(entity => entity.Type.Length + 3),
            new EntitySentence("", text, tags).Marked.Length);
    }

    [Property]
    public void The_length_of_windows_changes_no_tag(string text, string other, int seed, byte room)
    {
        string[] texts = [text, other, ""];
        var tags = texts.Select((part, i) =>
        {
            var tokens = SmallTokenizer.Cased.Tokenize(part);
            return (IReadOnlyList<string>)EntityTags.OfCharacters(part,
                [.. tokens.Zip(DelicateTexts.Tags(tokens.Count, seed + i), (token, tag) => (token.Start, token.End, tag))]);
        }).ToList();
        var rows = EntityRows.Of(SmallTokenizer.Cased, texts, 3 + (room % 20));
        Assert.All(rows.Rows, row => Assert.InRange(row.Length, 2, 3 + (room % 20)));
        Assert.Equal(texts.Count(part => SmallTokenizer.Cased.Tokenize(part).Count > 1 + (room % 20)), rows.Windowed);
        Assert.Equal(tags, rows.CharacterTags([.. rows.Rows.Select((_, row) => rows.PieceTags(row, tags))]));
    }

    [Fact]
    public void A_piece_over_an_entitys_edge_has_the_tag_of_its_first_character()
    {
        // "나영화" is the pieces 나, ##영화; an entity that begins inside of ##영화 is lost, one that ends there grows.
        var pieces = SmallTokenizer.Cased.Tokenize("나영화").Select(token => (token.Start, token.End)).ToList();
        Assert.Equal([(0, 1), (1, 3)], pieces);
        Assert.Equal(["O", "O"], EntityTags.OfPieces("나영화", ["O", "O", "B-PS"], pieces));
        Assert.Equal(["B-PS", "I-PS"], EntityTags.OfPieces("나영화", ["B-PS", "I-PS", "O"], pieces));
        Assert.Equal(["B-PS", "I-PS", "I-PS"], EntityTags.OfCharacters("나영화", [(0, 1, "B-PS"), (1, 3, "I-PS")]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void A_text_of_one_character_and_one_of_a_hundred_thousand_are_read_whole(int length)
    {
        string text = string.Concat(Enumerable.Repeat("나가 ", (length / 3) + 1))[..length];
        var rows = EntityRows.Of(SmallTokenizer.Cased, [text], 32);
        Assert.All(rows.Rows, row => Assert.InRange(row.Length, 3, 32));
        string[] tags = Assert.Single(
            rows.CharacterTags([.. rows.Rows.Select(row => row.Tokens.Select(token => token == "나" ? "B-QT" : "I-QT").ToArray())]));
        Assert.Equal(text.Select(character => character == '나' ? "B-QT" : character == '가' ? "I-QT" : "O"), tags);
    }

    // By the rule as it is said: an I- that continues no entity of its type begins one.
    private static string[] Repaired(string[] tags) =>
        [.. tags.Select(
            (tag, i) => tag[0] == 'I' && (i == 0 || tags[i - 1] == "O" || tags[i - 1][2..] != tag[2..]) ? $"B-{tag[2..]}" : tag)];
}
