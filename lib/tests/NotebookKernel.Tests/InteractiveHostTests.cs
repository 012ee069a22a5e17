namespace NotebookKernel.Tests;

/// <summary>The real .NET Interactive, as <c>dotnet tool restore</c> installs it; skipped where it is not.</summary>
public sealed class InteractiveHostTests : IDisposable
{
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "interactive"); // below the folder that names the tool

    public InteractiveHostTests() => Directory.CreateDirectory(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void SkipWhereMissing()
    {
        string? missing = InteractiveHost.Missing(_folder);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    private async Task<NotebookResult> RunAsync(params string[] cells)
    {
        SkipWhereMissing();
        using var temporary = new TemporaryFolder();
        string path = Path.Combine(_folder, "a.ipynb");
        File.Copy(temporary.Notebook("a.ipynb", cells), path, overwrite: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var options = new RunOptions { Host = NotebookHost.Interactive, KeepGoing = true };
        return Assert.Single(await NotebookRunner.RunAsync([path], options, cancel: limit.Token));
    }

    private static string[] Shown(NotebookResult result, int cell) => [.. result.Outputs[cell].Select(o => o.ToJsonString())];

    [Fact]
    public async Task Cells_share_state_and_show_what_they_print_display_return_and_throw()
    {
        NotebookResult result = await RunAsync(
            "int x = 3;\nConsole.WriteLine(System.IO.Path.GetFileName(Environment.CurrentDirectory));\nConsole.Error.WriteLine(x);",
            "# Text",
            """display(HTML("<b>한국어 &amp;</b>")); x + 1""",
            "raises-exception|throw new Exception(\"as it should\");",
            "int y = nothing;",
            "x");
        CellFailure failure = Assert.Single(result.Failures);
        Assert.Equal((5, 4), (failure.Cell, failure.ExecutionCount));
        Assert.Contains("The name 'nothing' does not exist", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, result.Cells);
        Assert.Equal(
            [
                """{"output_type":"stream","name":"stdout","text":"interactive\n"}""",
                """{"output_type":"stream","name":"stderr","text":"3\n"}""",
            ],
            Shown(result, 1));
        Assert.Equal(2, result.Outputs[3].Count);
        Assert.Equal("<b>한국어 &amp;</b>", (string?)result.Outputs[3][0]["data"]!["text/html"]);
        Assert.Equal(("execute_result", 2), ((string?)result.Outputs[3][1]["output_type"], (int?)result.Outputs[3][1]["execution_count"]));
        Assert.Contains("4", (string?)result.Outputs[3][1]["data"]!["text/html"], StringComparison.Ordinal); // ours shows numbers as text
        Assert.Contains("as it should", (string?)Assert.Single(result.Outputs[4])["evalue"], StringComparison.Ordinal);
        Assert.Equal("execute_result", (string?)Assert.Single(result.Outputs[6])["output_type"]);
    }

    [Fact]
    public async Task A_cell_that_ends_the_process_is_named()
    {
        NotebookResult result = await RunAsync("1", "System.Diagnostics.Process.GetCurrentProcess().Kill();", "2");
        CellFailure failure = Assert.Single(result.Failures);
        Assert.Equal(2, failure.Cell);
        Assert.StartsWith(".NET Interactive ended (exit code ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, result.Cells);
    }

    [Fact]
    public async Task Who_is_told_of_the_end_sees_it_and_whatever_is_asked_then_is_told_too()
    {
        SkipWhereMissing();
        await using InteractiveHost host = InteractiveHost.Start(_folder);
        const string End = "System.Diagnostics.Process.GetCurrentProcess().Kill();";
        await Assert.ThrowsAsync<WorkerDiedException>(() => host.ExecuteAsync(End, 1, _ => { }));
        Assert.True(((ICellHost)host).HasExited);
        await Assert.ThrowsAsync<WorkerDiedException>(() => host.ExecuteAsync("1", 2, _ => { }));
    }

    [Fact]
    public async Task Hover_signature_help_and_completion_show_the_documentation_of_a_library_that_a_cell_names()
    {
        SkipWhereMissing();
        TestLibrary.Compile(_folder, "Documented", """
            namespace Documented;
            /// <summary>Counts to a hundred.</summary>
            public class Counter
            {
                /// <summary>Begins.</summary>
                /// <param name="first">The number before the first.</param>
                public Counter(int first) { }
            }
            """);
        await using InteractiveHost host = InteractiveHost.Start(_folder);
        Assert.True(await host.ExecuteAsync("#r \"Documented.dll\"\nusing Documented;", 1, _ => { }));
        const string Code = "// 한국어\nvar counter = new Counter(";
        Assert.Contains("Counts to a hundred.", await host.HoverAsync("typeof(Counter)", 10), StringComparison.Ordinal);
        string signature = Assert.Single(await host.SignaturesAsync(Code, Code.Length));
        Assert.Contains("The number before the first.", signature, StringComparison.Ordinal);
        Assert.Contains("Counter", await host.CompletionsAsync("Documented.Co", 13));
        Assert.Equal("", await host.HoverAsync("   ", 1));
    }

    [Fact]
    public void Where_the_tool_is_not_named_the_remedy_is()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("run 'dotnet tool restore' there", InteractiveHost.Missing(folder.Path), StringComparison.Ordinal);
    }
}
