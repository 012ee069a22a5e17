using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// A second head on the discriminator's encoder, for pre-training only: it names the token that stood in each of the chosen places before,
/// which says more about these than whether they were replaced.
/// Its output layer is the word embeddings, as the generator's. It is not saved with the models.
/// Source: Meng et al. 2021 (COCO-LM), section 3, corrective language modeling, here without the copy mechanism.
/// </summary>
internal sealed class Corrector : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TokenPredictions _predictions;
    private readonly Parameter _bias;

    public Corrector(ElectraConfig config)
        : base(nameof(Corrector))
    {
        _predictions = new TokenPredictions(config);
        _bias = nn.Parameter(zeros(config.VocabSize));
        RegisterComponents();
        Initialization.Normal(this, config);
    }

    /// <summary>Names tokens.</summary>
    /// <param name="chosen">N × H: the discriminator's hidden states in the chosen places.</param>
    /// <param name="embeddings">V × E.</param>
    /// <returns>N × V.</returns>
    public override Tensor forward(Tensor chosen, Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return MixedPrecision.Full(MixedPrecision.Linear(_predictions.forward(chosen), embeddings, _bias))
            .MoveToOuterDisposeScope(); // N × V
    }
}
