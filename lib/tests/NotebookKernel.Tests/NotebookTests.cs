using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;

namespace NotebookKernel.Tests;

public class NotebookTests
{
    private const string Awkward = """
        {"nbformat": 4, "nbformat_minor": 5, "unknown": {"z": 1.50, "a": 1E+3, "big": 12345678901234567890},
          "metadata": {"b": null, "a": [ ]},
          "cells": [{"cell_type": "raw", "id": "r", "metadata": {"format": "x"}, "source": "\u003craw\u003e"},
           {"cell_type": "markdown", "id": "m", "attachments": {"a.png": {"image/png": "AAAA"}}, "metadata": {},
            "source": ["# T\n", "\ud83d\ude00 한국어"]},
           {"cell_type": "code", "id": "c", "execution_count": 3, "metadata": {"tags": ["x"], "vendor": {"k": true}},
            "outputs": [{"output_type": "weird", "y": 2}], "source": []}]}
        """;

    private static readonly string Smoke = Path.Combine(AppContext.BaseDirectory, "notebooks", "smoke.ipynb");

    [Fact]
    public void An_unchanged_notebook_is_written_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"), Awkward);
        var notebook = Notebook.Load(folder.File("a.ipynb"));
        Assert.Equal(Awkward, notebook.ToText());
        notebook.Save();
        Assert.Equal(Encoding.UTF8.GetBytes(Awkward), File.ReadAllBytes(folder.File("a.ipynb")));
    }

    [Fact]
    public void A_changed_notebook_keeps_everything_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"), Awkward);
        var notebook = Notebook.Load(folder.File("a.ipynb"));
        notebook.Cells[2].ExecutionCount = 4;
        notebook.Save();
        string text = File.ReadAllText(folder.File("a.ipynb"));
        JsonNode before = JsonNode.Parse(Awkward)!;
        before["cells"]![2]!["execution_count"] = 4;
        Assert.True(JsonNode.DeepEquals(before, JsonNode.Parse(text)));
        Assert.Contains("\"z\": 1.50", text, StringComparison.Ordinal);
        Assert.Contains("\"big\": 12345678901234567890", text, StringComparison.Ordinal);
        Assert.Contains("😀 한국어", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Jupyters_own_files_keep_their_formatting_when_changed()
    {
        var notebook = Notebook.Load(Smoke);
        notebook.Cells[1].ExecutionCount = 7;
        string expected = ReplaceFirst(File.ReadAllText(Smoke), "\"execution_count\": null", "\"execution_count\": 7");
        Assert.Equal(expected, notebook.ToText());
    }

    private static string ReplaceFirst(string text, string what, string by) =>
        text.IndexOf(what, StringComparison.Ordinal) is var at ? text[..at] + by + text[(at + what.Length)..] : text;

    [Fact]
    public void Json_is_written_as_python_writes_it()
    {
        string python = TestPrograms.Python("json");
        using var folder = new TemporaryFolder();
        const string json =
            """{"a": [], "b": {}, "c": [1, 2.5, true, null, ["x"]], """ +
            """ "d": "\"\\/\b\f\n\r\t\u0001\u007f\u00e9\ud83d\ude00\u2028", "": {"k": {"l": -1}}}""";
        File.WriteAllText(folder.File("in.json"), json);
        (int code, string output) = TestPrograms.Run(python, ["-X", "utf8", "-c", "import json,sys; " +
            "sys.stdout.write(json.dumps(json.load(open('in.json')), indent=1, ensure_ascii=False, separators=(',', ': ')) + '\\n')"],
            folder.Path);
        Assert.Equal(0, code);
        Assert.Equal(output, PythonJson.Write(JsonNode.Parse(json)));
    }

    [Property(MaxTest = 300)]
    public void A_damaged_notebook_is_refused_in_one_sentence_or_read(int cut, byte replacement)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Awkward);
        bytes[Math.Abs(cut % bytes.Length)] = replacement;
        Try(bytes);
        Try(Encoding.UTF8.GetBytes(Awkward)[..Math.Abs(cut % bytes.Length)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"cells\": {}, \"nbformat\": 4}")]
    [InlineData("{\"cells\": [], \"nbformat\": 3}")]
    [InlineData("{\"cells\": [], \"nbformat\": \"4\"}")]
    [InlineData("{\"cells\": [1], \"nbformat\": 4}")]
    [InlineData("{\"cells\": [{}], \"nbformat\": 4}")]
    [InlineData("{\"cells\": [{\"cell_type\": \"code\", \"source\": [1]}], \"nbformat\": 4}")]
    [InlineData("{\"cells\": [], \"cells\": [], \"nbformat\": 4}")]
    [InlineData("{\"cells\": [], \"nbformat\": 4, \"x\": \"\\ud800\"}")]
    [InlineData("\u0000\u0001")]
    public void What_is_no_notebook_is_refused(string text) => Assert.NotNull(Try(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Deep_nesting_is_refused() => Assert.NotNull(Try(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    private static NotebookException? Try(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.ipynb"), bytes);
        try
        {
            _ = Notebook.Load(folder.File("x.ipynb")).ToText();
            return null;
        }
        catch (NotebookException e)
        {
            Assert.Contains("x.ipynb", e.Message, StringComparison.Ordinal);
            return e;
        }
    }
}
