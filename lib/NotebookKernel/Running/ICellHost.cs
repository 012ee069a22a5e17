using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>A process that runs one notebook's cells.</summary>
internal interface ICellHost : IAsyncDisposable
{
    bool HasExited { get; }

    /// <summary>Runs a cell; false when it failed. Its outputs come as they appear, in the form of notebook files.</summary>
    /// <exception cref="WorkerDiedException">The process ended under the cell.</exception>
    Task<bool> ExecuteAsync(string code, int count, Action<JsonObject> output);

    /// <summary>Asks the running cell to stop.</summary>
    void Interrupt();

    void Kill();
}
