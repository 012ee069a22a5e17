namespace Electra;

/// <summary>How a pre-training is going: one line of its log.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="LearningRate">The learning rate of the last of them.</param>
/// <param name="Loss">Mean loss over the steps since the report before, or since training went on.</param>
/// <param name="GeneratorLoss">The generator's part of it.</param>
/// <param name="DiscriminatorLoss">The discriminator's part of it, before its weight.</param>
/// <param name="TokensPerSecond">Tokens without padding, in training time.</param>
/// <param name="HeldOut">The measurement after this step, or null.</param>
public sealed record PretrainingReport(
    int Step, double LearningRate, double Loss, double GeneratorLoss, double DiscriminatorLoss, double TokensPerSecond, DetectionMetrics? HeldOut);
