namespace NotebookKernel;

/// <summary>A cell that starts or has ended.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="Cell">The cell's place in it, from 1.</param>
/// <param name="Cells">How many cells the notebook has.</param>
/// <param name="Time">How long the cell took; null when it starts.</param>
/// <param name="Failure">What went wrong, or null.</param>
public sealed record CellProgress(string Path, int Cell, int Cells, TimeSpan? Time, string? Failure);
