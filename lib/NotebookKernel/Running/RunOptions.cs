namespace NotebookKernel;

/// <summary>How notebooks are run.</summary>
public sealed record RunOptions
{
    /// <summary>What runs the cells.</summary>
    public NotebookHost Host { get; init; }

    /// <summary>Environment variables of the notebook's process, besides those of this one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether outputs and execution counts are stored in notebooks that ran without failure.</summary>
    public bool Write { get; init; }

    /// <summary>The time one cell may take.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the cells and notebooks after a failure are run as well.</summary>
    public bool KeepGoing { get; init; }
}
