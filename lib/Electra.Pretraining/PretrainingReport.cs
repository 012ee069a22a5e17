using System.Text.Json.Serialization;

namespace Electra;

/// <summary>How a pre-training is going: one line of its log.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="LearningRate">The learning rate of the last of them.</param>
/// <param name="Loss">Mean loss over the steps since the report before, or since training went on.</param>
/// <param name="GeneratorLoss">The generator's part of it; null in the masked steps.</param>
/// <param name="DiscriminatorLoss">The discriminator's part of it, before its weight; null in the masked steps.</param>
/// <param name="TokensPerSecond">Tokens without padding, in training time.</param>
/// <param name="HeldOut">Generator and discriminator on held-out texts after this step; null where they were not measured, and in the
/// masked steps.</param>
/// <param name="CorrectionLoss">Mean cross-entropy of naming a token of the held-out texts after this step; null where it was not measured,
/// or is not trained.</param>
public sealed record PretrainingReport(
    int Step, double LearningRate, double Loss, double? GeneratorLoss, double? DiscriminatorLoss, double TokensPerSecond,
    DetectionMetrics? HeldOut, double? CorrectionLoss)
{
    /// <summary>Whether something was measured on held-out texts.</summary>
    [JsonIgnore]
    public bool IsMeasurement => HeldOut is not null || CorrectionLoss is not null;
}
