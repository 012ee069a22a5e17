using System.IO.Compression;
using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

/// <summary>From raw text to masked batches nothing is lost, nothing is too long, and nothing special is masked.</summary>
public class TextRowsTests
{
    private static ElectraTokenizer Tokenizer => Toy.Tokenizer;

    [Property(MaxTest = 50)]
    public void Packed_rows_hold_every_token_of_every_text_once_a_pass(PositiveInt count, byte seed)
    {
        const int Length = 11, Rows = 3;
        var texts = Texts(1 + (count.Get % 40), seed);
        var packed = new PackedRows(texts, Tokenizer, Rows, Length, seed);
        int perPass = texts.TokenCount + texts.Count;
        int batches = (2 * perPass / (Rows * (Length - 1))) + 1; // two passes, and some of the third
        var stream = new List<long>();
        for (int number = 0; number < batches; number++)
        {
            var batch = packed.Batch(number);
            Assert.Equal((Rows, Length, Rows * Length), (batch.Rows, batch.Length, batch.Ids.Length));
            foreach (long[] row in batch.Ids.Chunk(Length))
            {
                Assert.Equal(Tokenizer.ClsId, row[0]);
                stream.AddRange(row[1..]);
            }
        }

        string[] expected = [.. Enumerable.Range(0, texts.Count).Select(text => string.Join(' ', texts[text].ToArray()))
            .Order(StringComparer.Ordinal)];
        foreach (int pass in new[] { 0, 1 })
        {
            var found = Split(stream.GetRange(pass * perPass, perPass)).Order(StringComparer.Ordinal);
            Assert.Equal(expected, found);
        }
    }

    [Property(MaxTest = 50)]
    public void Single_rows_hold_every_text_once_a_pass_and_never_more_tokens_than_allowed(PositiveInt count, byte seed)
    {
        const int Length = 9, Tokens = 40; // up to 12 tokens a text: some are cut
        var texts = Texts(1 + (count.Get % 40), seed);
        var single = new SingleRows(texts, Tokenizer, Tokens, Length, seed);
        var pieces = Enumerable.Range(0, texts.Count).SelectMany(text => texts[text].ToArray().Chunk(Length - 2))
            .Select(piece => string.Join(' ', piece)).Order(StringComparer.Ordinal);
        foreach (int pass in new[] { 0, 1 })
        {
            var found = new List<string>();
            for (int number = 0; number < single.BatchesPerPass; number++)
            {
                var batch = single.Batch((pass * single.BatchesPerPass) + number);
                Assert.True(batch.Length <= Length && batch.Ids.Length <= Tokens && batch.Ids.Length == batch.Rows * batch.Length);
                foreach (long[] row in batch.Ids.Chunk(batch.Length))
                {
                    long[] tokens = [.. row.Where(id => id != Tokenizer.PadId)];
                    Assert.Equal((Tokenizer.ClsId, Tokenizer.SepId), ((int)tokens[0], (int)tokens[^1]));
                    Assert.Equal(tokens, row[..tokens.Length]); // padding is at the end
                    found.Add(string.Join(' ', tokens[1..^1]));
                }
            }

            Assert.Equal(pieces, found.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_depends_on_seed_and_number_alone_and_passes_differ(bool singleTexts)
    {
        var texts = Texts(60, 1);
        int perPass = Rows(1).BatchesPerPass;
        int[] numbers = [0, 1, perPass, (3 * perPass) - 1, 2];
        var backwards = Rows(1);
        var batches = numbers.Reverse().ToDictionary(number => number, number => backwards.Batch(number).Ids);
        foreach (int number in numbers)
        {
            Assert.Equal(Rows(1).Batch(number).Ids, batches[number]);
        }

        Assert.NotEqual(Rows(1).Batch(0).Ids, Rows(2).Batch(0).Ids);
        Assert.NotEqual(Rows(1).Batch(0).Ids, Rows(1).Batch(perPass).Ids);

        TextRows Rows(int seed) =>
            singleTexts ? new SingleRows(texts, Tokenizer, 64, 16, seed) : new PackedRows(texts, Tokenizer, 4, 16, seed);
    }

    [Property(MaxTest = 50)]
    public void Masks_hide_a_fixed_share_of_each_rows_ordinary_tokens_and_nothing_else(PositiveInt count, byte seed)
    {
        int texts = 1 + (count.Get % 60);
        var rows = new SingleRows(Texts(texts, seed), Tokenizer, 1000, 32, seed).Batch(0);
        var masked = Masking.Apply(rows, Tokenizer, new Random(seed));
        for (int row = 0; row < rows.Rows; row++)
        {
            int ordinary = rows.Ids.Skip(row * rows.Length).Take(rows.Length).Count(id => id >= ElectraTokenizer.SpecialTokens.Count);
            Assert.Equal(Math.Max(1, (int)Math.Round(0.15 * ordinary)), masked.Positions.Count(position => position / rows.Length == row));
        }

        Assert.Equal(masked.Positions.Distinct().Order(), masked.Positions);
        for (int i = 0; i < rows.Ids.Length; i++)
        {
            bool chosen = masked.Positions.Contains(i);
            Assert.False(chosen && rows.Ids[i] < ElectraTokenizer.SpecialTokens.Count, "a special token was chosen");
            Assert.True(masked.Ids[i] == rows.Ids[i] || (chosen && masked.Ids[i] == Tokenizer.MaskId));
        }

        Assert.Equal(masked.Ids, Masking.Apply(rows, Tokenizer, new Random(seed)).Ids);
    }

    [Fact]
    public void About_15_percent_of_the_chosen_tokens_keep_their_place()
    {
        var rows = new PackedRows(Texts(3000, 1), Tokenizer, 64, 128, 1).Batch(0);
        var masked = Masking.Apply(rows, Tokenizer, new Random(1));
        double kept = masked.Positions.Count(position => masked.Ids[position] != Tokenizer.MaskId) / (double)masked.Positions.Length;
        Assert.InRange(kept, 0.15 - 0.04, 0.15 + 0.04); // about 1,100 chosen: 4 standard deviations
    }

    [Fact]
    public void Tokens_come_from_the_cache_only_while_texts_and_tokenizer_are_the_same()
    {
        using var folder = new TemporaryFolder();
        string cache = folder.File("corpus.safetensors");
        var texts = Toy.Texts(200);
        var made = Create(texts);
        Assert.Equal(0, Tokenized(() => Same(made, Create(texts))));

        var bytes = File.ReadAllBytes(cache);
        bytes[^5] = 0xFF; // an id that no vocabulary has
        File.WriteAllBytes(cache, bytes);
        Assert.Equal(1, Tokenized(() => Same(made, Create(texts))));
        File.WriteAllText(cache, "no safetensors");
        Assert.Equal(1, Tokenized(() => Same(made, Create(texts))));
        Assert.Equal(1, Tokenized(() => Assert.NotEqual(made.Hash, Create([.. texts, "낱말1가"]).Hash)));
        Tokenizer.Save(folder.Path);
        string settings = folder.File("tokenizer_config.json");
        File.WriteAllText(settings,
            File.ReadAllText(settings).Replace("\"do_lower_case\": false", "\"do_lower_case\": true", StringComparison.Ordinal));
        Assert.Equal(1, Tokenized(() => Assert.NotEqual(made.Hash, Create(texts, ElectraTokenizer.FromFolder(folder.Path)).Hash)));

        int Tokenized(Action work)
        {
            var before = File.ReadAllBytes(cache);
            work();
            return File.ReadAllBytes(cache).SequenceEqual(before) ? 0 : 1;
        }

        PretrainingCorpus Create(IReadOnlyList<string> from, ElectraTokenizer? with = null) =>
            PretrainingCorpus.Create(from, with ?? Tokenizer, 0.1, cache, cancellation: TestContext.Current.CancellationToken);

        static void Same(PretrainingCorpus expected, PretrainingCorpus actual)
        {
            Assert.Equal(expected.Train.Tokens, actual.Train.Tokens);
            Assert.Equal(expected.Train.Ends, actual.Train.Ends);
            Assert.Equal(expected.HeldOut.Tokens, actual.HeldOut.Tokens);
        }
    }

    [Fact]
    public void The_same_text_is_never_on_both_sides_and_special_tokens_in_a_text_are_dropped()
    {
        var once = Toy.Texts(400).Distinct().ToList();
        var corpus = PretrainingCorpus.Create([.. once, "[MASK] [SEP]", .. once.Select(text => $"{text}[SEP]")], Tokenizer, 0.2,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2 * once.Count, corpus.Train.Count + corpus.HeldOut.Count); // the text of special tokens alone is none
        Assert.DoesNotContain(corpus.Train.Tokens.Concat(corpus.HeldOut.Tokens), id => id < ElectraTokenizer.SpecialTokens.Count);
        var twice = PretrainingCorpus.Create([.. once, .. once], Tokenizer, 0.2, cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(All(twice.Train).Intersect(All(twice.HeldOut)));
        Assert.InRange(twice.HeldOut.Count / (2.0 * once.Count), 0.1, 0.3);
        Assert.Throws<InputException>(
            () => PretrainingCorpus.Create(["낱말1가"], Tokenizer, 0.005, cancellation: TestContext.Current.CancellationToken));

        static IEnumerable<string> All(TokenizedTexts texts) =>
            Enumerable.Range(0, texts.Count).Select(i => string.Join(' ', texts[i].ToArray()));
    }

    [Fact]
    public void Raw_text_is_read_plain_and_compressed_without_blank_lines()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.txt"), "첫째\r\n\n  \n둘째");
        using (var gzip = new GZipStream(File.Create(folder.File("a.txt.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(folder.File("a.txt")));
        }

        Assert.Equal(["첫째", "둘째"], TextFile.Read(folder.File("a.txt")));
        Assert.Equal(["첫째", "둘째"], TextFile.Read(folder.File("a.txt.gz")));
        File.WriteAllBytes(folder.File("b.txt"), [.. "가\n"u8, 0xFF, (byte)'\n']);
        Assert.Contains("b.txt:2", Assert.Throws<InputException>(() => TextFile.Read(folder.File("b.txt"))).Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder.File("c.txt"), "\n \n");
        Assert.Throws<InputException>(() => TextFile.Read(folder.File("c.txt")));
    }

    private static TokenizedTexts Texts(int count, int seed) =>
        TokenizedTexts.Of([.. Toy.Texts(count, seed).Select(text => Tokenizer.Tokenize(text).Select(token => token.Id).ToArray())]);

    private static IEnumerable<string> Split(IEnumerable<long> stream)
    {
        var text = new List<long>();
        foreach (long id in stream)
        {
            if (id == Tokenizer.SepId)
            {
                yield return string.Join(' ', text);
                text.Clear();
            }
            else
            {
                text.Add(id);
            }
        }
    }
}
