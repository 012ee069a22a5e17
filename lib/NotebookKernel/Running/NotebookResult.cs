using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>What happened to a notebook.</summary>
/// <param name="Path">The file.</param>
/// <param name="Cells">How many cells were run.</param>
/// <param name="Time">How long it took, start of the process included.</param>
/// <param name="Failures">The cells that failed.</param>
/// <param name="Written">Whether the file was changed.</param>
public sealed record NotebookResult(string Path, int Cells, TimeSpan Time, IReadOnlyList<CellFailure> Failures, bool Written)
{
    /// <summary>What the cells that ran gave, by their place in the notebook, without temporary paths and memory addresses.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<JsonObject>> Outputs { get; init; } = new Dictionary<int, IReadOnlyList<JsonObject>>();
}
