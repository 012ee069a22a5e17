namespace Electra;

/// <summary>
/// Learning rates that rise from 0 in a straight line, stay for a while where that is asked for, and fall to 0 in another. A rate that
/// stays lets a training be gone on with. Sources: transformers, <c>get_linear_schedule_with_warmup</c>; Hu et al. 2024 (MiniCPM), section
/// 4.2, "warmup-stable-decay".
/// </summary>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="WarmupSteps">Steps in which it rises.</param>
/// <param name="TotalSteps">All steps.</param>
/// <param name="HeldSteps">Steps between the rise and the fall.</param>
public sealed record LinearSchedule(double Peak, int WarmupSteps, int TotalSteps, int HeldSteps = 0)
{
    /// <summary>The learning rate that a step uses, counted from 0. The first one is 0 when there is a warm-up.</summary>
    public double At(int step) => step < WarmupSteps
        ? Peak * step / WarmupSteps
        : Peak * Math.Min(1, Math.Max(0, TotalSteps - step) / (double)Math.Max(1, TotalSteps - WarmupSteps - HeldSteps));
}
