using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Electra.Tests;

public class VocabularyBuilderTests
{
    private static readonly string[] SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    [Fact]
    public void The_example_of_the_paper_gives_the_pieces_computed_by_hand()
    {
        // Sennrich et al. 2016, section 3.2: low 5, lower 2, newest 6, widest 3.
        string[] texts = ["low low low low low lower lower", "newest newest newest newest newest newest widest widest widest"];

        IReadOnlyList<string> vocabulary = VocabularyBuilder.Build(texts, 1000, coverage: 1,
            cancellation: TestContext.Current.CancellationToken);

        string[] expected =
        [
            .. SpecialTokens,
            // e 17, w 16, s 9, t 9, l 7, o 7, n 6, d 3, i 3, r 2
            "##e", "w", "##w", "##s", "##t", "l", "##o", "n", "##d", "##i", "##r",
            "##es", "##est", // 9; of two equals the first in ordinal order
            "##ow", "low", // 7
            "##ew", "##ewest", "newest", // 6
            "##dest", "##idest", "widest", // 3
            "##er", "lower", // 2
        ];
        Assert.Equal(expected, vocabulary);
    }

    [Fact]
    public void Runs_of_one_letter_merge_from_the_left()
    {
        IReadOnlyList<string> vocabulary = Build(["ㅋㅋㅋㅋㅋㅋ ㅋㅋㅋㅋㅋㅋ ㅠㅠ"], coverage: 1);

        // ㅋ ##ㅋ ##ㅋ ##ㅋ ##ㅋ ##ㅋ has the pair (##ㅋ, ##ㅋ) most often; then in ㅋ ##ㅋㅋ ##ㅋㅋ ##ㅋ all pairs are equal, and # comes before ㅋ.
        Assert.Equal(["ㅋ", "##ㅋ", "ㅠ", "##ㅠ", "##ㅋㅋ", "##ㅋㅋㅋ", "##ㅋㅋㅋㅋㅋ", "ㅋㅋㅋㅋㅋㅋ"], vocabulary.Skip(5));
    }

    [Fact]
    public void The_most_frequent_characters_are_taken_until_they_cover_the_share()
    {
        string[] texts = ["가가", "가나", "나가", "나가다"]; // 가 5, 나 3, 다 1

        Assert.Equal(["가", "##가"], Singles(Build(texts, coverage: 0.5)));
        Assert.Equal(["가", "##가", "나", "##나"], Singles(Build(texts, coverage: 8.0 / 9)));
        Assert.Equal(["가", "##가", "나", "##나", "##다"], Singles(Build(texts, coverage: 0.9)));
    }

    [Fact]
    public void Words_with_a_rare_character_make_no_pieces()
    {
        IReadOnlyList<string> vocabulary = Build(["영화 영화 영화 영화 쀍밥쉢 쀍밥쉢"], coverage: 0.5);

        Assert.Equal([.. SpecialTokens, "영", "##화", "영화"], vocabulary);
    }

    [Fact]
    public void A_character_outside_the_basic_plane_is_one_character() =>
        Assert.Equal(["😀", "##😀", "😀😀"], Build(["😀😀 😀😀"], coverage: 1).Skip(5));

    [Fact]
    public void Words_of_more_than_100_characters_are_skipped()
    {
        string longest = string.Concat(Enumerable.Repeat("😀", 100));

        Assert.Equal(["😀", "##😀"], Singles(Build([longest], coverage: 1)));
        Assert.Equal(["가"], Singles(Build([longest + "😀 가"], coverage: 1)));
    }

    [Fact]
    public void Pairs_below_the_minimum_frequency_are_not_merged()
    {
        string[] texts = ["가나 가나 가나 다라 다라"];

        Assert.Equal(["가나"], Build(texts, coverage: 1, minFrequency: 3).Skip(5 + 4));
        Assert.Equal(["가나", "다라"], Build(texts, coverage: 1, minFrequency: 2).Skip(5 + 4));
    }

    [Property(MaxTest = 200)]
    public Property Pieces_are_those_of_counting_everything_anew_for_each_merge() =>
        Prop.ForAll(Texts(), Gen.Choose(0, 40).ToArbitrary(), (texts, merges) =>
    {
        string[] singles = [.. texts.SelectMany(Words).SelectMany(Characters).Distinct()];
        int size = SpecialTokens.Length + singles.Length + merges;

        IReadOnlyList<string> vocabulary = Build(texts, size, coverage: 1);

        Assert.Equal(singles.Order(StringComparer.Ordinal), Singles(vocabulary).Order(StringComparer.Ordinal));
        Assert.Equal(MergeSlowly(texts, merges, singles), vocabulary.Skip(SpecialTokens.Length + singles.Length));
    });

    [Property(MaxTest = 100)]
    public Property Neither_the_order_of_texts_nor_how_words_are_spread_over_them_matters() =>
        Prop.ForAll(Texts(), Gen.Choose(0, 1000).ToArbitrary(), (texts, seed) =>
    {
        string[] words = [.. texts.SelectMany(Words)];
        new Random(seed).Shuffle(words);

        Assert.Equal(Build(texts, 60), Build(words, 60));
        Assert.Equal(Build(texts, 60), Build([string.Join(' ', words)], 60));
    });

    [Property(MaxTest = 100)]
    public Property A_vocabulary_has_the_special_tokens_first_no_piece_twice_and_at_most_the_size() =>
        Prop.ForAll(Texts(), Gen.Choose(22, 80).ToArbitrary(), (texts, size) =>
    {
        IReadOnlyList<string> vocabulary = Build(texts, size, coverage: 0.9);

        Assert.Equal(SpecialTokens, vocabulary.Take(SpecialTokens.Length));
        Assert.Equal(vocabulary.Count, vocabulary.Distinct(StringComparer.Ordinal).Count());
        Assert.True(vocabulary.Count <= size);
        // a smaller one is the beginning of a larger one
        Assert.Equal(vocabulary, Build(texts, size + 1, coverage: 0.9).Take(vocabulary.Count));
    });

    [Property(MaxTest = 50)]
    public Property A_word_read_is_unknown_only_when_it_has_a_rare_character() =>
        Prop.ForAll(Texts(), texts => AssertOnlyRareCharactersAreUnknown(texts, size: 40, coverage: 0.8));

    [Fact]
    public void A_word_of_real_reviews_is_unknown_only_when_it_has_a_rare_character()
    {
        using var reviews = new StreamReader(
            new GZipStream(File.OpenRead(Reference.Data("nsmc", "test.tsv.gz")), CompressionMode.Decompress));
        reviews.ReadLine();
        string[] texts = [.. Enumerable.Range(0, 2000).Select(_ => reviews.ReadLine()!.Split('\t')[1])];
        AssertOnlyRareCharactersAreUnknown(texts, size: 3000, coverage: 0.999);
    }

    [Fact]
    public void Words_are_those_of_the_tokenizer()
    {
        // Blanks of all kinds, punctuation and Chinese characters part words; invisible characters and special tokens vanish.
        IReadOnlyList<string> vocabulary = Build(["영화.영화\u3000영\u200B화,映畵\u2028영화[SEP]\uFEFF[UN\u00ADK] 영\uD800화 ㅋ Ab"], coverage: 1);

        Assert.Equal(["영", "##화", ",", ".", "A", "##b", "ㅋ", "映", "畵", "영화"], vocabulary.Skip(5));
    }

    [Fact]
    public void A_size_without_room_for_the_single_characters_is_an_error_that_names_the_least()
    {
        string[] texts = ["영화 화영 가"]; // 영 ##영 화 ##화 가

        Assert.Contains("at least 10.", Assert.Throws<InputException>(() => Build(texts, 9, coverage: 1)).Message,
            StringComparison.Ordinal);
        Assert.Equal(10, Build(texts, 10, coverage: 1).Count);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1.01, 2)]
    [InlineData(double.NaN, 2)]
    [InlineData(1, 0)]
    public void Options_out_of_range_are_an_error(double coverage, int minFrequency) =>
        Assert.Throws<InputException>(() => Build(["영화"], 100, coverage, minFrequency));

    [Fact]
    public void Texts_without_words_are_an_error() => Assert.Throws<InputException>(() => Build([" ", "", "\t"], 100));

    [Fact]
    public void Work_can_be_cancelled_and_tells_how_far_it_is()
    {
        var told = new Told();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        IReadOnlyList<string> vocabulary = VocabularyBuilder.Build(["영화 영화", "영화"], 100, progress: told, cancellation: cancellation);
        Assert.Equal(new VocabularyProgress(2, 1, vocabulary.Count), told.Last);

        Assert.Throws<OperationCanceledException>(
            () => VocabularyBuilder.Build(["영화"], 100, cancellation: new CancellationToken(canceled: true)));
    }

    private static void AssertOnlyRareCharactersAreUnknown(string[] texts, int size, double coverage)
    {
        ElectraTokenizer tokenizer = ElectraTokenizer.FromTokens(Build(texts, size, coverage));
        foreach (string text in texts)
        {
            foreach (Token token in tokenizer.Tokenize(text).Where(token => token.Text == "[UNK]"))
            {
                Assert.Contains(
                    text[token.Start..token.End].EnumerateRunes(),
                    rune => tokenizer.IdOf($"{rune}") is null && tokenizer.IdOf($"##{rune}") is null);
            }
        }
    }

    private static IReadOnlyList<string> Build(IEnumerable<string> texts, int size = 1000,
        double coverage = 0.9995, int minFrequency = 2) =>
        VocabularyBuilder.Build(texts, size, coverage, minFrequency, cancellation: TestContext.Current.CancellationToken);

    private static IEnumerable<string> Singles(IEnumerable<string> vocabulary) =>
        vocabulary.Skip(SpecialTokens.Length).Where(piece => piece.EnumerateRunes().Count(rune => rune.Value != '#') == 1);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Characters(string word) => [.. word.EnumerateRunes().Select((rune, i) => (i == 0 ? "" : "##") + rune)];

    // Few characters, so that pairs repeat and the same piece is reached in several ways.
    private static Arbitrary<string[]> Texts()
    {
        var word = Gen.Elements("a", "b", "영", "화", "ㅋ", "ㅋㅋ", "😀").NonEmptyListOf()
            .Select(characters => string.Concat(characters.Take(9)));
        return word.NonEmptyListOf().Select(words => string.Join(' ', words)).NonEmptyListOf()
            .Select(texts => texts.ToArray()).ToArbitrary();
    }

    private static List<string> MergeSlowly(string[] texts, int merges, string[] singles)
    {
        List<List<string>> words = [.. texts.SelectMany(Words).Select(word => Characters(word).ToList())];
        var made = new List<string>();
        while (made.Count < merges)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair)
                .OrderByDescending(pair => pair.Count())
                .ThenBy(pair => pair.Key.First, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Second, StringComparer.Ordinal).FirstOrDefault();
            if (best is null || best.Count() < 2)
            {
                break;
            }

            string merged = best.Key.First + best.Key.Second[2..];
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) == best.Key)
                    {
                        word[i] = merged;
                        word.RemoveAt(i + 1);
                    }
                }
            }

            if (!made.Contains(merged) && !singles.Contains(merged))
            {
                made.Add(merged);
            }
        }

        return made;
    }

    private sealed class Told : IProgress<VocabularyProgress>
    {
        public VocabularyProgress Last { get; private set; }

        public void Report(VocabularyProgress value) => Last = value;
    }
}
