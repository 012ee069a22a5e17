using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

public class CheckTests
{
    private static JsonObject Markdown(string text) => new() { ["cell_type"] = "markdown", ["id"] = Guid.NewGuid().ToString()[..8], ["metadata"] = new JsonObject(), ["source"] = text };

    private static JsonObject Code(string text, int? count, JsonObject? output = null, string? tag = null) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = count,
        ["id"] = Guid.NewGuid().ToString()[..8],
        ["metadata"] = tag is null ? new JsonObject() : new JsonObject { ["tags"] = new JsonArray(tag) },
        ["outputs"] = output is null ? new JsonArray() : new JsonArray(output),
        ["source"] = text,
    };

    private static JsonObject Stream(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text };

    private static readonly JsonObject s_error = new() { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "", ["traceback"] = new JsonArray() };

    private static IReadOnlyList<CheckFinding> Check(params JsonObject[] cells)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("there.png"), "");
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(folder.File("a.ipynb"), PythonJson.Write(json));
        return NotebookCheck.Check([folder.Path]);
    }

    private static void Finds(int? cell, string message, params JsonObject[] cells)
    {
        CheckFinding finding = Assert.Single(Check(cells));
        Assert.Equal(cell, finding.Cell);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_notebook_has_no_findings() => Assert.Empty(Check(
        Markdown("# Title\n\n## One part\n\n[site](https://example.org/home/x), ![picture](there.png \"title\"), [part](#One-part), [part](#one-part)\n\n```\n# no heading ![x](nowhere.png)\n```"),
        Code("1 / 2", 1, Stream("0\n/tmp/…\n")),
        Code("throw null;", 2, (JsonObject)s_error.DeepClone(), "raises-exception"),
        Code("skipped", null, null, "skip-run"),
        Code("", null)));

    [Fact]
    public void Headings_form_an_outline_below_one_title()
    {
        Finds(1, "is not a title", Markdown("## Part"));
        Finds(null, "there is no heading", Markdown("text"));
        Finds(2, "second title", Markdown("# A"), Markdown("# B"));
        Finds(2, "jumps from level 1 to 3", Markdown("# A"), Markdown("### B"));
    }

    [Theory]
    [InlineData("[x](nowhere.md)", "leads nowhere")]
    [InlineData("![x](images/nowhere.png)", "leads nowhere")]
    [InlineData("<img alt='x' src='nowhere.png'>", "leads nowhere")]
    [InlineData("[x]\n\n[x]: nowhere.md", "leads nowhere")]
    [InlineData("[x](/there.png)", "absolute path")]
    [InlineData("[x](#nowhere)", "no heading")]
    [InlineData("![x](attachment:y.png)", "no attachment")]
    public void Links_and_images_lead_somewhere(string text, string message) => Finds(1, message, Markdown("# T\n\n" + text));

    [Fact]
    public void Outputs_are_there_without_errors_and_from_one_run()
    {
        Finds(2, "was not run", Markdown("# T"), Code("1", null));
        Finds(3, "as number 5, not 2", Markdown("# T"), Code("1", 1), Code("1", 5));
        Finds(2, "an error is among", Markdown("# T"), Code("1", 1, (JsonObject)s_error.DeepClone()));
        Finds(2, "no error is among", Markdown("# T"), Code("1", 1, null, "raises-exception"));
    }

    [Theory]
    [InlineData("/home/someone/x.txt")]
    [InlineData("in /Users/someone/x")]
    [InlineData("C:\\Users\\x")]
    [InlineData("/tmp/tmpabc123")]
    public void Absolute_paths_are_found_in_text_and_outputs(string path)
    {
        Finds(2, "the text has the absolute path", Markdown("# T"), Code($"var p = @\"{path}\";", 1));
        Finds(2, "an output has the absolute path", Markdown("# T"), Code("1", 1, Stream(path)));
    }

    [Fact]
    public void Sizes_are_limited() => Finds(2, "million characters", Markdown("# T"), Code("1", 1, Stream(new string('x', 1_100_000))));

    [Fact]
    public void Ids_and_kernel_are_checked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"), """{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# T"}, {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ""}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""");
        Assert.Equal(["the kernel is not named, not .net-csharp; 'notebooks run --write' names it", "cells 1, 2 have the same id a; save the notebook again in an editor"], NotebookCheck.Check([folder.Path]).Select(f => f.Message));
    }
}
