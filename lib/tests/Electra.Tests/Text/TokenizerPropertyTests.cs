using System.Text;
using FsCheck.Xunit;

namespace Electra.Tests;

[Properties(Arbitrary = [typeof(DelicateTexts)], MaxTest = 1000)]
public class TokenizerPropertyTests
{
    private static readonly ElectraTokenizer Tokenizer = SmallTokenizer.Cased;

    private static readonly ElectraTokenizer LowerCasing = SmallTokenizer.Create("""{"do_lower_case": true, "strip_accents": false}""");

    [Property]
    public void Ranges_ascend_inside_the_text_and_never_split_a_surrogate_pair(string text)
    {
        foreach (ElectraTokenizer tokenizer in (ElectraTokenizer[])[Tokenizer, LowerCasing])
        {
            int end = 0;
            foreach (Token token in tokenizer.Tokenize(text))
            {
                Assert.InRange(token.Start, end, token.End - 1);
                Assert.InRange(token.End, 1, text.Length);
                Assert.False(Splits(text, token.Start) || Splits(text, token.End));
                Assert.Equal(tokenizer.TokenOf(token.Id), token.Text);
                end = token.End;
            }
        }
    }

    [Property]
    public void What_is_not_in_any_token_is_blank_or_invisible(string text)
    {
        var rest = new StringBuilder(text);
        foreach (Token token in Tokenizer.Tokenize(text).Reverse())
        {
            rest.Remove(token.Start, token.End - token.Start);
        }

        Assert.Matches("""^[\s\p{C}\p{Z}\uFFFD]*$""", rest.ToString());
    }

    [Property]
    public void One_text_stands_between_CLS_and_SEP(string text)
    {
        IReadOnlyList<Token> tokens = Tokenizer.Tokenize(text);
        TokenEncoding encoding = Tokenizer.Encode(text);
        Assert.Equal(["[CLS]", .. tokens.Select(token => token.Text), "[SEP]"], encoding.Tokens);
        Assert.Equal([Tokenizer.ClsId, .. tokens.Select(token => token.Id), Tokenizer.SepId], encoding.InputIds);
        Assert.Equal([(0, 0), .. tokens.Select(token => (token.Start, token.End)), (0, 0)], encoding.Offsets);
        Assert.Equal([-1, .. tokens.Select(_ => 0), -1], encoding.SequenceIds);
        Assert.Equal(0, encoding.TruncatedTokens);
    }

    [Property]
    public void A_pair_is_both_texts_with_a_SEP_after_each(string text, string pair)
    {
        (TokenEncoding first, TokenEncoding second) = (Tokenizer.Encode(text), Tokenizer.Encode(pair));
        TokenEncoding both = Tokenizer.Encode(text, pair);
        Assert.Equal([.. first.InputIds, .. second.InputIds[1..]], both.InputIds);
        Assert.Equal([.. first.Offsets, .. second.Offsets[1..]], both.Offsets);
        Assert.Equal([.. first.TokenTypeIds, .. Enumerable.Repeat(1, second.Length - 1)], both.TokenTypeIds);
        Assert.Equal([.. first.SequenceIds, .. second.SequenceIds[1..].Select(id => id == 0 ? 1 : -1)], both.SequenceIds);
    }

    [Property]
    public void A_maximum_length_is_kept_and_what_it_cost_is_counted(string text, string second, bool alone, byte room)
    {
        string? pair = alone ? null : second;
        int maxLength = 3 + room % 20;
        TokenEncoding whole = Tokenizer.Encode(text, pair);
        TokenEncoding cut = Tokenizer.Encode(text, pair, maxLength);
        Assert.Equal(Math.Min(whole.Length, maxLength), cut.Length);
        Assert.Equal(whole.Length - cut.Length, cut.TruncatedTokens);

        int left = cut.SequenceIds.Count(id => id == 0), right = cut.SequenceIds.Count(id => id == 1);
        Assert.Equal(whole.InputIds[..(left + 1)], cut.InputIds[..(left + 1)]);
        Assert.True(cut.TruncatedTokens == 0 || pair is null || left - right is 0 or 1 // both were cut, the second first
            || left == whole.SequenceIds.Count(id => id == 0) || right == whole.SequenceIds.Count(id => id == 1));
    }

    [Property]
    public void Windows_joined_without_what_they_share_are_the_whole_text(string text, string question, byte room, byte shared)
    {
        int fixedTokens = Tokenizer.Tokenize(question).Count;
        int share = shared % (room % 10 + 1);
        int maxLength = 3 + fixedTokens + 1 + room % 10;
        var windows = Tokenizer.EncodeWindows(question, text, maxLength, share, Truncation.OnlySecond);
        Token[] joined = [.. Context(windows[0]), .. windows.Skip(1).SelectMany(window => Context(window)[share..])];
        Assert.Equal(Tokenizer.Tokenize(text), joined);
        Assert.All(windows, window => Assert.InRange(window.Length, 3 + fixedTokens, maxLength));
        Assert.All(windows.SkipLast(1), window => Assert.Equal(maxLength, window.Length));
        Assert.Equal(windows[0].InputIds, Tokenizer.Encode(question, text, maxLength, Truncation.OnlySecond).InputIds);

        var swapped = Tokenizer.EncodeWindows(text, question, maxLength, share, Truncation.OnlyFirst);
        Assert.Equal(windows.Select(window => Context(window)), swapped.Select(window => Context(window, 0)));
    }

    private static Token[] Context(TokenEncoding window, int sequence = 1) =>
    [
        .. Enumerable.Range(0, window.Length).Where(i => window.SequenceIds[i] == sequence)
            .Select(i => new Token(window.Tokens[i], window.InputIds[i], window.Offsets[i].Start, window.Offsets[i].End)),
    ];

    private static bool Splits(string text, int index) =>
        index > 0 && index < text.Length && char.IsHighSurrogate(text[index - 1]) && char.IsLowSurrogate(text[index]);
}
