namespace Electra.Tool.Benchmarks;

/// <summary>What is measured on: labelled rows in batches.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Batches">Positions in them, the same for everything that is compared.</param>
internal sealed record BenchTexts(LabeledEncodings Rows, IReadOnlyList<int[]> Batches)
{
    private const int Pool = 50 * 4; // batches to choose from

    /// <summary>How many rows of a data set are worth reading.</summary>
    public static int Limit(int batchSize) => Pool * batchSize;

    /// <summary>
    /// Reviews in training batches: of similar length, each padded to its own longest row. Few of them stand for all: chosen at equal
    /// distances when sorted by length.
    /// </summary>
    /// <exception cref="InputException">There are fewer reviews than a batch has rows.</exception>
    public static BenchTexts Real(EncoderSource encoder, ReviewData data, int batchSize, int batches)
    {
        var rows = LabeledEncodings.Of(encoder.Tokenizer, data.Train,
            Math.Min(BenchModel.OriginalTokens, encoder.Config.MaxPositionEmbeddings));
        int[][] all =
        [
            .. LengthBatches.Shuffled(rows.Lengths, batchSize, seed: 1, epoch: 0).Where(batch => batch.Length == batchSize)
            .OrderBy(batch => batch.Max(i => rows.Lengths[i])),
        ];
        if (all.Length == 0)
        {
            throw new InputException($"{data.Name} has {data.Train.Count} training rows; --batch-size {batchSize} must not be more.");
        }

        int count = Math.Min(batches, all.Length);
        return new BenchTexts(rows, [.. Enumerable.Range(0, count).Select(i => all[((2 * i) + 1) * all.Length / (2 * count)])]);
    }

    /// <summary>Rows of one length, of tokens drawn at random.</summary>
    /// <exception cref="InputException">The encoder cannot read such rows.</exception>
    public static BenchTexts Fixed(EncoderSource encoder, int tokens, int batchSize, int batches)
    {
        if (tokens > encoder.Config.MaxPositionEmbeddings)
        {
            throw new InputException(
                $"--tokens {tokens} is more than the {encoder.Config.MaxPositionEmbeddings} positions of {encoder.Name}; take fewer.");
        }

        var random = new Random(1);
        TokenEncoding[] rows =
        [
            .. Enumerable.Range(0, batchSize * batches)
            .Select(
                _ => TokenEncoding.FromIds([.. Enumerable.Range(0, tokens).Select(_ => random.Next(encoder.Tokenizer.VocabularySize))])),
        ];
        return new BenchTexts(new LabeledEncodings(rows, [.. rows.Select((_, i) => i % 2)]),
            [.. Enumerable.Range(0, rows.Length).Chunk(batchSize)]);
    }

    /// <summary>The rows of all batches.</summary>
    public IReadOnlyList<TokenEncoding> Chosen => [.. Batches.SelectMany(batch => batch.Select(i => Rows.Rows[i]))];
}
