using static TorchSharp.torch;

namespace Electra;

/// <summary>What both models made of a batch.</summary>
/// <param name="Loss">What both models learn from: the generator's loss, 50 times the discriminator's, and the weighted
/// correction's.</param>
/// <param name="GeneratorLoss">Mean cross-entropy of the guesses.</param>
/// <param name="DiscriminatorLoss">Mean binary cross-entropy over all tokens that are not padding.</param>
/// <param name="CorrectionLoss">Mean cross-entropy of naming the original tokens; null without a corrector.</param>
/// <param name="Guesses">N × V: the generator's logits for the hidden tokens.</param>
/// <param name="Hidden">N: the tokens that were hidden.</param>
/// <param name="Judgements">B × L: the discriminator's logits, above 0 where a token looks replaced.</param>
/// <param name="Replaced">B × L: 1 where a token was replaced by another, else 0.</param>
/// <param name="Attended">B × L: 1 for a token, 0 for padding; null without padding.</param>
public sealed record DetectionOutcome(
    Tensor Loss, Tensor GeneratorLoss, Tensor DiscriminatorLoss, Tensor? CorrectionLoss, Tensor Guesses, Tensor Hidden, Tensor Judgements,
    Tensor Replaced, Tensor? Attended);
