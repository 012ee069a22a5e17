using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// What comes before the output layer of a masked language model: hidden states become vectors to compare with each word embedding.
/// Source: transformers, <c>ElectraGeneratorPredictions</c>.
/// </summary>
internal sealed class TokenPredictions : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    public TokenPredictions(ElectraConfig config)
        : base(nameof(TokenPredictions))
    {
        _norm = nn.LayerNorm(config.EmbeddingSize, config.LayerNormEps);
        _dense = nn.Linear(config.HiddenSize, config.EmbeddingSize);
        RegisterComponents();
    }

    /// <summary>N × H → N × E.</summary>
    public override Tensor forward(Tensor hidden) => _norm.forward(nn.functional.gelu(_dense.forward(hidden))); // N × E
}
