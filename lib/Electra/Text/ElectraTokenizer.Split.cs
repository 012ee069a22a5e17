using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Electra;

// From text to tokens. Only the spelling of single words is left to Microsoft.ML.Tokenizers. Its BertTokenizer drops symbols and emoji that
// Python keeps in their word, ends words at invisible characters and combining marks, and counts a word's length in UTF-16 units, so that
// 218 of the 1,731 reference texts come out differently (version 2.0.1).
public sealed partial class ElectraTokenizer
{
    /// <summary>A longer word, counted in code points, is <c>[UNK]</c>.</summary>
    public const int LongestWord = 100;

    /// <summary>Splits a text into tokens, without <c>[CLS]</c> and <c>[SEP]</c> around them.</summary>
    /// <returns>Tokens whose ranges ascend, do not overlap and never split a surrogate pair.</returns>
    public IReadOnlyList<Token> Tokenize(string text) => Split(text);

    private List<Token> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<Token>();
        var chunk = new Chunk();
        for (int i = 0, length; i < text.Length; i += length)
        {
            if (SpecialAt(text.AsSpan(i)) is { } special)
            {
                Flush(chunk, tokens);
                length = special.Text.Length;
                tokens.Add(special with { Start = i, End = i + length });
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out length); // a lone surrogate becomes U+FFFD, which vanishes
            bool alone = _splitChinese && IsChinese(rune.Value);
            if (alone || IsBlank(rune))
            {
                Flush(chunk, tokens);
            }

            if (!IsBlank(rune) && !Vanishes(rune))
            {
                chunk.Add(_lowerCase ? LowerCase(rune) : text.AsSpan(i, length), i, i + length);
            }

            if (alone)
            {
                Flush(chunk, tokens);
            }
        }

        Flush(chunk, tokens);
        return tokens;
    }

    /// <summary>Splits what stood between two blanks around punctuation, spells the words, and empties the chunk.</summary>
    private void Flush(Chunk chunk, List<Token> tokens)
    {
        ReadOnlySpan<char> characters = CollectionsMarshal.AsSpan(chunk.Characters);
        if (SpecialAt(characters) is { } special && special.Text.Length == characters.Length)
        {
            // Characters vanished inside of it, or Tokenize would have seen it; Python finds such a one when it stands between blanks.
            tokens.Add(special with { Start = chunk.Places[0].Start, End = chunk.Places[^1].End });
        }
        else
        {
            int word = 0;
            for (int i = 0, length; i < characters.Length; i += length)
            {
                Rune.DecodeFromUtf16(characters[i..], out Rune rune, out length);
                if (IsPunctuation(rune))
                {
                    Spell(chunk, word, i, tokens);
                    word = i + length;
                    Spell(chunk, i, word, tokens);
                }
            }

            Spell(chunk, word, characters.Length, tokens);
        }

        chunk.Characters.Clear();
        chunk.Places.Clear();
    }

    /// <summary>Adds the pieces of one word, the longest first, or <c>[UNK]</c>.</summary>
    private void Spell(Chunk chunk, int from, int to, List<Token> tokens)
    {
        ReadOnlySpan<char> word = CollectionsMarshal.AsSpan(chunk.Characters)[from..to];
        if (LengthInRunes(word) > LongestWord)
        {
            tokens.Add(new Token(TokenOf(UnknownId), UnknownId, chunk.Places[from].Start, chunk.Places[to - 1].End));
            return;
        }

        foreach (var piece in _wordPiece.EncodeToTokens(word, out _, considerPreTokenization: false, considerNormalization: false))
        {
            (int start, int end) = (chunk.Places[from + piece.Offset.Start.Value].Start,
                chunk.Places[from + piece.Offset.End.Value - 1].End);
            tokens.Add(new Token(_vocabulary[piece.Id], piece.Id, start, end));
        }
    }

    private Token? SpecialAt(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('['))
        {
            foreach (Token special in _special)
            {
                if (text.StartsWith(special.Text, StringComparison.Ordinal))
                {
                    return special;
                }
            }
        }

        return null;
    }

    private static string LowerCase(Rune rune) =>
        rune.Value == 'İ' ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString(); // the only character that Python makes two of

    private static int LengthInRunes(ReadOnlySpan<char> word)
    {
        int length = 0;
        foreach (char unit in word)
        {
            length += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return length;
    }

    private static bool IsBlank(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Whether the tokenizer drops a character: control, format and private characters, and those that are not assigned.</summary>
    public static bool Vanishes(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? rune.Value is > ' ' and < '\u007F' && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    // The CJK blocks that BERT's reference lists: not kana, Hangul, 々 or 〇, nor extensions after E.
    private static bool IsChinese(int rune) => rune
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B820 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    /// <summary>The characters kept since the last blank, and for each UTF-16 unit of them the range it came from.</summary>
    private sealed class Chunk
    {
        public List<char> Characters { get; } = [];

        public List<(int Start, int End)> Places { get; } = [];

        public void Add(ReadOnlySpan<char> characters, int start, int end)
        {
            foreach (char character in characters)
            {
                Characters.Add(character);
                Places.Add((start, end));
            }
        }
    }
}
