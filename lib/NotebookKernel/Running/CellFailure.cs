namespace NotebookKernel;

/// <summary>A cell that failed.</summary>
/// <param name="Cell">Its place in the notebook, from 1, Markdown cells counted.</param>
/// <param name="ExecutionCount">The number in brackets beside it, by which error messages name it.</param>
/// <param name="Message">What went wrong; further lines say where.</param>
public sealed record CellFailure(int Cell, int ExecutionCount, string Message);
