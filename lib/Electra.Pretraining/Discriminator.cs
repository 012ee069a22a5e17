using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The encoder that pre-training is about, with a head that tells of every token whether it was replaced.
/// Source: Clark et al. 2020 (ELECTRA), section 2; transformers, <c>ElectraForPreTraining</c>.
/// </summary>
public sealed class Discriminator : nn.Module<Tensor, Tensor?, Tensor?, Tensor>
{
    [ComponentName(Name = "electra")]
    private readonly ElectraEncoder _encoder;

    [ComponentName(Name = "discriminator_predictions")]
    private readonly Predictions _predictions;

    /// <summary>Creates a freshly initialised discriminator.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="embeddings">The generator's embeddings, to share and initialise anew; null: own ones.</param>
    /// <exception cref="InputException">The sizes contradict each other.</exception>
    public Discriminator(ElectraConfig config, ElectraEmbeddings? embeddings = null)
        : base(nameof(Discriminator))
    {
        _encoder = new ElectraEncoder(config, embeddings);
        _predictions = new Predictions(config);
        RegisterComponents();
        Initialization.Normal(_predictions, config);
    }

    /// <summary>The encoder.</summary>
    public ElectraEncoder Encoder => _encoder;

    /// <summary>Judges every token.</summary>
    /// <param name="inputIds">B × L, int64, some of them replaced.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for padding; null for all ones.</param>
    /// <param name="tokenTypeIds">B × L, int64; null for all zeros.</param>
    /// <returns>B × L: logits, above 0 where a token looks replaced.</returns>
    /// <inheritdoc cref="ElectraEncoder.forward" path="/exception"/>
    public override Tensor forward(Tensor inputIds, Tensor? attentionMask, Tensor? tokenTypeIds)
    {
        using var scope = NewDisposeScope();
        return Judge(_encoder.forward(inputIds, attentionMask, tokenTypeIds)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Makes a fresh head begin with the share of replaced tokens that is to be expected, so that the first steps do not go into learning
    /// that most tokens are original. Source: Lin et al. 2017 (focal loss), section 4.1, "initialization".
    /// </summary>
    /// <param name="replaced">The share, between 0 and 1.</param>
    internal void Expect(double replaced) => _predictions.Expect(replaced);

    /// <summary>The head alone.</summary>
    /// <param name="hidden">B × L × H, from <see cref="Encoder"/>.</param>
    /// <returns>B × L: logits, above 0 where a token looks replaced.</returns>
    public Tensor Judge(Tensor hidden) => _predictions.forward(hidden);

    private sealed class Predictions : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "dense")]
        private readonly FastLinear _dense;

        [ComponentName(Name = "dense_prediction")]
        private readonly Linear _prediction;

        private readonly Func<Tensor, Tensor> _activation;

        public Predictions(ElectraConfig config)
            : base(nameof(Predictions))
        {
            _dense = new FastLinear(config.HiddenSize, config.HiddenSize);
            _prediction = nn.Linear(config.HiddenSize, 1);
            _activation = Activation.Get(config.HiddenAct);
            RegisterComponents();
        }

        public void Expect(double replaced)
        {
            using var grad = no_grad();
            _prediction.bias!.fill_(Math.Log(replaced / (1 - replaced)));
        }

        public override Tensor forward(Tensor hidden)
        {
            var dense = MixedPrecision.Full(_activation(_dense.forward(hidden))); // B × L × H
            return _prediction.forward(dense).squeeze(-1); // B × L
        }
    }
}
