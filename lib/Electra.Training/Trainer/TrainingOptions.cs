using System.Text.Json.Serialization;

namespace Electra;

/// <summary>How a model is trained. The defaults are for fine-tuning a small encoder.</summary>
public sealed record TrainingOptions : IJsonOnDeserializing
{
    /// <summary>The most epochs, examples a batch, and batches a step.</summary>
    public const int Most = 10_000;

    private const int MostTokens = 10_000_000;

    /// <summary>
    /// The number of the present method, raised whenever the same options give other results: runs of two methods never stand in one row.
    /// 0: of epochs that are equally good on dev the earlier was kept; 1: the later is, at whose learning rate the weights have settled;
    /// 2: the BiLSTM heads read unpacked rows, in the precision of the training; 3: in bf16 attention multiplies in bf16 too.
    /// </summary>
    public const int PresentMethod = 3;

    private int _method = PresentMethod;

    /// <summary>How often every training example is seen.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Examples a batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Padded tokens a batch: many short rows or few long ones, instead of <see cref="BatchSize"/>; null: batches of that size.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchTokens { get; init; }

    /// <summary>Batches whose gradients are added up (each divided by their number) before a step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The highest learning rate, reached after the warm-up.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>
    /// What each layer of the encoder has of the learning rate of the one above it, the head having all of it; null: all have the same.
    /// Source: Clark et al. 2020 (ELECTRA), appendix B (0.8).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LayerDecay { get; init; }

    /// <summary>Share of the steps in which the learning rate rises from 0; after them it falls to 0 in a straight line.</summary>
    public double WarmupProportion { get; init; } = 0.1;

    /// <summary>AdamW's weight decay, for all parameters but biases and LayerNorm weights.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Gradients longer than this (their 2-norm over all parameters) are shortened to it.</summary>
    public double MaxGradientNorm { get; init; } = 1.0;

    /// <summary>
    /// Whether an epoch is measured, and kept, with the mean of the weights after each of its steps; the training goes on from the last
    /// ones. The mean lies where the steps, which batches push to and fro, meet. Source: Polyak and Juditsky 1992; Izmailov et al. 2018
    /// (stochastic weight averaging).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Average { get; init; }

    /// <summary>Stop when so many epochs in a row did not improve the dev score; null means never.</summary>
    public int? Patience { get; init; }

    /// <summary>How matrix products are computed in training steps; scores on dev and test rows are always computed in fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Decides everything random: fresh weights, the order of the examples, dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The method that the results come from, see <see cref="PresentMethod"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Method
    {
        get => _method;
        init => _method = value;
    }

    /// <summary>
    /// Threads that libtorch computes with, which change the rounding, as another machine does; null: as many as it takes by itself.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Threads { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="InputException">Names the option and what it may be.</exception>
    public void Validate()
    {
        InputException.Require(Epochs is >= 1 and <= Most, "number of epochs", Epochs, $"between 1 and {Most}");
        InputException.Require(BatchSize is >= 1 and <= Most, "batch size", BatchSize, $"between 1 and {Most}");
        InputException.Require(BatchTokens is null or (>= 1 and <= MostTokens), "number of tokens a batch", BatchTokens ?? 0,
            $"between 1 and {MostTokens}");
        InputException.Require(Accumulation is >= 1 and <= Most, "accumulation", Accumulation, $"between 1 and {Most}");
        InputException.Require(LearningRate > 0 && double.IsFinite(LearningRate), "learning rate", LearningRate, "above 0 and finite");
        InputException.Require(LayerDecay is null or (> 0 and <= 1), "layer-wise decay of the learning rate", LayerDecay ?? 0,
            "above 0 and at most 1");
        InputException.Require(WarmupProportion is >= 0 and <= 1, "warm-up proportion", WarmupProportion, "between 0 and 1");
        InputException.Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight decay", WeightDecay, "at least 0 and finite");
        InputException.Require(MaxGradientNorm > 0 && double.IsFinite(MaxGradientNorm), "largest gradient norm",
            MaxGradientNorm, "above 0 and finite");
        InputException.Require(Patience is null or >= 1, "patience", Patience ?? 0, "at least 1");
        InputException.Require(Method is >= 0 and <= PresentMethod, "method", Method, $"between 0 and {PresentMethod}");
        InputException.Require(Threads is null or (>= 1 and <= Most), "number of threads", Threads ?? 0, $"between 1 and {Most}");
    }

    // What is read was made by the method that it names, and by the first where it names none.
    void IJsonOnDeserializing.OnDeserializing() => _method = 0;
}
