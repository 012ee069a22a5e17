using NotebookKernel;

namespace Electra.Lessons.Tests;

[Collection("Checks")]
public class NotebookTests
{
    [Fact]
    public async Task A_notebook_shows_one_of_each_and_the_same_in_a_second_run()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "notebooks", "one-of-each-copy.ipynb"); // it loads ../Electra.Lessons.dll
        File.Copy(Path.Combine(AppContext.BaseDirectory, "notebooks", "one-of-each.ipynb"), path, overwrite: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var result = Assert.Single(await NotebookRunner.RunAsync([path], new() { Write = true }, cancel: limit.Token));
        Assert.True(result.Failures.Count == 0, string.Join('\n', result.Failures));
        Assert.True(result.Written);

        var notebook = Notebook.Load(path);
        string[] Types(string id) =>
            [.. notebook.Cells
                .Single(cell => cell.Id == id).Outputs.SelectMany(output => output["data"]!.AsObject().Select(one => one.Key))];
        Assert.All((string[])["load", "table", "frame", "card", "tokens", "spans"],
            id => Assert.Equal(["text/html", "text/plain"], Types(id)));
        Assert.All((string[])["lines", "attention"],
            id => Assert.Equal(Browser.Find() is null
                ? ["application/vnd.plotly.v1+json", "text/plain"]
                : ["application/vnd.plotly.v1+json", "image/png", "text/plain"], Types(id)));
        var metadata = notebook.Cells.Single(cell => cell.Id == "lines").Outputs.Single()["metadata"]!;
        Assert.Equal(
            Browser.Find() is null
                ? "{}"
                : """{"image/png":{"alt":"손실 (loss). Across: epoch; up: mean loss.","height":420,"width":720},""" +
                    """ "vscode_altText":"손실 (loss). Across: epoch; up: mean loss."}""".TrimStart(),
            metadata.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        string Text(string id) =>
            string.Concat(
                notebook.Cells.Single(cell => cell.Id == id).Outputs.Select(
                    output => NotebookCell.Text(output["text"]) ?? NotebookCell.Text(output["data"]?["text/plain"])));
        Assert.Contains("To do: Exercise 1.", Text("checks"), StringComparison.Ordinal);
        Assert.Contains("1 of 4 exercises are right; still open: Exercise 1, Exercise 3, Exercise 4.", Text("checks"),
            StringComparison.Ordinal);
        Assert.Equal("FSharp.Core in Electra.Lessons.Plotly, Plotly.NET in Electra.Lessons.Plotly", Text("contexts"));
        Assert.Empty(NotebookCheck.Check([path]));

        Assert.False(Assert.Single(await NotebookRunner.RunAsync([path], new() { Write = true }, cancel: limit.Token)).Written);
        File.Delete(path);
    }
}
