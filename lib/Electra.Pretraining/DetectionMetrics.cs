using static TorchSharp.torch;

namespace Electra;

/// <summary>How good generator and discriminator are on held-out texts.</summary>
/// <param name="GeneratorLoss">Mean cross-entropy of a guess.</param>
/// <param name="GeneratorAccuracy">Share of hidden tokens that the generator finds most probable.</param>
/// <param name="DiscriminatorLoss">Mean binary cross-entropy of a judgement.</param>
/// <param name="Accuracy">Share of tokens that the discriminator judges rightly.</param>
/// <param name="MajorityRate">Share of original tokens: the accuracy of calling everything original.</param>
/// <param name="Precision">Share of replaced ones among the tokens called replaced; 0 when none was.</param>
/// <param name="Recall">Share of replaced tokens that were called so.</param>
public sealed record DetectionMetrics(
    double GeneratorLoss, double GeneratorAccuracy, double DiscriminatorLoss, double Accuracy, double MajorityRate,
    double Precision, double Recall)
{
    /// <summary>Measures over batches.</summary>
    public static DetectionMetrics Of(IEnumerable<DetectionOutcome> outcomes)
    {
        double hidden = 0, generatorLoss = 0, found = 0;
        double tokens = 0, discriminatorLoss = 0, right = 0, replaced = 0, called = 0, caught = 0;
        foreach (var outcome in outcomes)
        {
            long guesses = outcome.Hidden.numel();
            hidden += guesses;
            generatorLoss += guesses * outcome.GeneratorLoss.item<float>();
            found += Count(outcome.Guesses.argmax(-1).eq(outcome.Hidden));

            var attended = outcome.Attended?.to_type(ScalarType.Bool) ?? ones_like(outcome.Replaced, ScalarType.Bool); // B × L
            var isReplaced = outcome.Replaced.to_type(ScalarType.Bool) & attended;
            var isCalled = outcome.Judgements.gt(0) & attended;
            double count = Count(attended);
            tokens += count;
            discriminatorLoss += count * outcome.DiscriminatorLoss.item<float>();
            right += Count(isReplaced.eq(isCalled) & attended);
            replaced += Count(isReplaced);
            called += Count(isCalled);
            caught += Count(isReplaced & isCalled);
        }

        return new DetectionMetrics(
            generatorLoss / hidden, found / hidden, discriminatorLoss / tokens, right / tokens, 1 - (replaced / tokens),
            caught / Math.Max(1, called), caught / Math.Max(1, replaced));

        static double Count(Tensor truth) => truth.sum().item<long>();
    }
}
