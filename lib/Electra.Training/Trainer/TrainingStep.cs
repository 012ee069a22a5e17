namespace Electra;

/// <summary>What a trainer tells after each step.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">The step in the whole run, from 0.</param>
/// <param name="TotalSteps">All steps of the run.</param>
/// <param name="Loss">Mean loss of the step's batches, before the step.</param>
/// <param name="LearningRate">The learning rate that the step used.</param>
/// <param name="GradientNorm">2-norm of all gradients before clipping.</param>
/// <param name="Examples">Examples in the step.</param>
public sealed record TrainingStep(int Epoch, int Step, int TotalSteps, double Loss, double LearningRate, double GradientNorm, int Examples);
