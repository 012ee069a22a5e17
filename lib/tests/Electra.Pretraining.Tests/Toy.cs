namespace Electra.Tests;

/// <summary>An artificial language: each text keeps to one topic of ten, and each topic has three words of its own.</summary>
internal static class Toy
{
    private const int Topics = 10;
    private const int WordsPerTopic = 3;

    public static ElectraTokenizer Tokenizer { get; } = ElectraTokenizer.FromTokens(
        [.. ElectraTokenizer.SpecialTokens,
            .. Enumerable.Range(0, Topics).SelectMany(topic => Enumerable.Range(0, WordsPerTopic).Select(word => Word(topic, word)))]);

    public static ElectraConfig Config { get; } = new()
    {
        VocabSize = Tokenizer.VocabularySize,
        EmbeddingSize = 32,
        HiddenSize = 64,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 128,
        MaxPositionEmbeddings = 32,
        InitializerRange = 0.1, // learns in fewer steps than with 0.02
    };

    /// <summary>Texts of at least four words.</summary>
    public static IReadOnlyList<string> Texts(int count, int seed = 1, int longest = 12)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Text(random.Next(Topics), random.Next(longest / 3, longest + 1)))];

        string Text(int topic, int words) =>
            string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(topic, random.Next(WordsPerTopic))));
    }

    public static PretrainingCorpus Corpus(int count, int longest = 12) =>
        PretrainingCorpus.Create(Texts(count, longest: longest), Tokenizer, heldOutShare: 0.05);

    private static string Word(int topic, int word) => $"낱말{topic}{"가나다"[word]}";
}
