using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace Electra;

/// <summary>Raw texts as tokens, with some of them held out for measuring.</summary>
public sealed class PretrainingCorpus
{
    private const string HashKey = "hash";

    private PretrainingCorpus(TokenizedTexts train, TokenizedTexts heldOut, string hash) => (Train, HeldOut, Hash) = (train, heldOut, hash);

    /// <summary>What is trained on.</summary>
    public TokenizedTexts Train { get; }

    /// <summary>What is only measured on.</summary>
    public TokenizedTexts HeldOut { get; }

    /// <summary>SHA-256 of texts, vocabulary and held-out share, in lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>
    /// Tokenizes texts, or reads what was tokenized before. A text is held out by its own hash: the same text is always on the same side,
    /// however often and where it occurs. Special tokens that a text contains as they stand are left out.
    /// </summary>
    /// <param name="texts">Raw texts.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="heldOutShare">Share of the different texts to hold out, between 0 and 1.</param>
    /// <param name="cacheFile">Where the tokens are kept for the next time (4 bytes a token), used when its hash fits; null:
    /// nowhere.</param>
    /// <param name="progress">Told from time to time how many texts are tokenized; from any thread.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">Nothing is left to train or to measure on, or the cache cannot be written.</exception>
    public static PretrainingCorpus Create(
        IReadOnlyList<string> texts,
        ElectraTokenizer tokenizer,
        double heldOutShare,
        string? cacheFile = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (!(heldOutShare is > 0 and < 1))
        {
            throw new InputException($"The held-out share is {heldOutShare}; it must be above 0 and below 1.");
        }

        string hash = HashOf(texts, tokenizer, heldOutShare);
        if (cacheFile is not null && Read(cacheFile, hash, tokenizer.VocabularySize) is { } cached)
        {
            return cached;
        }

        int?[] special = [tokenizer.PadId, tokenizer.ClsId, tokenizer.SepId, tokenizer.MaskId];
        var tokens = new int[texts.Count][];
        int done = 0;
        Parallel.For(0, texts.Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            tokens[i] = [.. tokenizer.Tokenize(texts[i]).Select(token => token.Id).Where(id => !special.Contains(id))];
            int count = Interlocked.Increment(ref done);
            if (count % 1000 == 0)
            {
                progress?.Invoke(count);
            }
        });
        var sides = tokens.Index().Where(text => text.Item.Length > 0)
            .ToLookup(text => IsHeldOut(texts[text.Index], heldOutShare), text => text.Item);
        var corpus = new PretrainingCorpus(TokenizedTexts.Of([.. sides[false]]), TokenizedTexts.Of([.. sides[true]]), hash);
        if (corpus.Train.Count == 0 || corpus.HeldOut.Count == 0)
        {
            throw new InputException(
                $"Of {texts.Count} texts, {corpus.Train.Count} are left for training and {corpus.HeldOut.Count} held out; " +
                $"give more texts or another held-out share than {heldOutShare}.");
        }

        corpus.Write(cacheFile);
        return corpus;
    }

    private static bool IsHeldOut(string text, double share) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) < share * uint.MaxValue;

    private static string HashOf(IReadOnlyList<string> texts, ElectraTokenizer tokenizer, double heldOutShare)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in texts.Concat(tokenizer.Identity).Append($"{heldOutShare:R}"))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Write(string? file)
    {
        if (file is null)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["train/tokens"] = torch.tensor(Train.Tokens),
            ["train/ends"] = torch.tensor(Train.Ends),
            ["held_out/tokens"] = torch.tensor(HeldOut.Tokens),
            ["held_out/ends"] = torch.tensor(HeldOut.Ends),
        };
        SafetensorsFile.Write(file, tensors, new Dictionary<string, string> { [HashKey] = Hash });
    }

    // Null where there is no sound cache of these texts: it is made anew.
    private static PretrainingCorpus? Read(string file, string hash, int vocabularySize)
    {
        try
        {
            if (!File.Exists(file) || SafetensorsFile.ReadHeader(file).Metadata.GetValueOrDefault(HashKey) != hash)
            {
                return null;
            }

            using var scope = torch.NewDisposeScope();
            var tensors = SafetensorsFile.Read(file);
            return Texts("train") is { } train && Texts("held_out") is { } heldOut ? new PretrainingCorpus(train, heldOut, hash) : null;

            TokenizedTexts? Texts(string side)
            {
                int[] tokens = Numbers($"{side}/tokens");
                int[] ends = Numbers($"{side}/ends");
                bool sound = ends.Length > 0 && ends[^1] == tokens.Length && ends[0] > 0
                    && ends.Zip(ends.Skip(1)).All(pair => pair.First < pair.Second) && tokens.All(id => id >= 0 && id < vocabularySize);
                return sound ? new TokenizedTexts(tokens, ends) : null;
            }

            int[] Numbers(string name) =>
                tensors.TryGetValue(name, out var tensor) && tensor.dtype == torch.ScalarType.Int32 ? tensor.data<int>().ToArray() : [];
        }
        catch (InputException)
        {
            return null;
        }
    }
}
