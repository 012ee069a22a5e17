using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// The sizes of an ELECTRA model, as in a checkpoint's <c>config.json</c>. Keys that are not listed here are kept and written back.
/// A key that the file lacks has the value that Hugging Face's <c>ElectraConfig</c> gives it.
/// Source: transformers, <c>configuration_electra.py</c>.
/// </summary>
public sealed partial record ElectraConfig
{
    /// <summary>The name of the file in a checkpoint folder.</summary>
    public const string FileName = "config.json";

    private const string ElectraModelType = "electra";

    private static readonly JsonTypeInfo<ElectraConfig> Info =
        JsonFormats.TypeInfo<ElectraConfig>(ConfigJson.Default, JsonFormats.Settings);

    /// <summary>Always <c>electra</c>.</summary>
    public string ModelType { get; init; } = ElectraModelType;

    /// <summary>The Hugging Face class that the weights belong to, such as <c>ElectraForSequenceClassification</c>, or null.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Number of word pieces.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary>E, the size of the embeddings.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>H, the size of the hidden states.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>A, the number of attention heads; H / A is the size of one.</summary>
    public int NumAttentionHeads { get; init; } = 4;

    /// <summary>Size of the layer inside each feed-forward block.</summary>
    public int IntermediateSize { get; init; } = 1024;

    /// <summary>The function inside each feed-forward block: <c>gelu</c>, <c>gelu_new</c> or <c>relu</c>.</summary>
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>Share of hidden values dropped in training.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Share of attention probabilities dropped in training.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Share of values dropped in a classification head; null means <see cref="HiddenDropoutProb"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>The longest row, in tokens.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Number of token types (segments).</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>Standard deviation of freshly initialised weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>The epsilon of every LayerNorm.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Id of [PAD], whose embedding gets no gradient.</summary>
    public int PadTokenId { get; init; }

    /// <summary>How positions enter; only <c>absolute</c> exists here.</summary>
    public string PositionEmbeddingType { get; init; } = "absolute";

    /// <summary>Names of the labels by their number as text, or null when the file has none.</summary>
    [JsonPropertyName("id2label")]
    public IReadOnlyDictionary<string, string>? Id2Label { get; init; }

    /// <summary>Numbers of the labels by their names, or null when the file has none.</summary>
    [JsonPropertyName("label2id")]
    public IReadOnlyDictionary<string, int>? Label2Id { get; init; }

    /// <summary>
    /// The head of this project that the weights belong to (<c>fc</c>, <c>cnn</c>, …); null in checkpoints from elsewhere.
    /// </summary>
    public string? ClassifierHead { get; init; }

    /// <summary>The head's variant, <c>published</c> or <c>mask-aware</c>; null in checkpoints from elsewhere.</summary>
    public string? ClassifierVariant { get; init; }

    /// <summary>Every other key of the file, written back as it was.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>D, the size of one attention head.</summary>
    [JsonIgnore]
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>Share of values that a head drops in training.</summary>
    [JsonIgnore]
    public double HeadDropout => ClassifierDropout ?? HiddenDropoutProb;

    /// <summary>Names of the labels in the order of their numbers; empty when the file has none.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Labels => Id2Label is null ? [] : [.. Enumerable.Range(0, Id2Label.Count).Select(i => Id2Label[$"{i}"])];

    /// <summary>The same sizes with other labels.</summary>
    /// <param name="labels">Names in the order of their numbers.</param>
    public ElectraConfig WithLabels(IReadOnlyList<string> labels) => this with
    {
        Id2Label = labels.Select((label, i) => (label, i)).ToDictionary(x => $"{x.i}", x => x.label),
        Label2Id = labels.Select((label, i) => (label, i)).ToDictionary(x => x.label, x => x.i),
    };

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="path">The file, or a checkpoint folder that has it.</param>
    /// <exception cref="InputException">The file is absent, no JSON object, or describes no ELECTRA model that can be built.</exception>
    public static ElectraConfig Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
        {
            throw new InputException($"{file} does not exist; a checkpoint is a folder with {FileName}, vocab.txt and model.safetensors.");
        }

        try
        {
            using var stream = InputFile.OpenRead(file);
            var config = JsonSerializer.Deserialize(stream, Info) ?? throw new JsonException("it is null");
            config.Validate(file);
            _ = config.ToJson(); // what cannot be written back, half a surrogate pair, is refused now and not after a training
            return config;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            string place = e is JsonException { LineNumber: long line } json
                ? $", line {line + 1}{(json.Path is null or "$" ? "" : $", key {json.Path[2..]}")}"
                : "";
            throw new InputException(
                $"{file}{place} is not a valid ELECTRA configuration; compare it with the {FileName} of a working checkpoint.", e);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes <c>config.json</c> into a folder.</summary>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), ToJson());

    /// <summary>The text of <c>config.json</c>: the same for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Info) + "\n";

    /// <summary>Throws when no model can be built from these values.</summary>
    /// <param name="source">What to name in the error: the file.</param>
    /// <exception cref="InputException">Names the value and what it may be.</exception>
    public void Validate(string source)
    {
        Require(ModelType == ElectraModelType, $"model_type is \"{ModelType}\"", "only \"electra\" checkpoints can be used");
        Require(PositionEmbeddingType == "absolute", $"position_embedding_type is \"{PositionEmbeddingType}\"",
            "only \"absolute\" is supported");
        Require(Activation.Exists(HiddenAct), $"hidden_act is \"{HiddenAct}\"", $"use one of {Activation.Names}");
        RequireRange(VocabSize, 1 << 24, "vocab_size");
        RequireRange(EmbeddingSize, 1 << 16, "embedding_size");
        RequireRange(HiddenSize, 1 << 16, "hidden_size");
        RequireRange(NumHiddenLayers, 1 << 10, "num_hidden_layers");
        RequireRange(NumAttentionHeads, 1 << 12, "num_attention_heads");
        RequireRange(IntermediateSize, 1 << 18, "intermediate_size");
        RequireRange(MaxPositionEmbeddings, 1 << 20, "max_position_embeddings");
        RequireRange(TypeVocabSize, 1 << 10, "type_vocab_size");
        Require(HiddenSize % NumAttentionHeads == 0, $"hidden_size is {HiddenSize} and num_attention_heads {NumAttentionHeads}",
            "the first must be a multiple of the second");
        Require(PadTokenId >= 0 && PadTokenId < VocabSize, $"pad_token_id is {PadTokenId}", "it must be a token of the vocabulary");
        RequireShare(HiddenDropoutProb, "hidden_dropout_prob");
        RequireShare(AttentionProbsDropoutProb, "attention_probs_dropout_prob");
        RequireShare(HeadDropout, "classifier_dropout");
        Require(InitializerRange >= 0 && double.IsFinite(InitializerRange), $"initializer_range is {InitializerRange}",
            "it must not be negative");
        Require(LayerNormEps > 0 && double.IsFinite(LayerNormEps), $"layer_norm_eps is {LayerNormEps}", "it must be positive");
        Require(
            Id2Label is null || Enumerable.Range(0, Id2Label.Count).All(i => Id2Label.GetValueOrDefault($"{i}") is not null),
            "id2label has gaps",
            "its keys must be \"0\", \"1\", … without gaps, and its values names");

        void Require(bool condition, string finding, string remedy) =>
            InputException.ThrowUnless(condition, $"{source}: {finding}; {remedy}.");

        void RequireRange(int value, int largest, string key) =>
            Require(value >= 1 && value <= largest, $"{key} is {value}", $"it must be between 1 and {largest}");

        void RequireShare(double value, string key) =>
            Require(value is >= 0 and < 1, $"{key} is {value}", "it must be at least 0 and below 1");
    }

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(ElectraConfig))]
    private sealed partial class ConfigJson : JsonSerializerContext;
}
