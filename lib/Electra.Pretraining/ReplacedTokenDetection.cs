using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Pre-training's joint model. Some tokens are hidden; the generator guesses them; its guesses, drawn by chance from its probabilities, go
/// into the text; and the discriminator says of every token whether it is the original. Both learn at once, the generator from its own loss
/// alone: no gradient passes through the drawing. They share their embeddings, and a guess that hits the original counts as original.
/// Source: Clark et al. 2020 (ELECTRA), section 2 (method, loss) and 3.2 (sharing, smaller generators); google-research/electra,
/// <c>run_pretraining.py</c>.
/// </summary>
public sealed class ReplacedTokenDetection : nn.Module
{
    /// <summary>λ, the weight of the discriminator's loss. Source: Clark et al. 2020, section 2 and appendix A.</summary>
    public const double DiscriminatorWeight = 50;

    private const int GeneratorHeadSize = 64;

    [ComponentName(Name = "generator")]
    private readonly Generator _generator;

    [ComponentName(Name = "discriminator")]
    private readonly Discriminator _discriminator;

    [ComponentName(Name = "corrector")]
    private readonly Corrector? _corrector;

    /// <summary>Creates both models, freshly initialised.</summary>
    /// <param name="config">The discriminator's sizes.</param>
    /// <param name="generatorSize">Width of the generator as a share of the discriminator's, see <see cref="GeneratorConfig"/>.</param>
    /// <param name="correctionWeight">Weight of the loss of naming the original tokens, see <see cref="Corrector"/>; 0: as in the paper,
    /// without.</param>
    /// <exception cref="InputException">The sizes contradict each other.</exception>
    public ReplacedTokenDetection(ElectraConfig config, double generatorSize, double correctionWeight = 0)
        : base(nameof(ReplacedTokenDetection))
    {
        _generator = new Generator(GeneratorConfig(config, generatorSize));
        _discriminator = new Discriminator(config, _generator.Encoder.Embeddings);
        _discriminator.Expect(Masking.Share * (1 - Masking.KeptShare)); // before the first guesses that hit
        CorrectionWeight = correctionWeight;
        _corrector = correctionWeight > 0 ? new Corrector(config) : null;
        RegisterComponents();
    }

    /// <summary>Weight of the loss of naming the original tokens; 0: they are not named.</summary>
    public double CorrectionWeight { get; }

    /// <summary>The masked language model.</summary>
    public Generator Generator => _generator;

    /// <summary>The model that pre-training is for.</summary>
    public Discriminator Discriminator => _discriminator;

    /// <summary>
    /// The sizes of the generator: as many layers, narrower, heads of about 64, embeddings of the discriminator's size because they are the
    /// same. Source: Clark et al. 2020, section 3.2 (a quarter to half the size works best); google-research/electra,
    /// <c>get_generator_config</c>.
    /// </summary>
    /// <param name="config">The discriminator's sizes.</param>
    /// <param name="size">Width as a share of the discriminator's, above 0, at most 1.</param>
    /// <exception cref="InputException">The size is out of range.</exception>
    public static ElectraConfig GeneratorConfig(ElectraConfig config, double size)
    {
        CheckGeneratorSize(size);
        int hidden = Math.Max(1, (int)Math.Round(config.HiddenSize * size));
        int heads = Math.Max(1, hidden / GeneratorHeadSize);
        while (hidden % heads > 0)
        {
            heads--;
        }

        return config with { HiddenSize = hidden, NumAttentionHeads = heads, IntermediateSize = 4 * hidden };
    }

    internal static void CheckGeneratorSize(double size)
    {
        if (!(size is > 0 and <= 1))
        {
            throw new InputException($"The generator size is {size}; it must be above 0 and at most 1, best between 0.25 and 0.5.");
        }
    }

    /// <summary>Runs both models over a batch. All tensors of the outcome belong to the dispose scope of the caller.</summary>
    /// <param name="batch">The batch with the tokens to guess.</param>
    /// <param name="padId">Id of [PAD], which is neither attended to nor judged.</param>
    /// <param name="random">Decides what is drawn.</param>
    /// <param name="device">Where the models are.</param>
    /// <exception cref="InputException">The batch does not fit the models.</exception>
    public DetectionOutcome Run(MaskedRows batch, int padId, Random random, Device device)
    {
        var (original, withMasks, positions, hidden, attended) = Tensors(batch, padId, device);
        var guesses = _generator.forward(withMasks, attended, positions); // N × V
        var generatorLoss = nn.functional.cross_entropy(guesses, hidden);

        var drawn = Draw(guesses.detach(), random); // N
        var corrupted = original.flatten().scatter(0, positions, drawn).view_as(original); // B × L
        var replaced = corrupted.ne(original).to_type(ScalarType.Float32); // B × L
        var states = _discriminator.Encoder.forward(corrupted, attended, null); // B × L × H
        var judgements = _discriminator.Judge(states); // B × L
        var judged = attended?.to_type(ScalarType.Float32); // B × L
        var discriminatorLoss = nn.functional.binary_cross_entropy_with_logits(judgements, replaced, weight: judged,
            reduction: nn.Reduction.Sum)
            / (attended is null ? original.numel() : attended.sum());
        var correctionLoss = _corrector is null ? null : CorrectionLoss(_corrector, states, positions, hidden);
        var loss = generatorLoss + (DiscriminatorWeight * discriminatorLoss); // of which each model feels its own
        loss = correctionLoss is null ? loss : loss + (CorrectionWeight * correctionLoss);
        return new DetectionOutcome(loss, generatorLoss, discriminatorLoss, correctionLoss, guesses, hidden,
            judgements, replaced, attended);
    }

    /// <summary>
    /// The discriminator's encoder as a masked language model: it reads the batch with [MASK], and the corrector names what is behind. The
    /// generator and the judgements take no part.
    /// </summary>
    /// <param name="batch">The batch with the tokens to name.</param>
    /// <param name="padId">Id of [PAD], which is not attended to.</param>
    /// <param name="device">Where the models are.</param>
    /// <returns>One number, in the dispose scope of the caller: the mean cross-entropy of naming a token, before its weight.</returns>
    /// <exception cref="InvalidOperationException">The model was created without a correction weight.</exception>
    public Tensor RunMasked(MaskedRows batch, int padId, Device device)
    {
        using var scope = NewDisposeScope();
        var (_, withMasks, positions, hidden, attended) = Tensors(batch, padId, device);
        var states = _discriminator.Encoder.forward(withMasks, attended, null); // B × L × H
        var corrector = _corrector ?? throw new InvalidOperationException("Naming tokens needs a correction weight.");
        return CorrectionLoss(corrector, states, positions, hidden).MoveToOuterDisposeScope();
    }

    private static (Tensor Original, Tensor WithMasks, Tensor Positions, Tensor Hidden, Tensor? Attended) Tensors(MaskedRows batch,
        int padId, Device device)
    {
        long[] shape = [batch.Rows.Rows, batch.Rows.Length];
        var original = tensor(batch.Rows.Ids, shape, device: device); // B × L
        var withMasks = tensor(batch.Ids, shape, device: device); // B × L
        var positions = tensor(batch.Positions, device: device); // N
        var hidden = original.flatten().index_select(0, positions); // N: what stood at these positions
        var attended = batch.Rows.Ids.Contains(padId) ? original.ne(padId).to_type(ScalarType.Int64) : null; // B × L
        return (original, withMasks, positions, hidden, attended);
    }

    private Tensor CorrectionLoss(Corrector corrector, Tensor states, Tensor positions, Tensor hidden)
    {
        var chosen = states.flatten(0, 1).index_select(0, positions); // N × H
        return nn.functional.cross_entropy(corrector.forward(chosen, _discriminator.Encoder.Embeddings.WordEmbeddings), hidden);
    }

    // One token from each row of probabilities. A number drawn evenly between 0 and 1 falls onto a token as often as the token is wide on
    // the line of cumulated probabilities: one random number a row, where Gumbel noise or torch.multinomial would need one for each of the
    // V word pieces.
    internal static Tensor Draw(Tensor logits, Random random)
    {
        using var scope = NewDisposeScope();
        var (rows, vocabulary) = logits.shape;
        var line = logits.softmax(-1).cumsum(-1); // N × V
        float[] numbers = [.. Enumerable.Range(0, (int)rows).Select(_ => random.NextSingle())];
        var points = tensor(numbers, [rows, 1], device: logits.device) * line[.., ^1..]; // N × 1
        // N: how many tokens end before the point
        return searchsorted(line, points, right: true).squeeze(-1).clamp(max: vocabulary - 1).MoveToOuterDisposeScope();
    }
}
