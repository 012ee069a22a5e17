namespace NotebookKernel;

/// <summary>The process that ran a cell ended.</summary>
internal sealed class WorkerDiedException(string message) : Exception(message);
