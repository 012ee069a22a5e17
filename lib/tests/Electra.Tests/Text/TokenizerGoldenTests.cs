using System.Text.Json;
using System.Text.RegularExpressions;

namespace Electra.Tests;

/// <summary>Against what Hugging Face's slow tokenizer makes of KoELECTRA's vocabulary.</summary>
public partial class TokenizerGoldenTests
{
    private static readonly Lazy<ElectraTokenizer> Tokenizer = new(
        () => ElectraTokenizer.FromVocabulary(Reference.Golden("tokenizer", "vocab.txt")));

    [Fact]
    public void Every_text_has_the_tokens_and_ids_that_Python_gives_it()
    {
        foreach (JsonElement example in Lines("cases.jsonl"))
        {
            string text = example.GetProperty("text").GetString()!;
            IReadOnlyList<Token> tokens = Tokenizer.Value.Tokenize(text);
            Assert.Equal(example.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()),
                tokens.Select(token => token.Text));
            Assert.Equal(Numbers(example, "ids"), tokens.Select(token => token.Id));
        }
    }

    [Fact]
    public void A_token_lies_in_the_text_where_its_range_says()
    {
        foreach (JsonElement example in Lines("cases.jsonl"))
        {
            string text = example.GetProperty("text").GetString()!;
            foreach (Token token in Tokenizer.Value.Tokenize(text).Where(token => token.Text != "[UNK]"))
            {
                string piece = token.Text.StartsWith("##", StringComparison.Ordinal) ? token.Text[2..] : token.Text;
                string range = text[token.Start..token.End];
                Assert.Equal(piece, Invisible().Replace(range, ""));
                Assert.DoesNotMatch(Invisible(), $"{range[0]}{range[^1]}");
            }
        }
    }

    [Fact]
    public void An_unknown_word_reaches_from_its_first_to_its_last_character()
    {
        Token[] tokens = [.. Tokenizer.Value.Tokenize(" 가\U00010000나\u00AD, 👩🏽\u200D💻코딩 大\u00AD韓")];
        Assert.Equal(["[UNK]", ",", "[UNK]", "[UNK]", "[UNK]"], tokens.Select(token => token.Text));
        Assert.Equal([(1, 5), (6, 7), (8, 17), (18, 19), (20, 21)], tokens.Select(token => (token.Start, token.End)));
    }

    [Fact]
    public void Encodings_and_windows_are_cut_and_padded_as_in_Python()
    {
        foreach (JsonElement example in Lines("pairs.jsonl"))
        {
            (string text, string? pair) = (example.GetProperty("text").GetString()!, example.GetProperty("pair").GetString());
            (int maxLength, int stride) = (example.GetProperty("max_length").GetInt32(), example.GetProperty("stride").GetInt32());
            Truncation truncation = example.GetProperty("strategy").GetString() switch
            {
                "longest_first" => Truncation.LongestFirst,
                "only_first" => Truncation.OnlyFirst,
                _ => Truncation.OnlySecond,
            };
            int? length = example.GetProperty("pad").GetBoolean() ? maxLength : null;

            TokenEncoding encoding = Tokenizer.Value.Encode(text, pair, maxLength, truncation);
            AssertEqual(example, encoding, length);
            int all = Tokenizer.Value.Encode(text, pair).Length;
            Assert.Equal(all - encoding.Length, encoding.TruncatedTokens);

            JsonElement[] windows = [.. example.GetProperty("windows").EnumerateArray()];
            IReadOnlyList<TokenEncoding> actual = truncation == Truncation.LongestFirst
                ? [encoding]
                : Tokenizer.Value.EncodeWindows(text, pair, maxLength, stride, truncation);
            Assert.Equal(windows.Length, actual.Count);
            for (int i = 0; i < windows.Length; i++)
            {
                AssertEqual(windows[i], actual[i], length);
            }
        }
    }

    private static void AssertEqual(JsonElement expected, TokenEncoding encoding, int? length)
    {
        using var batch = Batch.From([encoding], length: length);
        foreach (var (name, tensor) in new[]
        {
            ("input_ids", batch.InputIds), ("token_type_ids", batch.TokenTypeIds), ("attention_mask", batch.AttentionMask),
        })
        {
            Assert.Equal(Numbers(expected, name).Select(id => (long)id), tensor.data<long>().ToArray());
        }
    }

    private static int[] Numbers(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Reference.Golden("tokenizer", file)).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>What the tokenizer drops inside a word; the goldens have no whole token beyond U+FFFF.</summary>
    [GeneratedRegex("""[\p{C}\uFFFD]""")]
    private static partial Regex Invisible();
}
