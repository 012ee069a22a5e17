using System.Security.Cryptography;
using System.Text;

namespace Electra;

/// <summary>A data set for token classification, in two parts.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Train">Sentences to train on and to cut a dev split from.</param>
/// <param name="Test">Sentences for the final measurement, and for nothing else.</param>
/// <param name="Hash">SHA-256 in lower-case hexadecimal of the bytes of the train file, then of the test file, both uncompressed, or of the
/// one file of both; with a limit that leaves sentences out, of the words <c>limit N</c> after them.</param>
public sealed record EntityData(string Name, IReadOnlyList<EntitySentence> Train, IReadOnlyList<EntitySentence> Test, string Hash)
{
    private const double DevShare = 0.1;
    private const int KlueTrain = 0xCC; // first byte of a sentence's SHA-256: below it train, four fifths of all

    private static readonly string KlueFile = Path.Combine("ner", "klue-ner-v1.1_dev.tsv");
    private static readonly string[] Extensions = [".tsv", ".tsv.gz"];

    /// <summary>The types of entities in the training sentences, in alphabetical order; also of those that a limit leaves out.</summary>
    public IReadOnlyList<string> Types { get; init; } = TypesOf(Train);

    /// <summary>
    /// Opens a data set: <c>entities</c>, the project's own in data/entities; <c>klue</c>, the development set of KLUE's named entities
    /// from ELECTRA_DATA, cut by the hash of each sentence; or a folder with train.tsv and test.tsv (also .tsv.gz).
    /// </summary>
    /// <param name="nameOrFolder">A name or a folder. A folder that is called like a data set is written with a slash
    /// (<c>./klue</c>).</param>
    /// <param name="limit">Train on the first sentences only, at most so many; the test sentences stay the same.</param>
    /// <exception cref="InputException">The data set is not there, a file is malformed, or the test sentences have types that no training
    /// sentence has.</exception>
    public static EntityData Open(string nameOrFolder, int? limit = null)
    {
        if (limit < 1)
        {
            throw new InputException($"A limit of {limit} sentences leaves nothing of {nameOrFolder}; give a limit of at least 1.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (train, test) = nameOrFolder switch
        {
            "entities" => Own(hash),
            "klue" => Klue(hash),
            _ => Pair(nameOrFolder, hash) ?? throw new InputException(
                $"\"{nameOrFolder}\" is neither entities nor klue nor a folder with train.tsv and test.tsv; choose one of these."),
        };
        if (limit < train.Count)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"limit {limit}"));
        }

        var data = new EntityData(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder))),
            limit is { } most ? [.. train.Take(most)] : train,
            test,
            Convert.ToHexStringLower(hash.GetCurrentHash()))
        {
            Types = TypesOf(train),
        };
        foreach (var sentence in test)
        {
            sentence.CheckTypes(data.Types, "no training sentence has; correct it, or add such sentences");
        }

        return data;
    }

    /// <summary>
    /// Cuts a dev split from the training sentences, on which checkpoints and options are chosen: a tenth of them. Both parts keep the
    /// order of the file.
    /// </summary>
    /// <param name="seed">Which sentences; the same seed gives the same ones.</param>
    /// <exception cref="InputException">There are fewer than two sentences.</exception>
    public (IReadOnlyList<EntitySentence> Train, IReadOnlyList<EntitySentence> Dev) Split(int seed)
    {
        if (Train.Count < 2)
        {
            throw new InputException($"{Name} has too few training sentences to cut a dev split from; give it at least two.");
        }

        int[] order = [.. Enumerable.Range(0, Train.Count)];
        new Random(seed).Shuffle(order);
        var dev = order.Take(Math.Max(1, (int)Math.Round(Train.Count * DevShare))).ToHashSet();
        return ([.. Train.Where((_, i) => !dev.Contains(i))], [.. Train.Where((_, i) => dev.Contains(i))]);
    }

    private static IReadOnlyList<string> TypesOf(IEnumerable<EntitySentence> sentences) =>
        [.. sentences.SelectMany(sentence => sentence.Tags).Distinct().Select(EntityTags.TypeOf).OfType<string>().Distinct()
            .Order(StringComparer.Ordinal)];

    private static (IReadOnlyList<EntitySentence>, IReadOnlyList<EntitySentence>) Own(IncrementalHash hash) =>
        (ProjectFolder.Find() is { } root ? Pair(Path.Combine(root, "data", "entities"), hash) : null)
        ?? throw new InputException(
            "The project's own entities are not there: run from inside a clone of the project, with its data/entities.");

    private static (IReadOnlyList<EntitySentence>, IReadOnlyList<EntitySentence>) Klue(IncrementalHash hash)
    {
        string? file = Environment.GetEnvironmentVariable("ELECTRA_DATA") is { Length: > 0 } own ? Path.Combine(own, KlueFile) : null;
        if (!File.Exists(file))
        {
            throw new InputException($"KLUE's named entities are not there; let ELECTRA_DATA name a folder with {KlueFile}, from " +
                "github.com/KLUE-benchmark/KLUE.");
        }

        var parts = EntityFile.Read(file, hash).ToLookup(sentence => SHA256.HashData(Encoding.UTF8.GetBytes(sentence.Text))[0] < KlueTrain);
        return ([.. parts[true]], [.. parts[false]]);
    }

    private static (IReadOnlyList<EntitySentence>, IReadOnlyList<EntitySentence>)? Pair(string folder, IncrementalHash hash)
    {
        string? train = Extensions.Select(extension => Path.Combine(folder, "train" + extension)).FirstOrDefault(File.Exists);
        string? test = Extensions.Select(extension => Path.Combine(folder, "test" + extension)).FirstOrDefault(File.Exists);
        return Directory.Exists(folder) && train is not null && test is not null
            ? (EntityFile.Read(train, hash), EntityFile.Read(test, hash))
            : null;
    }
}
