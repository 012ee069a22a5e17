namespace Electra;

/// <summary>What an epoch brought.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">Mean loss over its steps.</param>
/// <param name="DevScore">The score on the dev split after it, greater is better; null where nothing is evaluated.</param>
/// <param name="Seconds">Seconds of training, without the evaluation.</param>
public sealed record TrainingEpoch(int Epoch, double Loss, double? DevScore, double Seconds);
