using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The ELECTRA encoder: embeddings, a projection where the sizes differ, and the layers. It has no pooler.
/// Source: Clark et al. 2020 (ELECTRA), sections 2 and 3.1; transformers, <c>ElectraModel</c>.
/// </summary>
public sealed class ElectraEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor>
{
    [ComponentName(Name = "embeddings")]
    private readonly ElectraEmbeddings _embeddings;

    [ComponentName(Name = "embeddings_project")]
    private readonly FastLinear? _project;

    [ComponentName(Name = "encoder")]
    private readonly LayerStack _stack;

    /// <summary>Creates a freshly initialised encoder: weights from a normal distribution of <c>initializer_range</c>, biases 0.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="embeddings">Embeddings to share with another encoder, initialised anew; null: own ones.</param>
    /// <exception cref="InputException">The sizes contradict each other.</exception>
    public ElectraEncoder(ElectraConfig config, ElectraEmbeddings? embeddings = null)
        : base(Libtorch.RequiredBy(nameof(ElectraEncoder)))
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate("the configuration");
        Config = config;
        _embeddings = embeddings ?? new ElectraEmbeddings(config);
        _project = config.EmbeddingSize == config.HiddenSize ? null : new FastLinear(config.EmbeddingSize, config.HiddenSize);
        _stack = new LayerStack(config);
        RegisterComponents();
        Initialization.Normal(this, config);
    }

    /// <summary>The sizes.</summary>
    public ElectraConfig Config { get; }

    /// <summary>The embeddings, before the projection.</summary>
    public ElectraEmbeddings Embeddings => _embeddings;

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<ElectraLayer> Layers => _stack.Items;

    /// <summary>Encodes a batch.</summary>
    /// <param name="inputIds">B × L, int64.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding; null for all ones.</param>
    /// <param name="tokenTypeIds">B × L, int64; null for all zeros.</param>
    /// <returns>The last hidden state, B × L × H.</returns>
    /// <exception cref="InputException">L is above <c>max_position_embeddings</c>, or an id is outside the vocabulary.</exception>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        var (hidden, bias) = Enter(inputIds, attentionMask, tokenTypeIds);
        foreach (var layer in Layers)
        {
            hidden = layer.forward(hidden, bias); // B × L × H
        }

        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Encodes a batch and keeps what is on the way.</summary>
    /// <param name="inputIds">B × L, int64.</param>
    /// <param name="attentionMask">B × L, int64, or null.</param>
    /// <param name="tokenTypeIds">B × L, int64, or null.</param>
    /// <param name="hiddenStates">Whether to keep the hidden states.</param>
    /// <param name="attentions">Whether to keep the attention probabilities; attention is then spelled out, which is slower.</param>
    /// <inheritdoc cref="forward" path="/exception"/>
    public EncoderOutput Encode(Tensor inputIds, Tensor? attentionMask = null, Tensor? tokenTypeIds = null,
        bool hiddenStates = false, bool attentions = false)
    {
        using var scope = NewDisposeScope();
        var (hidden, bias) = Enter(inputIds, attentionMask, tokenTypeIds);
        List<Tensor> states = [hidden];
        List<Tensor> probabilities = [];
        foreach (var layer in Layers)
        {
            if (attentions)
            {
                (hidden, var layerProbabilities) = layer.ForwardWithProbabilities(hidden, bias);
                probabilities.Add(layerProbabilities.MoveToOuterDisposeScope());
            }
            else
            {
                hidden = layer.forward(hidden, bias);
            }

            states.Add(hidden);
        }

        return new EncoderOutput(
            hidden.MoveToOuterDisposeScope(),
            hiddenStates ? [.. states.Select(state => state.MoveToOuterDisposeScope())] : [],
            probabilities);
    }

    private (Tensor Hidden, Tensor? Bias) Enter(Tensor inputIds, Tensor? attentionMask, Tensor? tokenTypeIds)
    {
        Check(inputIds, tokenTypeIds);
        var embedded = _embeddings.forward(inputIds, tokenTypeIds); // B × L × E
        var hidden = _project is null ? embedded : MixedPrecision.Full(_project.forward(embedded)); // B × L × H
        if (attentionMask is null)
        {
            return (hidden, null);
        }

        var masked = (1 - attentionMask.to_type(hidden.dtype)).unsqueeze(1).unsqueeze(1); // B × 1 × 1 × L
        return (hidden, masked * float.MinValue);
    }

    private void Check(Tensor inputIds, Tensor? tokenTypeIds)
    {
        if (inputIds.dim() != 2 || inputIds.numel() == 0)
        {
            throw new InputException(
                $"input_ids have the shape [{string.Join(", ", inputIds.shape)}]; give B × L with at least one row and one token.");
        }

        if (inputIds.shape[1] > Config.MaxPositionEmbeddings)
        {
            throw new InputException(
                $"A row of {inputIds.shape[1]} tokens is longer than the encoder's max_position_embeddings, " +
                $"{Config.MaxPositionEmbeddings}; truncate it or cut it into windows.");
        }

        CheckRange(inputIds, Config.VocabSize, "Token id", "a vocabulary");
        if (tokenTypeIds is not null)
        {
            CheckRange(tokenTypeIds, Config.TypeVocabSize, "Token type id", "type ids");
        }
    }

    private static void CheckRange(Tensor ids, int count, string what, string remedy)
    {
        var (low, high) = (ids.min().item<long>(), ids.max().item<long>());
        if (low < 0 || high >= count)
        {
            throw new InputException($"{what} {(low < 0 ? low : high)} is not between 0 and {count - 1}, which is all that the encoder " +
                $"knows; use {remedy} that fit it.");
        }
    }

    // Gives the layers the names that checkpoints have: encoder.layer.0.*
    private sealed class LayerStack : nn.Module
    {
        public readonly ElectraLayer[] Items;

        [ComponentName(Name = "layer")]
        public readonly ModuleList<ElectraLayer> Layers;

        public LayerStack(ElectraConfig config)
            : base(nameof(LayerStack))
        {
            Items = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new ElectraLayer(config))];
            Layers = nn.ModuleList(Items);
            RegisterComponents();
        }
    }
}
