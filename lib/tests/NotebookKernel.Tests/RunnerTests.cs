using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

public class RunnerTests
{
    private static readonly string Notebooks = Path.Combine(AppContext.BaseDirectory, "notebooks");

    private static async Task<NotebookResult> RunAsync(string path, RunOptions? options = null)
    {
        // Whatever a cell does, the run ends: a limit on the whole, beyond those under test.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        return Assert.Single(await NotebookRunner.RunAsync([path], options ?? new(), cancel: limit.Token));
    }

    private static async Task<CellFailure> FailureAsync(string path, RunOptions? options = null) =>
        Assert.Single((await RunAsync(path, options)).Failures);

    private static string Text(NotebookCell cell) =>
        string.Concat(
            cell.Outputs.Select(o => NotebookCell.Text(o["text"]) ?? NotebookCell.Text(o["data"]?["text/plain"]) ?? (string?)o["evalue"]));

    [Fact]
    public async Task The_smoke_notebook_passes_is_stored_and_is_the_same_every_time()
    {
        using var folder = new TemporaryFolder();
        string copy = Path.Combine(AppContext.BaseDirectory, "notebooks", "smoke-copy.ipynb"); // it loads ../Electra.dll
        File.Copy(Path.Combine(Notebooks, "smoke.ipynb"), copy, overwrite: true);
        NotebookResult result = await RunAsync(copy, new() { Write = true });
        Assert.True(result.Failures.Count == 0, string.Join('\n', result.Failures));
        Assert.True(result.Written);
        Assert.Equal(8, result.Cells);

        var notebook = Notebook.Load(copy);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (int?)i),
            notebook.Cells.Where(c => c.IsCode && c.Id != "skipped").Select(c => c.ExecutionCount));
        Assert.Contains("step 5: loss 0.", Text(notebook.Cells.Single(c => c.Id == "train")), StringComparison.Ordinal);
        Assert.Contains("<th>Loss</th>", NotebookCell.Text(notebook.Cells.Single(c => c.Id == "table").Outputs[0]["data"]!["text/html"]),
            StringComparison.Ordinal);
        Assert.Equal("<b>fett &amp; 한국어</b>",
            NotebookCell.Text(notebook.Cells.Single(c => c.Id == "html").Outputs[0]["data"]!["text/html"]));
        Assert.Equal(["stream", "error"], notebook.Cells.Single(c => c.Id == "fails").Outputs.Select(o => (string?)o["output_type"]));
        Assert.Null(notebook.Cells.Single(c => c.Id == "skipped").ExecutionCount);
        Assert.Empty(NotebookCheck.Check([copy]));

        byte[] first = File.ReadAllBytes(copy);
        Assert.False((await RunAsync(copy, new() { Write = true })).Written);
        Assert.Equal(first, File.ReadAllBytes(copy));
        File.Delete(copy);
    }

    [Fact]
    public async Task A_failure_names_the_cell_and_the_learners_line_and_stores_nothing()
    {
        string path = Path.Combine(Notebooks, "failing.ipynb");
        byte[] before = File.ReadAllBytes(path);
        NotebookResult result = await RunAsync(path, new() { Write = true });
        CellFailure failure = Assert.Single(result.Failures);
        Assert.Equal((3, 2), (failure.Cell, failure.ExecutionCount));
        Assert.Contains("Attempted to divide by zero", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cell [2], line 3, in Half()", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, result.Cells);
        Assert.False(result.Written);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Keep_going_runs_the_cells_and_notebooks_after_a_failure()
    {
        using var folder = new TemporaryFolder();
        folder.Notebook("a.ipynb", "nope", "1", "throw new Exception(\"second\");", "2");
        folder.Notebook("b.ipynb", "3");
        IReadOnlyList<NotebookResult> results = await NotebookRunner.RunAsync([folder.Path], new() { KeepGoing = true },
            cancel: TestContext.Current.CancellationToken);
        Assert.Equal([1, 3], results[0].Failures.Select(f => f.Cell));
        Assert.Equal(4, results[0].Cells);
        Assert.Empty(results[1].Failures);
        Assert.Single(await NotebookRunner.RunAsync([folder.Path], new(), cancel: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_notebook_runs_in_its_own_folder_and_process()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("deep"));
        File.WriteAllText(folder.File("deep/data.txt"), "found");
        string path = folder.Notebook("deep/a.ipynb", "System.IO.File.ReadAllText(\"data.txt\")",
            "Console.WriteLine(Environment.ProcessId);", "Console.In.ReadLine() == null");
        await RunAsync(path, new() { Write = true });
        var notebook = Notebook.Load(path);
        Assert.Equal("found", Text(notebook.Cells[0]));
        Assert.NotEqual(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), Text(notebook.Cells[1]).Trim());
        Assert.Equal("True", Text(notebook.Cells[2]));
        Assert.Equal([path], Directory.GetFiles(folder.File("deep"), "*.ipynb*"));
    }

    [Fact]
    public async Task A_cell_that_must_raise_and_does_not_fails()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("nothing was raised", (await FailureAsync(folder.Notebook("a.ipynb", "raises-exception|1"))).Message,
            StringComparison.Ordinal);
        Assert.Empty((await RunAsync(folder.Notebook("b.ipynb", "raises-exception|nope", "1"))).Failures);
    }

    [Fact]
    public async Task Temporary_paths_and_addresses_are_normalised_when_stored()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb", "Console.WriteLine(System.IO.Path.GetTempFileName()); \"at 0x7f00deadbeef, 0x1F\"");
        await RunAsync(path, new() { Write = true });
        Assert.Equal("/tmp/…\nat 0x…, 0x1F", Text(Notebook.Load(path).Cells[0]));
    }

    [Fact]
    public async Task Output_is_attributed_to_the_cell_that_started_the_thread()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook(
            "a.ipynb",
            "var go = new System.Threading.ManualResetEventSlim(); var done = new System.Threading.ManualResetEventSlim();\nnew " +
            "System.Threading.Thread(() => { Console.WriteLine(\"first\"); go.Wait(); Console.WriteLine(\"late\"); done.Set(); }).Start();",
            "go.Set(); done.Wait(); Console.WriteLine(\"second\");");
        await RunAsync(path, new() { Write = true });
        var notebook = Notebook.Load(path);
        Assert.Equal("first\nlate\n", Text(notebook.Cells[0]));
        Assert.Equal("second\n", Text(notebook.Cells[1]));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("while (true) { try { Console.Write('x'); } catch { } }")]
    public async Task A_cell_that_never_ends_is_stopped(string code)
    {
        using var folder = new TemporaryFolder();
        CellFailure failure = await FailureAsync(folder.Notebook("a.ipynb", code, "1"), new() { CellTimeout = TimeSpan.FromSeconds(4) });
        Assert.Equal((1, "The cell was stopped at its time limit of 4 s."), (failure.Cell, failure.Message));
    }

    [Theory]
    [InlineData("Environment.Exit(3);", "exit code 3")]
    [InlineData("int Deep(int n) => Deep(n + 1) + 1;\nDeep(0)", "the stack overflowed")]
    [InlineData("Environment.FailFast(\"last words\");", "last words")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "killed by signal 9")]
    public async Task A_cell_that_ends_its_process_is_named(string code, string why)
    {
        using var folder = new TemporaryFolder();
        CellFailure failure = await FailureAsync(folder.Notebook("a.ipynb", "1", code, "2"));
        Assert.Equal(2, failure.Cell);
        Assert.StartsWith("The cell ended the notebook's process", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A cell that writes a line into the pipe by which its process answers the kernel, and then waits.</summary>
    internal static string WritesIntoThePipe(string csharpString) => $"""
        int handle = int.Parse(Environment.GetCommandLineArgs()[^1]);
        var safe = new Microsoft.Win32.SafeHandles.SafeFileHandle((IntPtr)handle, false);
        var pipe = new System.IO.FileStream(safe, System.IO.FileAccess.Write);
        pipe.Write(Encoding.Latin1.GetBytes({csharpString} + "\n"));
        pipe.Flush();
        await Task.Delay(-1, Cancellation);
        """;

    [Theory]
    [InlineData("\"[]\"")]
    [InlineData("\"{\\\"id\\\": \\\"x\\\"}\"")]
    [InlineData("\"{\\\"id\\\": 99, \\\"reply\\\": {}}\"")]
    [InlineData("\"{\\\"id\\\": 2, \\\"reply\\\": {\\\"ok\\\": \\\"yes\\\"}}\"")]
    [InlineData("\"\\u00ff\\u00fe\\u0000\"")]
    [InlineData("new string('x', 160_000_000)")]
    public async Task A_malformed_line_in_the_workers_pipe_ends_the_worker_with_a_report(string line)
    {
        using var folder = new TemporaryFolder();
        CellFailure failure = await FailureAsync(folder.Notebook("a.ipynb", "1", WritesIntoThePipe(line), "2"),
            new() { CellTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal(2, failure.Cell);
        Assert.StartsWith("The notebook's process sent what is no message of the kernel", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.Diagnostics.Process.Start(\"sleep\", \"45\"); Environment.Exit(3);", "exit code 3")]
    [InlineData("new Microsoft.Win32.SafeHandles.SafeFileHandle((IntPtr)int.Parse(Environment.GetCommandLineArgs()[^1]), " +
        "true).Dispose(); await Task.Delay(-1);", "closed")]
    public async Task A_pipe_that_outlives_its_process_or_closes_before_it_ends_the_cell(string code, string why)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(),
            "Handles of pipes are inherited by a cell's own processes on Unix only, and sleep is a program there.");
        using var folder = new TemporaryFolder();
        CellFailure failure = await FailureAsync(folder.Notebook("a.ipynb", "1", code, "2"),
            new() { CellTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal(2, failure.Cell);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_on_a_background_thread_fails_its_cell_and_the_rest_runs()
    {
        using var folder = new TemporaryFolder();
        NotebookResult result = await RunAsync(
            folder.Notebook("a.ipynb", "var t = new System.Threading.Thread(() =>\n{\n    throw new Exception(\"in the background\");\n});",
                "t.Start(); t.Join();", "3"),
            new() { KeepGoing = true });
        CellFailure failure = Assert.Single(result.Failures);
        Assert.Equal(2, failure.Cell);
        Assert.Contains("cell [1], line 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, result.Cells);
    }

    [Theory]
    [InlineData("var s = new string('a', 1 << 20); for (int i = 0; i < 1024; i++) Console.Write(s);")]
    [InlineData("var o = Console.OpenStandardOutput(); var b = new byte[1 << 20]; Array.Fill(b, (byte)'a'); for (int i = 0; i " +
        "< 1024; i++) o.Write(b);")]
    [InlineData("new string('a', 500_000_000)")]
    public async Task A_gigabyte_of_output_is_cut(string code)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb", code, "1");
        long before = Process.GetCurrentProcess().PeakWorkingSet64;
        Assert.Empty((await RunAsync(path, new() { Write = true })).Failures);
        Assert.InRange(new FileInfo(path).Length, 500, 2_000_000);
        long grown = Process.GetCurrentProcess().PeakWorkingSet64 - before; // may be just below 0: Linux counts pages in batches
        Assert.True(grown <= 300_000_000, $"{grown:N0} bytes more");
        Assert.Matches("cut here|left out", string.Concat(Text(Notebook.Load(path).Cells[0]).TakeLast(120)));
    }

    [Theory]
    [InlineData("var text = new string('x', 1_000_000); for (int i = 0; i < 300; i++) text.Display(\"text/plain\");", 40_000_000,
        60_000_000, "cut here: the cell's outputs")]
    [InlineData("var text = new string('x', 1_000_000); var shown = text.Display(\"text/plain\"); for (int i = 0; i < 100; " +
        "i++) shown.Update(text);", 900_000, 1_100_000, "xxx")]
    public async Task Displays_without_end_are_cut_and_updates_take_no_room(string code, int atLeast, int atMost, string end)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb", code, "1");
        Assert.Empty((await RunAsync(path, new() { Write = true })).Failures);
        Assert.InRange(new FileInfo(path).Length, atLeast, atMost);
        Assert.Contains(end, string.Concat(Text(Notebook.Load(path).Cells[0]).TakeLast(120)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_process()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb",
            "System.IO.File.WriteAllText(\"pid\", Environment.ProcessId.ToString()); await Task.Delay(-1);");
        using var stop = new CancellationTokenSource();
        Task run = NotebookRunner.RunAsync([path], new(), cancel: stop.Token);
        while (!File.Exists(folder.File("pid")) || File.ReadAllText(folder.File("pid")).Length == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Throws<ArgumentException>(
            () =>
                Process.GetProcessById(int.Parse(File.ReadAllText(folder.File("pid")), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Text_from_beside_the_console_is_shown_too()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb",
            "using (var raw = Console.OpenStandardOutput()) raw.Write(Encoding.UTF8.GetBytes(\"native\\n\"));", "await Task.Delay(200);");
        await RunAsync(path, new() { Write = true });
        Assert.Contains("native\n", string.Concat(Notebook.Load(path).Cells.Select(Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_languages_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"),
            """{"cells": [{"cell_type": "code", "metadata": {"polyglot_notebook": {"kernelName": "fsharp"}}, """ +
            """ "outputs": [], "source": "let x = 1"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""");
        Assert.Contains("kernel fsharp", (await FailureAsync(folder.File("a.ipynb"))).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("b.ipynb"),
            """{"cells": [], "metadata": {"kernelspec": {"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}""");
        Assert.Contains("b.ipynb is a notebook in python",
            (await Assert.ThrowsAsync<NotebookException>(() => RunAsync(folder.File("b.ipynb")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_that_do_not_exist_are_refused()
        => await Assert.ThrowsAsync<NotebookException>(
            () => NotebookRunner.RunAsync(["nowhere.ipynb"], new(), cancel: TestContext.Current.CancellationToken));

    [Fact]
    public void Outputs_of_one_stream_are_joined()
    {
        var list = new OutputList();
        foreach (string text in (string[])["a", "b"])
        {
            list.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text });
        }

        Assert.Equal("ab", (string?)Assert.Single(list.ToArray())["text"]);
    }
}
