using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// A Hugging Face folder: <c>config.json</c>, the vocabulary, and weights in <c>model.safetensors</c> or <c>pytorch_model.bin</c>.
/// Models are made from it by <see cref="CreateEncoder"/> and <see cref="CreateTaskModel"/>, and written to such a folder by
/// <see cref="Save"/>.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    /// <summary>The name of the weights that are written, and looked for first.</summary>
    public const string WeightsName = "model.safetensors";

    /// <summary>The name of the weights of older checkpoints.</summary>
    public const string OldWeightsName = "pytorch_model.bin";

    private const string EncoderPrefix = "electra.";

    // The heads of pre-training, which a model may leave aside, as the heads of other tasks.
    private static readonly string[] PretrainingHeads = ["discriminator_predictions", "generator_predictions",
        "generator_lm_head", "generator"];

    private readonly IReadOnlyDictionary<string, Tensor> _weights;
    private readonly List<string> _notes = [];

    private Checkpoint(string folder, string file, ElectraConfig config, IReadOnlyDictionary<string, Tensor> weights)
    {
        (Folder, WeightsFile, Config, _weights) = (folder, file, config, weights);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The file that the weights were read from.</summary>
    public string WeightsFile { get; }

    /// <summary>The sizes.</summary>
    public ElectraConfig Config { get; }

    /// <summary>Names of the labels of its head: the configuration's, or else <c>LABEL_0</c>, <c>LABEL_1</c>, ….</summary>
    public IReadOnlyList<string> Labels =>
        Config.Labels.Count > 0 ? Config.Labels : [.. Enumerable.Range(0, LabelCount()).Select(i => $"LABEL_{i}")];

    /// <summary>What a note about a fresh head ends with, for whoever does not train it at once.</summary>
    public const string MustBeTrained = "It must be trained before it can be used.";

    /// <summary>
    /// Sentences for the user about what was not taken from the file: parts that were ignored, a head that was freshly initialised.
    /// </summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>
    /// The task of its head, told by the configuration's architecture or else by the names of the weights; null when it has none.
    /// </summary>
    public TaskKind? Kind
    {
        get
        {
            TaskKind[] possible = [.. TaskKinds.All.Where(kind => NamesBelow(kind).Count > 0)];
            return possible.FirstOrDefault(kind => Config.Architectures?.Contains(kind.Architecture) == true)
                ?? possible.FirstOrDefault(kind => kind.HeadOf(NamesBelow(kind)) is not null)
                ?? possible.FirstOrDefault();
        }
    }

    /// <summary>
    /// The name of its head, told by the configuration or else by the names of the weights; null when it has none that is known.
    /// </summary>
    public string? HeadName => Kind is { } kind ? OwnHead(kind) : null;

    /// <summary>Reads a folder's configuration and weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InputException">A file is absent, malformed, or contradicts another.</exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException(
                $"{folder} {(File.Exists(folder) ? "is no folder" : "does not exist")}; give a checkpoint folder " +
                $"({ElectraConfig.FileName}, vocab.txt, {WeightsName}), or fetch one with: electra model get owner/name.");
        }

        var config = ElectraConfig.Read(folder);
        if (config.ClassifierVariant is { } variant && !Enum.GetValues<HeadVariant>().Any(known => Heads.NameOf(known) == variant))
        {
            throw new InputException(
                $"{Path.Combine(folder, ElectraConfig.FileName)}: classifier_variant is \"{variant}\"; use published or mask-aware.");
        }

        string file = FindWeights(folder);
        var read = Path.GetFileName(file) == WeightsName ? SafetensorsFile.Read(file) : PyTorchFile.Read(file);
        var checkpoint = new Checkpoint(folder, file, config, WithEncoderPrefix(read));
        try
        {
            checkpoint.CheckSizes();
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }

        return checkpoint;
    }

    /// <summary>Makes the encoder.</summary>
    /// <exception cref="InputException">A tensor is missing, unexpected or has the wrong shape.</exception>
    public ElectraEncoder CreateEncoder()
    {
        _notes.Clear();
        var encoder = new ElectraEncoder(Config);
        try
        {
            Load(encoder, EncoderPrefix);
            NoteIgnored(name => name.StartsWith(EncoderPrefix, StringComparison.Ordinal));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }

        return encoder;
    }

    /// <summary>
    /// Makes the encoder and puts a head on it: the checkpoint's own, when it has this head with these labels, or else a freshly
    /// initialised one, which <see cref="Notes"/> says.
    /// </summary>
    /// <param name="kind">The task.</param>
    /// <param name="head">The head's name, one of the task's; null: the one that the checkpoint has, which must be there.</param>
    /// <param name="variant">Its variant; null: the one that the checkpoint was saved with, or else mask-aware.</param>
    /// <param name="labels">Names of the labels; null: those of the checkpoint.</param>
    /// <exception cref="InputException">A tensor is missing, unexpected or has the wrong shape, or the checkpoint has no head where none
    /// was asked for by name.</exception>
    public TaskModel CreateTaskModel(TaskKind kind, string? head = null, HeadVariant? variant = null, IReadOnlyList<string>? labels = null)
    {
        string? own = OwnHead(kind);
        string name = head ?? own ?? throw new InputException(
            $"{WeightsFile} has no head for this task ({kind.Name}){(Kind is { } other ? $", but one for {other.Name}" : "")}; train " +
            $"one with: electra train --task {kind.Name} --encoder {Folder} --output DIR.");
        if (head is null && !kind.Heads.Names.Contains(name))
        {
            throw new InputException(
                $"{Path.Combine(Folder, ElectraConfig.FileName)} names the head {name}, which is none of " +
                $"{string.Join(", ", kind.Heads.Names)}; add it with its Register method.");
        }

        variant ??= Config.ClassifierVariant is null ? HeadVariant.MaskAware : Heads.VariantOf(Config.ClassifierVariant);
        int outputs = kind.Outputs ?? labels?.Count ?? LabelCount();
        if (labels is null && kind.Outputs is null && own == name && OutputsInFile() is { } inFile && inFile != outputs)
        {
            throw new InputException($"{WeightsFile} has a head of {inFile} outputs, but {ElectraConfig.FileName} names {outputs} " +
                "labels; they do not belong together.");
        }

        bool canStand = kind.Outputs is not null || labels is null || Config.Labels.Count == 0 || kind.CanStand(Config.Labels, labels);
        var encoder = CreateEncoder();
        _notes.Clear();
        try
        {
            string prefix = PrefixOf(kind);
            var model = kind.Create(encoder, name, variant.Value, outputs);
            if (own == name && (head is null || (canStand && Fits(model.HeadModule, prefix))))
            {
                Load(model.HeadModule, prefix);
            }
            else
            {
                string why = own is null ? "the checkpoint has none"
                    : own != name ? $"the checkpoint has the head {own}"
                    : !canStand ? "the checkpoint's has other labels"
                    : $"the checkpoint's has other sizes than {outputs} labels need";
                _notes.Add($"The head {name} is freshly initialised: {why}. {MustBeTrained}");
            }

            NoteIgnored(key => key.StartsWith(EncoderPrefix, StringComparison.Ordinal)
                || (own is not null && key.StartsWith(prefix, StringComparison.Ordinal)));
            return model;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model that gives each text a label, see <see cref="CreateTaskModel"/>.</summary>
    /// <param name="head">The head's name, see <see cref="Heads.Names"/>; null: the one that the checkpoint has, which must be
    /// there.</param>
    /// <param name="variant">Its variant; null: the one that the checkpoint was saved with, or else mask-aware.</param>
    /// <param name="labels">Names of the labels; null: those of the checkpoint.</param>
    /// <inheritdoc cref="CreateTaskModel" path="/exception"/>
    public SequenceClassifier CreateSequenceClassifier(string? head = null, HeadVariant? variant = null,
        IReadOnlyList<string>? labels = null) =>
        (SequenceClassifier)CreateTaskModel(TaskKinds.Sequence, head, variant, labels);

    /// <summary>
    /// Makes a model that gives each token a label; the checkpoint's own head is used only for the same labels in the same order.
    /// </summary>
    /// <param name="head">The head's name, see <see cref="TokenHeads.Names"/>; null: the one that the checkpoint has, which must be
    /// there.</param>
    /// <param name="variant">Its variant; null: the one that the checkpoint was saved with, or else mask-aware.</param>
    /// <param name="labels">Names of the labels; null: those of the checkpoint.</param>
    /// <inheritdoc cref="CreateTaskModel" path="/exception"/>
    public TokenClassifier CreateTokenClassifier(string? head = null, HeadVariant? variant = null, IReadOnlyList<string>? labels = null) =>
        (TokenClassifier)CreateTaskModel(TaskKinds.Token, head, variant, labels);

    /// <summary>Makes a model that answers questions: a token head with two outputs.</summary>
    /// <param name="head">The head's name, see <see cref="TokenHeads.Names"/>; null: the one that the checkpoint has, which must be
    /// there.</param>
    /// <param name="variant">Its variant; null: the one that the checkpoint was saved with, or else mask-aware.</param>
    /// <inheritdoc cref="CreateTaskModel" path="/exception"/>
    public QuestionAnswerer CreateQuestionAnswerer(string? head = null, HeadVariant? variant = null) =>
        (QuestionAnswerer)CreateTaskModel(TaskKinds.Question, head, variant);

    /// <summary>Reads the folder's vocabulary.</summary>
    /// <exception cref="InputException">A file is missing or damaged, or the vocabulary has more tokens than the encoder.</exception>
    public ElectraTokenizer ReadTokenizer() => ReadTokenizer(Folder, Config);

    /// <summary>Reads the vocabulary of a folder whose configuration is read already.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <inheritdoc cref="ReadTokenizer()" path="/exception"/>
    public static ElectraTokenizer ReadTokenizer(string folder, ElectraConfig config)
    {
        var tokenizer = ElectraTokenizer.FromFolder(folder);
        return tokenizer.VocabularySize <= config.VocabSize
            ? tokenizer
            : throw new InputException($"{folder}: vocab.txt has {tokenizer.VocabularySize} tokens, but {ElectraConfig.FileName} says " +
                $"vocab_size is {config.VocabSize}; they do not belong together.");
    }

    /// <summary>Puts the weights into a model that is there: all of its parameters, and nothing else.</summary>
    /// <param name="model">Any module whose parameters have the names of the file.</param>
    /// <param name="pieces">Changes what has a row for each word piece, V × …, for a model of another vocabulary; null: the vocabulary is
    /// the same.</param>
    /// <exception cref="InputException">A tensor is missing, unexpected or has the wrong shape.</exception>
    public void LoadInto(nn.Module model, Func<Tensor, Tensor>? pieces = null) => Load(model, "", pieces);

    /// <summary>
    /// Writes a model, its configuration and its vocabulary as a Hugging Face folder. Each file is whole or not there; the weights come
    /// first.
    /// </summary>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <param name="model">Any module whose parameters have Hugging Face's names.</param>
    /// <param name="config">Its configuration, with <c>architectures</c>.</param>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="type">Type of the numbers in the file: fp32, which loses no bit, or fp16, half as large, for models that are passed
    /// on.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full.</exception>
    public static void Save(string folder, nn.Module model, ElectraConfig config, ElectraTokenizer tokenizer,
        ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(Path.Combine(folder, WeightsName),
            model.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().to_type(type)));
        config.Write(folder);
        tokenizer.Save(folder);
    }

    /// <summary>Frees the weights that were read; models made from them stay.</summary>
    public void Dispose()
    {
        foreach (var tensor in _weights.Values)
        {
            tensor.Dispose();
        }
    }

    /// <summary>The file that has a folder's weights.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string FindWeights(string folder) =>
        new[] { WeightsName, OldWeightsName }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InputException($"{folder} has neither {WeightsName} nor {OldWeightsName}; a checkpoint needs its weights.");

    // A bare ElectraModel has no prefix.
    private static IReadOnlyDictionary<string, Tensor> WithEncoderPrefix(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.Keys.Any(name => name.StartsWith(EncoderPrefix, StringComparison.Ordinal))
            || !weights.ContainsKey("embeddings.word_embeddings.weight")
            ? weights
            : weights.ToDictionary(named => EncoderPrefix + named.Key, named => named.Value);

    // Before anything is built from the configuration: its sizes must be those of the weights, which are no larger than their file.
    private void CheckSizes()
    {
        int layers = _weights.Keys
            .Where(name => name.StartsWith("electra.encoder.layer.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[3])
            .Distinct()
            .Count();
        if (layers != Config.NumHiddenLayers)
        {
            throw new InputException(
                $"{WeightsFile} has the weights of {layers} layers, but {ElectraConfig.FileName} says num_hidden_layers is " +
                $"{Config.NumHiddenLayers}; they do not belong together.");
        }

        CheckShape("electra.embeddings.word_embeddings.weight", Config.VocabSize, Config.EmbeddingSize);
        CheckShape("electra.embeddings.position_embeddings.weight", Config.MaxPositionEmbeddings, Config.EmbeddingSize);
        CheckShape("electra.embeddings.token_type_embeddings.weight", Config.TypeVocabSize, Config.EmbeddingSize);
        for (int i = 0; i < layers; i++)
        {
            CheckShape($"electra.encoder.layer.{i}.attention.self.query.weight", Config.HiddenSize, Config.HiddenSize);
            CheckShape($"electra.encoder.layer.{i}.intermediate.dense.weight", Config.IntermediateSize, Config.HiddenSize);
        }
    }

    private void CheckShape(string name, params long[] shape)
    {
        if (!_weights.TryGetValue(name, out var tensor))
        {
            throw new InputException($"{WeightsFile} lacks {name} {Show(shape)}; it is not the checkpoint of an ELECTRA encoder.");
        }

        if (!tensor.shape.SequenceEqual(shape))
        {
            throw new InputException($"{WeightsFile}: {name} is {Show(tensor.shape)}, but {ElectraConfig.FileName} asks for " +
                $"{Show(shape)}; they do not belong together.");
        }

        if (!tensor.is_floating_point())
        {
            throw new InputException($"{WeightsFile}: {name} has the type {tensor.dtype}; weights must be floating-point numbers.");
        }
    }

    // Copies every parameter of the module; all must be there, and nothing else under the prefix.
    private void Load(nn.Module module, string prefix, Func<Tensor, Tensor>? pieces = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var parameters = module.named_parameters().ToDictionary(named => prefix + named.name, named => named.parameter);
        var missing = parameters.Where(named => !_weights.ContainsKey(named.Key))
            .Select(named => $"{named.Key} {Show(named.Value.shape)}").ToList();
        var unexpected = _weights
            .Where(
                named => named.Key.StartsWith(prefix, StringComparison.Ordinal) && !parameters.ContainsKey(named.Key)
                    && !IsUnused(named.Key))
            .Select(named => $"{named.Key} {Show(named.Value.shape)}").ToList();
        if (missing.Count + unexpected.Count > 0)
        {
            throw new InputException(
                $"{WeightsFile} does not fit {ElectraConfig.FileName}: missing are {ShowList(missing)}; unexpected are " +
                $"{ShowList(unexpected)}. Use the two files of one checkpoint.");
        }

        foreach (var (name, parameter) in parameters)
        {
            bool changed = pieces is not null
                && (name.EndsWith("word_embeddings.weight", StringComparison.Ordinal) || name == "generator_lm_head.bias");
            var weight = changed ? pieces!(_weights[name]) : _weights[name];
            CheckShape(name, [changed ? Config.VocabSize : parameter.shape[0], .. parameter.shape[1..]]);
            parameter.copy_(weight);
        }
    }

    private bool Fits(nn.Module head, string prefix) => head.named_parameters().All(named =>
        _weights.TryGetValue(prefix + named.name, out var tensor) && tensor.shape.SequenceEqual(named.parameter.shape));

    private static string PrefixOf(TaskKind kind) => kind.HeadName + ".";

    // The names of what belongs to a task's head, without the head's.
    private HashSet<string> NamesBelow(TaskKind kind) =>
        [.. _weights.Keys.Where(name => name.StartsWith(PrefixOf(kind), StringComparison.Ordinal))
            .Select(name => name[PrefixOf(kind).Length..])];

    // The head that the weights have for a task, told by the configuration or else by their names.
    private string? OwnHead(TaskKind kind) => Kind != kind ? null : Config.ClassifierHead ?? kind.HeadOf(NamesBelow(kind));

    private int LabelCount() => Config.Labels.Count > 0 ? Config.Labels.Count : OutputsInFile() ?? 2; // Hugging Face's default

    private int? OutputsInFile() => Kind is { } kind
        && (_weights.TryGetValue(PrefixOf(kind) + "out_proj.bias", out var bias)
            || _weights.TryGetValue(PrefixOf(kind) + "bias", out bias)) ? (int)bias.numel() : null;

    private void NoteIgnored(Func<string, bool> used)
    {
        var ignored = _weights.Where(named => !used(named.Key))
            .ToLookup(named => PretrainingHeads.Concat(TaskKinds.All.Select(kind => kind.HeadName)).Contains(named.Key.Split('.')[0]));
        if (ignored[true].Any())
        {
            _notes.Add($"Ignored heads in {WeightsFile}: " +
                $"{string.Join(", ", ignored[true].Select(named => named.Key.Split('.')[0]).Distinct().Order(StringComparer.Ordinal))}.");
        }

        if (ignored[false].Any())
        {
            _notes.Add($"Unknown tensors in {WeightsFile}, ignored: " +
                $"{ShowList([.. ignored[false].Select(named => $"{named.Key} {Show(named.Value.shape)}")])}.");
        }
    }

    // A list of the numbers 0, 1, 2, … in older checkpoints, the word embeddings again under the name of the generator's output layer, and
    // what a task's heads leave unused.
    private bool IsUnused(string name) =>
        name.EndsWith(".position_ids", StringComparison.Ordinal) || name == "generator_lm_head.weight"
        || (Kind is { } kind && OwnHead(kind) is { } head && name.StartsWith(PrefixOf(kind), StringComparison.Ordinal)
            && kind.IsUnused(head, name[PrefixOf(kind).Length..]));

    private static string Show(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string ShowList(List<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
