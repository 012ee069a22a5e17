using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// What a token is, where it stands and which text it belongs to: three embeddings added up, then LayerNorm and dropout.
/// Source: transformers, <c>ElectraEmbeddings</c>.
/// </summary>
public sealed class ElectraEmbeddings : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _words;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "token_type_embeddings")]
    private readonly Embedding _types;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    /// <summary>Creates freshly initialised embeddings.</summary>
    public ElectraEmbeddings(ElectraConfig config)
        : base(nameof(ElectraEmbeddings))
    {
        _words = nn.Embedding(config.VocabSize, config.EmbeddingSize, padding_idx: config.PadTokenId);
        _positions = nn.Embedding(config.MaxPositionEmbeddings, config.EmbeddingSize);
        _types = nn.Embedding(config.TypeVocabSize, config.EmbeddingSize);
        _norm = nn.LayerNorm(config.EmbeddingSize, config.LayerNormEps);
        _dropout = new FastDropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    /// <summary>The embedding of each word piece, V × E; the generator's output layer uses it too.</summary>
    public Parameter WordEmbeddings => _words.weight!;

    /// <summary>Embeds tokens.</summary>
    /// <param name="inputIds">B × L, int64.</param>
    /// <param name="tokenTypeIds">B × L, int64, or null for all zeros.</param>
    /// <returns>B × L × E.</returns>
    public override Tensor forward(Tensor inputIds, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        var tokens = inputIds.shape[1];
        var positions = arange(tokens, dtype: ScalarType.Int64, device: inputIds.device); // L
        var words = _words.forward(inputIds); // B × L × E
        var types = _types.forward(tokenTypeIds ?? zeros_like(inputIds)); // B × L × E
        var sum = words + types + _positions.forward(positions); // B × L × E (positions are the same in each row)
        return _dropout.forward(_norm.forward(sum)).MoveToOuterDisposeScope();
    }
}
