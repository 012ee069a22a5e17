namespace NotebookKernel;

/// <summary>What happened to a notebook.</summary>
/// <param name="Path">The file.</param>
/// <param name="Cells">How many cells were run.</param>
/// <param name="Time">How long it took, start of the process included.</param>
/// <param name="Failures">The cells that failed.</param>
/// <param name="Written">Whether the file was changed.</param>
public sealed record NotebookResult(string Path, int Cells, TimeSpan Time, IReadOnlyList<CellFailure> Failures, bool Written);
