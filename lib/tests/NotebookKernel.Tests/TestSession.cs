using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

/// <summary>A session in this process, and what its cells showed.</summary>
internal sealed class TestSession(string? folder = null)
{
    private readonly Session _session = new(folder ?? AppContext.BaseDirectory);
    private int _count;

    public Session Session => _session;

    public async Task<(bool Ok, JsonObject[] Outputs)> RunAsync(string code, CancellationToken cancel = default)
    {
        var outputs = new OutputList();
        bool ok = await _session.RunAsync(code, new Cell(++_count, outputs.Add, cancel));
        return (ok, outputs.ToArray());
    }

    /// <summary>The text of the cell's result, or null when it showed none.</summary>
    public async Task<string?> ResultAsync(string code, string mime = "text/plain")
    {
        (bool ok, JsonObject[] outputs) = await RunAsync(code, TestContext.Current.CancellationToken);
        Assert.True(ok, string.Join('\n', outputs.Select(o => o.ToJsonString())));
        return (string?)outputs.SingleOrDefault(o => (string?)o["output_type"] == "execute_result")?["data"]![mime];
    }

    public async Task<(string Name, string Message, string[] Lines)> ErrorAsync(string code)
    {
        (bool ok, JsonObject[] outputs) = await RunAsync(code, TestContext.Current.CancellationToken);
        Assert.False(ok);
        JsonObject error = Assert.Single(outputs, o => (string?)o["output_type"] == "error");
        return ((string)error["ename"]!, (string)error["evalue"]!, [.. error["traceback"]!.AsArray().Select(l => (string)l!)]);
    }
}
