namespace Electra.Tool.Commands;

/// <summary>Which of the planned runs is meant: schedulers of clusters number the members of an array.</summary>
internal static class ClusterMember
{
    /// <summary>What the array's number is called by Slurm, by Kubernetes and by AWS Batch.</summary>
    public static IReadOnlyList<string> Variables { get; } =
        ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];

    /// <summary>The number of a run.</summary>
    /// <param name="text">A number from 0, or <c>auto</c>: the one that the scheduler gave.</param>
    /// <param name="members">How many planned runs there are.</param>
    /// <exception cref="InputException">It is neither, no scheduler gave one, or there is no such run.</exception>
    public static int Parse(string text, int members)
    {
        string from = "--member";
        if (text == "auto")
        {
            from = Variables.FirstOrDefault(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
                ?? throw new InputException($"--member is auto, but none of {string.Join(", ", Variables)} is set; start it as a member " +
                    "of an array, or give the number.");
            text = Environment.GetEnvironmentVariable(from)!;
        }

        return int.TryParse(text, out int number) && number >= 0 && number < members
            ? number
            : throw new InputException($"{from} is \"{text}\"; it must be a number from 0 to {members - 1}" +
                $"{(from == "--member" ? ", or auto" : "")}, as electra compare --members counts the planned runs.");
    }
}
