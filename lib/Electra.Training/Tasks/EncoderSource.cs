using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace Electra;

/// <summary>
/// Where a run's encoder comes from, with its vocabulary: the shipped one, a checkpoint folder, a checkpoint of the hub, or random weights.
/// </summary>
public sealed class EncoderSource
{
    /// <summary>The encoder that the project ships, below the project's folder.</summary>
    public static readonly string Shipped = Path.Combine("data", "encoders", "electra-tiny-ko");

    private const string Random = "random";
    private const int RandomVocabularySize = 8000; // fewer where the texts are few; all characters of NSMC or of encyclopedias find room

    private readonly string? _folder;

    private EncoderSource(string name, string? folder, ElectraConfig config, ElectraTokenizer tokenizer, string hash)
    {
        (Name, _folder, Config, Tokenizer, Hash) = (name, folder, config, tokenizer, hash);
    }

    /// <summary>What tables call it.</summary>
    public string Name { get; }

    /// <summary>The sizes.</summary>
    public ElectraConfig Config { get; }

    /// <summary>The vocabulary that belongs to it.</summary>
    public ElectraTokenizer Tokenizer { get; }

    /// <summary>SHA-256 in lower-case hexadecimal of the configuration, the tokenizer and, unless they are random, the weights.</summary>
    public string Hash { get; }

    /// <summary>Whether its weights know nothing yet.</summary>
    public bool IsRandom => _folder is null;

    /// <summary>Opens an encoder.</summary>
    /// <param name="source">
    /// A checkpoint folder; <c>owner/name[@revision]</c> on the hub; <c>random</c>: small, with fresh weights and a vocabulary made from
    /// <paramref name="texts"/>;
    /// <c>random:FOLDER</c>: fresh weights in the sizes and with the vocabulary of that checkpoint; null: the shipped one, or <c>random</c>
    /// where none is shipped.
    /// </param>
    /// <param name="texts">What <c>random</c> makes its vocabulary from: the training texts.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="InputException">It is not there, or not usable.</exception>
    public static EncoderSource Open(string? source, IEnumerable<string> texts, CancellationToken cancellation = default)
    {
        string? shipped = ProjectFolder.Find() is { } root ? Path.Combine(root, Shipped) : null;
        source ??= Directory.Exists(shipped) ? shipped : Random;
        if (source == Random)
        {
            return FromTexts(texts, cancellation);
        }

        bool fresh = source.StartsWith(Random + ":", StringComparison.Ordinal);
        string place = fresh ? source[(Random.Length + 1)..] : source;
        string folder = Directory.Exists(place) || !HubClient.IsId(place)
            ? place
            : new HubClient().DownloadAsync(place, progress: null, cancellation).GetAwaiter().GetResult();
        var config = ElectraConfig.Read(folder);
        if (fresh)
        {
            TrainingMemory.Check(config, Path.Combine(folder, ElectraConfig.FileName)); // no file is as large as these weights
        }

        var tokenizer = Checkpoint.ReadTokenizer(folder, config);
        string name = Directory.Exists(place) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))) : place;
        return fresh
            ? new EncoderSource($"random weights, sizes of {name}", null, config, tokenizer, HashOf(config, tokenizer, null))
            : new EncoderSource(name, folder, config, tokenizer, HashOf(config, tokenizer, folder));
    }

    /// <summary>The head that its checkpoint has trained, see <see cref="Checkpoint.HeadName"/>; null where it has none.</summary>
    public string? HeadName
    {
        get
        {
            if (_folder is null)
            {
                return null;
            }

            using var checkpoint = Checkpoint.Open(_folder);
            return checkpoint.HeadName;
        }
    }

    /// <summary>
    /// Makes a model to train: this encoder with a head. The same seed gives the same weights, and the same encoder under every head.
    /// </summary>
    /// <param name="kind">The task.</param>
    /// <param name="head">The head's name, one of the task's.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="labels">Names of the labels.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <returns>The model and sentences for the user about what was ignored or freshly initialised.</returns>
    public (TaskModel Model, IReadOnlyList<string> Notes) CreateModel(TaskKind kind, string head, HeadVariant variant,
        IReadOnlyList<string> labels, int seed)
    {
        torch.random.manual_seed(seed);
        if (_folder is null)
        {
            return (kind.Create(new ElectraEncoder(Config), head, variant, kind.Outputs ?? labels.Count), []);
        }

        using var checkpoint = Checkpoint.Open(_folder);
        return (checkpoint.CreateTaskModel(kind, head, variant, labels), checkpoint.Notes);
    }

    /// <summary>Makes a model that gives each text a label, see <see cref="CreateModel"/>.</summary>
    /// <param name="head">The head's name, see <see cref="Heads.Names"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="labels">Names of the labels.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <inheritdoc cref="CreateModel" path="/returns"/>
    public (SequenceClassifier Model, IReadOnlyList<string> Notes) CreateSequenceClassifier(string head, HeadVariant variant,
        IReadOnlyList<string> labels, int seed) =>
        Typed<SequenceClassifier>(CreateModel(TaskKinds.Sequence, head, variant, labels, seed));

    /// <summary>Makes a model that gives each token a label, see <see cref="CreateModel"/>.</summary>
    /// <param name="head">The head's name, see <see cref="TokenHeads.Names"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="labels">Names of the labels.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <inheritdoc cref="CreateModel" path="/returns"/>
    public (TokenClassifier Model, IReadOnlyList<string> Notes) CreateTokenClassifier(string head, HeadVariant variant,
        IReadOnlyList<string> labels, int seed) =>
        Typed<TokenClassifier>(CreateModel(TaskKinds.Token, head, variant, labels, seed));

    /// <summary>Makes a model that answers questions, see <see cref="CreateModel"/>.</summary>
    /// <param name="head">The head's name, see <see cref="TokenHeads.Names"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <inheritdoc cref="CreateModel" path="/returns"/>
    public (QuestionAnswerer Model, IReadOnlyList<string> Notes) CreateQuestionAnswerer(string head, HeadVariant variant, int seed) =>
        Typed<QuestionAnswerer>(CreateModel(TaskKinds.Question, head, variant, [], seed));

    private static (TModel, IReadOnlyList<string>) Typed<TModel>((TaskModel Model, IReadOnlyList<string> Notes) created)
        where TModel : TaskModel => ((TModel)created.Model, created.Notes);

    private static EncoderSource FromTexts(IEnumerable<string> texts, CancellationToken cancellation)
    {
        var vocabulary = VocabularyBuilder.Build(texts, RandomVocabularySize, cancellation: cancellation);
        var tokenizer = ElectraTokenizer.FromTokens(vocabulary);
        var config = new ElectraConfig
        {
            VocabSize = vocabulary.Count,
            EmbeddingSize = 64,
            HiddenSize = 128,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 512,
            MaxPositionEmbeddings = 256,
        };
        return new EncoderSource("random weights, 2 × 128", null, config, tokenizer, HashOf(config, tokenizer, null));
    }

    private static string HashOf(ElectraConfig config, ElectraTokenizer tokenizer, string? folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(config.ToJson()));
        foreach (string line in tokenizer.Identity)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        if (folder is not null)
        {
            using var stream = InputFile.OpenRead(Checkpoint.FindWeights(folder));
            byte[] buffer = new byte[1 << 20];
            for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
