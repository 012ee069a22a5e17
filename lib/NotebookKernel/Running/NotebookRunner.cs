using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>Runs notebooks from top to bottom without an editor, each in a fresh process and from its own folder.</summary>
public static class NotebookRunner
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The notebooks among files and folders, in order; checkpoints left out.</summary>
    /// <param name="paths">Notebook files, and folders that are searched through.</param>
    /// <returns>Paths of .ipynb files.</returns>
    /// <exception cref="NotebookException">A path does not exist, or there is no notebook at all.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        var found = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                found.AddRange(Directory.EnumerateFiles(path, "*.ipynb", SearchOption.AllDirectories)
                    .Where(f => !f.Contains(".ipynb_checkpoints", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            }
            else
            {
                found.Add(File.Exists(path) ? path : throw new NotebookException($"{path}: there is no such notebook or folder."));
            }
        }

        return found.Count > 0 ? found : throw new NotebookException($"There is no notebook in {string.Join(", ", paths)}.");
    }

    /// <summary>Runs notebooks one after another.</summary>
    /// <param name="paths">Notebook files and folders.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told before (no time yet) and after each cell, or null.</param>
    /// <param name="cancel">Ends the run and the running cell's process.</param>
    /// <returns>What happened to each notebook; without <see cref="RunOptions.KeepGoing"/> up to the first that failed.</returns>
    /// <exception cref="NotebookException">A path does not exist, or a file is not a notebook.</exception>
    public static async Task<IReadOnlyList<NotebookResult>> RunAsync(IEnumerable<string> paths, RunOptions options,
        Action<CellProgress>? progress = null, CancellationToken cancel = default)
    {
        var results = new List<NotebookResult>();
        foreach (string path in Find(paths))
        {
            results.Add(await RunAsync(Notebook.Load(path), options, progress, cancel));
            if (results[^1].Failures.Count > 0 && !options.KeepGoing)
            {
                break;
            }
        }

        return results;
    }

    private static async Task<NotebookResult> RunAsync(Notebook notebook, RunOptions options, Action<CellProgress>? progress,
        CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        if ((notebook.Metadata["kernelspec"] as JsonObject)?["language"] is JsonValue language && language.ToString() is var name
            && name is not ("C#" or "csharp"))
        {
            throw new NotebookException($"{notebook.Path} is a notebook in {name}, and only C# is run.");
        }

        NotebookCell[] cells = [.. notebook.Cells.Where(c => c.IsCode && !c.Tags.Contains("skip-run") && c.Source.Trim().Length > 0)];
        var runs = new List<(NotebookCell Cell, int Count, OutputList Outputs, string? Failure)>();
        string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        await using ICellHost worker = options.Host == NotebookHost.Own
            ? Worker.Start(folder, options.Environment)
            : InteractiveHost.Start(folder, options.Environment);
        foreach (NotebookCell cell in cells)
        {
            progress?.Invoke(new(notebook.Path, cell.Number, notebook.Cells.Count, null, null));
            long cellStart = Stopwatch.GetTimestamp();
            int count = runs.Count + 1;
            var outputs = new OutputList();
            string? failure = await RunCellAsync(worker, cell, count, outputs, options, cancel);
            runs.Add((cell, count, outputs, failure));
            progress?.Invoke(new(notebook.Path, cell.Number, notebook.Cells.Count, Stopwatch.GetElapsedTime(cellStart), failure));
            if (failure is not null && (!options.KeepGoing || worker.HasExited))
            {
                break;
            }
        }

        // A thread of an earlier cell may have failed after its cell was done.
        CellFailure[] failures = [.. runs.Select(r => (r.Cell, r.Count, Failure: r.Failure ?? Late(r.Cell, r.Outputs)))
            .Where(r => r.Failure is not null)
            .Select(r => new CellFailure(r.Cell.Number, r.Count, r.Failure!))];
        bool written = false;
        if (options.Write && failures.Length == 0)
        {
            foreach ((NotebookCell cell, int count, OutputList outputs, string? _) in runs)
            {
                cell.SetOutputs(outputs.Normalised());
                cell.ExecutionCount = count;
            }

            notebook.NameKernel();
            written = notebook.IsChanged;
            notebook.Save();
        }

        return new(notebook.Path, runs.Count, Stopwatch.GetElapsedTime(start), failures, written)
        {
            Outputs = runs.ToDictionary(r => r.Cell.Number, r => (IReadOnlyList<JsonObject>)r.Outputs.Normalised()),
        };
    }

    /// <returns>What went wrong, or null.</returns>
    private static async Task<string?> RunCellAsync(
        ICellHost worker, NotebookCell cell, int count, OutputList outputs, RunOptions options, CancellationToken cancel)
    {
        if (cell.Language != "csharp")
        {
            return $"The cell is of the kernel {cell.Language}, and only C# is run; make it a C# or a Markdown cell, or tag it skip-run.";
        }

        Task<bool> run = worker.ExecuteAsync(cell.Source, count, outputs.Add);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        string? overtime = null;
        if (await Task.WhenAny(run, Task.Delay(options.CellTimeout, stop.Token)) != run)
        {
            cancel.ThrowIfCancellationRequested();
            overtime = $"The cell was stopped at its time limit of {options.CellTimeout.TotalSeconds:0.#} s.";
            worker.Interrupt();
            if (await Task.WhenAny(run, Task.Delay(Grace, CancellationToken.None)) != run)
            {
                worker.Kill();
            }
        }

        await stop.CancelAsync();
        bool ok;
        try
        {
            ok = await run;
        }
        catch (WorkerDiedException e)
        {
            return overtime ?? e.Message;
        }

        if (overtime is not null)
        {
            return overtime;
        }

        bool mayFail = cell.Tags.Contains("raises-exception");
        return mayFail && ok ? "The cell is tagged raises-exception, but nothing was raised." : mayFail || ok ? null : Message(outputs);
    }

    private static string? Late(NotebookCell cell, OutputList outputs) => cell.Tags.Contains("raises-exception") ? null : Message(outputs);

    private static string? Message(OutputList outputs)
        => outputs.ToArray().FirstOrDefault(o => (string?)o["output_type"] == "error") is { } error
            ? string.Join('\n',
                (error["traceback"] as JsonArray ?? []).Select(l => (string?)l).Prepend((string?)error["evalue"]).Distinct())
            : null;
}
