namespace Electra;

/// <summary>Learning rates that rise from 0 in a straight line and fall to 0 in another. Source: transformers, <c>get_linear_schedule_with_warmup</c>.</summary>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="WarmupSteps">Steps in which it rises.</param>
/// <param name="TotalSteps">All steps.</param>
public sealed record LinearSchedule(double Peak, int WarmupSteps, int TotalSteps)
{
    /// <summary>The learning rate that a step uses, counted from 0. The first one is 0 when there is a warm-up.</summary>
    public double At(int step) => step < WarmupSteps
        ? Peak * step / WarmupSteps
        : Peak * Math.Max(0, TotalSteps - step) / Math.Max(1, TotalSteps - WarmupSteps);
}
