using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The masked language model of pre-training: a small encoder that guesses what stood where [MASK] stands. Its output layer is the word
/// embeddings once more ("tied"), so it has only a bias of its own.
/// Source: Clark et al. 2020 (ELECTRA), sections 2 and 3.2; transformers, <c>ElectraForMaskedLM</c>.
/// </summary>
public sealed class Generator : nn.Module<Tensor, Tensor?, Tensor, Tensor>
{
    [ComponentName(Name = "electra")]
    private readonly ElectraEncoder _encoder;

    [ComponentName(Name = "generator_predictions")]
    private readonly TokenPredictions _predictions;

    [ComponentName(Name = "generator_lm_head")]
    private readonly OutputBias _output;

    /// <summary>Creates a freshly initialised generator.</summary>
    /// <exception cref="InputException">The sizes contradict each other.</exception>
    public Generator(ElectraConfig config)
        : base(nameof(Generator))
    {
        _encoder = new ElectraEncoder(config);
        _predictions = new TokenPredictions(config);
        _output = new OutputBias(config);
        RegisterComponents();
        Initialization.Normal(_predictions, config);
    }

    /// <summary>The encoder.</summary>
    public ElectraEncoder Encoder => _encoder;

    /// <summary>Guesses tokens.</summary>
    /// <param name="inputIds">B × L, int64, with [MASK] in some places.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding; null for all ones.</param>
    /// <param name="positions">
    /// N, int64: the places to guess, as row · L + column. The output layer is V wide, so computing it for these only, 15 % of the tokens,
    /// is what keeps the generator cheap.
    /// </param>
    /// <returns>The logits, N × V (word pieces).</returns>
    /// <inheritdoc cref="ElectraEncoder.forward" path="/exception"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.forward(inputIds, attentionMask, null); // B × L × H
        var chosen = hidden.flatten(0, 1).index_select(0, positions); // N × H
        var guess = _predictions.forward(chosen); // N × E
        return MixedPrecision.Full(MixedPrecision.Linear(guess, _encoder.Embeddings.WordEmbeddings, _output.Bias))
            .MoveToOuterDisposeScope(); // N × V
    }

    // Only gives the bias the name that checkpoints have. Its weight is electra.embeddings.word_embeddings.weight and stored under that
    // name alone, as transformers does too.
    private sealed class OutputBias : nn.Module
    {
        [ComponentName(Name = "bias")]
        public readonly Parameter Bias;

        public OutputBias(ElectraConfig config)
            : base(nameof(OutputBias))
        {
            Bias = nn.Parameter(zeros(config.VocabSize));
            RegisterComponents();
        }
    }
}
