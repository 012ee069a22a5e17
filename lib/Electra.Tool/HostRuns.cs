using Electra.Lessons;
using NotebookKernel;

namespace Electra.Tool;

/// <summary>What a run in one host showed.</summary>
/// <param name="Path">The notebook, or the folder whose notebooks' first cell was run.</param>
/// <param name="Host">What ran it.</param>
/// <param name="Did">What was done and how long it took, for a line of a log.</param>
/// <param name="Findings">Failures and differences; empty when all is well.</param>
internal sealed record HostRun(string Path, NotebookHost Host, string Did, IReadOnlyList<string> Findings)
{
    /// <summary>The host, as people call it.</summary>
    public string HostName => Host == NotebookHost.Own ? "the own kernel" : ".NET Interactive";
}

/// <summary>
/// Runs notebooks in both hosts, ours and .NET Interactive, and compares the runs with what is stored and with each other. Two run at a
/// time, each on one thread, so that the numbers do not depend on how a machine's cores share the work.
/// </summary>
internal static class HostRuns
{
    private const int AtATime = 2;
    private const string LibraryLine = "lib/bin/Electra.dll\"";

    private static readonly Dictionary<string, string> OneThread = new() { ["OMP_NUM_THREADS"] = "1", ["OMP_WAIT_POLICY"] = "passive" };

    /// <summary>Runs and compares.</summary>
    /// <param name="paths">Notebooks and folders.</param>
    /// <param name="hosts">What shall run them.</param>
    /// <param name="cellTimeout">The time one cell may take.</param>
    /// <param name="report">Told of each run as it ends, one after another.</param>
    /// <param name="cancel">Ends all runs.</param>
    public static async Task RunAsync(
        IReadOnlyList<string> paths,
        IReadOnlyList<NotebookHost> hosts,
        TimeSpan cellTimeout,
        Action<HostRun> report,
        CancellationToken cancel)
    {
        bool draws = Browser.Find() is not null;
        Notebook[] notebooks = [.. NotebookRunner.Find(paths).Select(Notebook.Load)];
        var first = new Dictionary<string, NotebookResult>(); // the earlier of two runs, until the later one ends
        var reporting = new Lock();

        async Task RunOneAsync(Notebook notebook, NotebookHost host)
        {
            var options = new RunOptions { Host = host, Environment = OneThread, CellTimeout = cellTimeout };
            NotebookResult run = (await NotebookRunner.RunAsync([notebook.Path], options, cancel: cancel))[0];
            lock (reporting)
            {
                List<string> findings = [.. run.Failures.Select(f => $"cell {f.Cell} ([{f.ExecutionCount}]): {f.Message}")];
                findings.AddRange(HostComparison.CompareWithStored(notebook, run, draws).Select(d => $"{At(d)}, as is stored"));
                if (first.Remove(notebook.Path, out NotebookResult? other))
                {
                    findings.AddRange(HostComparison.Compare(notebook, run, other).Select(d => $"{At(d)}, as in the other host"));
                }
                else
                {
                    first[notebook.Path] = run;
                }

                report(new(notebook.Path, host, $"{run.Cells} cells in {run.Time.TotalSeconds:0.0} s", findings));
            }
        }

        async Task AskAsync(Notebook notebook)
        {
            HostRun run = await HintsAsync(notebook);
            lock (reporting)
            {
                report(run);
            }
        }

        var work = notebooks.SelectMany(notebook => hosts.Select(host => (Func<Task>)(() => RunOneAsync(notebook, host)))).ToList();
        if (hosts.Contains(NotebookHost.Interactive))
        {
            work.AddRange(notebooks.Where(n => FirstCell(n)?.Source.Contains(LibraryLine, StringComparison.Ordinal) == true)
                .DistinctBy(n => Path.GetDirectoryName(n.Path)).Select(n => (Func<Task>)(() => AskAsync(n))));
        }

        await Parallel.ForEachAsync(
            work, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (one, _) => await one());
    }

    /// <summary>
    /// Whether .NET Interactive shows the library's documentation in a notebook after its first cell: its editor services read XML files
    /// beside assemblies named by #r only.
    /// </summary>
    private static async Task<HostRun> HintsAsync(Notebook notebook)
    {
        const string Documented = "The usual head: token 0 ([CLS])"; // Electra/Heads/FcHead.cs
        const string Name = "typeof(FcHead)";
        const string Call = "new FcHead(";
        const string Parameter = "C, the number of labels.";
        string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        await using InteractiveHost host = InteractiveHost.Start(folder, OneThread);
        var findings = new List<string>();
        if (!await host.ExecuteAsync(FirstCell(notebook)!.Source, 1, _ => { }))
        {
            findings.Add("the first cell fails");
        }

        string hover = await host.HoverAsync(Name, Name.Length - 2);
        if (!hover.Contains(Documented, StringComparison.Ordinal))
        {
            findings.Add($"the pointer on FcHead shows “{hover}”, without its documentation");
        }

        string signatures = string.Join('\n', await host.SignaturesAsync(Call, Call.Length));
        if (!signatures.Contains(Parameter, StringComparison.Ordinal))
        {
            findings.Add($"signature help on {Call} shows “{signatures}”, without its documentation");
        }

        const string Did = "hover and signature help show what the library's documentation says";
        return new(Path.GetDirectoryName(notebook.Path)!, NotebookHost.Interactive, Did, findings);
    }

    private static NotebookCell? FirstCell(Notebook notebook) => notebook.Cells.FirstOrDefault(c => c.IsCode);

    private static string At(CheckFinding finding) => $"cell {finding.Cell}: {finding.Message}";
}
