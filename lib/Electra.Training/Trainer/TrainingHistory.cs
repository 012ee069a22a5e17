namespace Electra;

/// <summary>How a training went.</summary>
/// <param name="Epochs">Every finished epoch.</param>
/// <param name="BestEpoch">The epoch whose weights the model has now, from 0; -1 when none was finished.</param>
/// <param name="Cancelled">Whether it was interrupted before its end.</param>
public sealed record TrainingHistory(IReadOnlyList<TrainingEpoch> Epochs, int BestEpoch, bool Cancelled);
