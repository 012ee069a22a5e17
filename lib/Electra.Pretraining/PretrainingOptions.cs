namespace Electra;

/// <summary>
/// How a model is pre-trained. Source of the defaults that are not about size: Clark et al. 2020, table 6 (small).
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Steps of the optimizer; rounded up to a multiple of <see cref="EvaluateEvery"/>.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>Steps between two measurements on held-out texts, at each of which the models are saved.</summary>
    public int EvaluateEvery { get; init; } = 1000;

    /// <summary>Rows a batch (B); with <see cref="SingleTexts"/> a batch has at most as many tokens as so many full rows.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Tokens a row (L); with <see cref="SingleTexts"/> the most that a row may have.</summary>
    public int Length { get; init; } = 128;

    /// <summary>
    /// Whether every row is one text (<see cref="SingleRows"/>) and not packed with texts (<see cref="PackedRows"/>). Packed rows train all
    /// positions and suit texts of any length. Single texts suit short ones: no token has to learn which neighbours belong to it, and rows
    /// look as they do in fine-tuning; but positions beyond the longest text are never trained.
    /// </summary>
    public bool SingleTexts { get; init; }

    /// <summary>Width of the generator as a share of the discriminator's, above 0 and at most 1.</summary>
    public double GeneratorSize { get; init; } = 0.25;

    /// <summary>
    /// Weight of the loss of naming the original tokens from the discriminator's hidden states; 0 is the paper's method, without it.
    /// </summary>
    public double CorrectionWeight { get; init; }

    /// <summary>
    /// Steps at the start in which the discriminator's encoder is a masked language model itself: it reads [MASK] and names what is behind,
    /// and the generator waits. Needs a
    /// <see cref="CorrectionWeight"/>. Source: Clark et al. 2020, section 3.2, two-stage training, whose discriminator starts from a masked
    /// language model since it may else fail to learn at all.
    /// </summary>
    public int MaskedSteps { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Share of the steps in which the learning rate rises.</summary>
    public double WarmupProportion { get; init; } = 0.05;

    /// <summary>Share of the steps, after the rise, in which the learning rate stays at its highest; in the rest it falls to 0.</summary>
    public double HeldProportion { get; init; }

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// Share of hidden values and attention probabilities dropped while pre-training. The paper drops 0.1; a tiny model that sees each text
    /// a few times has nothing to overfit with, and on a CPU the masks cost about 15 % of the time. The saved configuration keeps its own
    /// values, which are for fine-tuning.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>How matrix products are computed; held-out texts are always measured in fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Decides everything random: fresh weights, order, masks, drawn tokens, dropout.</summary>
    public int Seed { get; init; } = 1;

    internal int Evaluations => (int)Math.Ceiling(Steps / (double)EvaluateEvery);

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="InputException">Names the option and what it may be.</exception>
    public void Validate()
    {
        InputException.Require(Steps is >= 1 and <= 100_000_000, "number of steps", Steps, "between 1 and 100000000");
        InputException.Require(EvaluateEvery >= 1, "number of steps between evaluations", EvaluateEvery, "at least 1");
        int evaluations = Evaluations;
        InputException.Require(evaluations <= TrainingOptions.Most, "number of evaluations", evaluations,
            $"at most {TrainingOptions.Most}, so {(Steps + TrainingOptions.Most - 1) / TrainingOptions.Most} steps or more between two");
        ReplacedTokenDetection.CheckGeneratorSize(GeneratorSize);
        InputException.Require(Length is >= 3 and <= 1 << 14, "length", Length, $"between 3 and {1 << 14}");
        InputException.Require(CorrectionWeight >= 0 && double.IsFinite(CorrectionWeight), "correction weight", CorrectionWeight,
            "at least 0 and finite");
        InputException.Require(MaskedSteps >= 0 && (MaskedSteps == 0 || CorrectionWeight > 0), "number of masked steps", MaskedSteps,
            "at least 0, and 0 without a correction weight");
        InputException.Require(HeldProportion >= 0 && HeldProportion + WarmupProportion <= 1, "share of steps at the highest learning rate",
            HeldProportion, "at least 0, and at most 1 with the warm-up");
        InputException.Require(Dropout is >= 0 and < 1, "dropout", Dropout, "at least 0 and below 1");
        Training(evaluations).Validate();
    }

    internal TrainingOptions Training(int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        WarmupProportion = WarmupProportion,
        WeightDecay = WeightDecay,
        Precision = Precision,
        Seed = Seed,
    };
}
