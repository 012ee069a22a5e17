using TorchSharp;

namespace Electra.Tool.Commands;

/// <summary>How many runs are trained at the same time.</summary>
internal static class JobCount
{
    private const long Program = 700L << 20; // bytes that a training takes beside its parameters: programs, texts, activations
    private const long Parameter = 6 * sizeof(float); // itself, its gradient, AdamW's two averages, the best weights, a copy in passing

    /// <summary>As many as were asked for, or as the machine bears.</summary>
    /// <param name="asked">What was asked for, or null.</param>
    /// <param name="threads">Threads of each.</param>
    /// <param name="task">What is learnt.</param>
    /// <param name="missing">Runs that are left to make.</param>
    public static int Of(int? asked, int threads, LearningTask task, int missing)
    {
        InputException.Require(asked is null or >= 1, "number of --jobs", asked ?? 0, "at least 1");
        int most = asked ?? (Devices.Best.type == DeviceType.CPU
            ? Math.Min(Environment.ProcessorCount / threads, InMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, task.Encoder.Config))
            : 1);
        return Math.Clamp(most, 1, Math.Max(1, missing));
    }

    /// <summary>How many find room.</summary>
    /// <param name="bytes">The machine's memory.</param>
    /// <param name="config">What each trains.</param>
    internal static int InMemory(long bytes, ElectraConfig config) =>
        (int)Math.Min(int.MaxValue, bytes / (Program + (Parameter * TrainingMemory.Parameters(config))));
}
