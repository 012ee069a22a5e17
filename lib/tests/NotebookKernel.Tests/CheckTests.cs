using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

public class CheckTests
{
    private static JsonObject Markdown(string text) =>
        new() { ["cell_type"] = "markdown", ["id"] = Guid.NewGuid().ToString()[..8], ["metadata"] = new JsonObject(), ["source"] = text };

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

    private static readonly JsonObject Error = new()
    {
        ["output_type"] = "error",
        ["ename"] = "E",
        ["evalue"] = "",
        ["traceback"] = new JsonArray(),
    };

    private static IReadOnlyList<CheckFinding> Check(params JsonObject[] cells)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("there.png"), "");
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject
                {
                    ["file_extension"] = ".cs",
                    ["mimetype"] = "text/x-csharp",
                    ["name"] = "C#",
                    ["pygments_lexer"] = "csharp",
                },
            },
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
        Markdown("# Title\n\n## One part\n\n[site](https://example.org/home/x), ![picture](there.png \"title\"), [part](#One-part), " +
            "[part](#one-part)\n\n```\n# no heading ![x](nowhere.png)\n```"),
        Code("1 / 2", 1, Stream("0\n/tmp/…\n")),
        Code("throw null;", 2, (JsonObject)Error.DeepClone(), "raises-exception"),
        Code("skipped", null, null, "skip-run"),
        Code("", null)));

    [Theory]
    [InlineData("[x](nowhere.md)", "leads nowhere")]
    [InlineData("![x](images/nowhere.png)", "leads nowhere")]
    [InlineData("<img alt='x' src='nowhere.png'>", "leads nowhere")]
    [InlineData("[x]\n\n[x]: nowhere.md", "leads nowhere")]
    [InlineData("[x](/there.png)", "absolute path")]
    [InlineData("[x](#nowhere)", "no heading")]
    [InlineData("![x](attachment:y.png)", "no attachment")]
    [InlineData("[x]( <nowhere.md>  'title' )", "leads nowhere")]
    [InlineData("[x](nowhere.md (title))", "leads nowhere")]
    [InlineData("[a](there.png) ](] (x [![x](nowhere.md)](there.png)", "leads nowhere")]
    [InlineData("<A class=x\n HREF = \"nowhere.md\">x</A>", "leads nowhere")]
    [InlineData("` `` ` [x](nowhere.md) ``", "leads nowhere")]
    [InlineData("a ` b\n\n[x](nowhere.md) `", "leads nowhere")]
    [InlineData("```\n~~~\n````\n[x](nowhere.md)", "leads nowhere")]
    [InlineData("```one``` [x](nowhere.md)\n```", "leads nowhere")]
    [InlineData("<!-- a --> [x](nowhere.md) -->", "leads nowhere")]
    [InlineData("<!-- [x](nowhere.md)", "leads nowhere")]
    public void Links_and_images_lead_somewhere(string text, string message) => Finds(1, message, Markdown("# T\n\n" + text));

    [Theory]
    [InlineData("<!-- [x](nowhere.md)\n\n -->")]
    [InlineData("`[x](nowhere.md)` and ``a ` [x](nowhere.md)``")]
    [InlineData("a ` b\n~~~\n` [x](nowhere.md) `\n~~~\n")]
    [InlineData("  ````md\n```\n[x](nowhere.md)\n```\n````")]
    [InlineData("~~~\n[x](nowhere.md)")]
    [InlineData("[x](https://example.org/a), <mailto:a@example.org>, [x](), [^1]: nowhere.md")]
    [InlineData("<b href='nowhere.md'>, <a href='nowhere.md'")]
    public void What_is_code_or_a_comment_or_no_link_leads_nowhere_rightly(string text) => Assert.Empty(Check(Markdown("# T\n\n" + text)));

    [Fact]
    public void Links_are_replaced_where_they_are_links_and_nothing_else_changes()
    {
        const string Text = """
            [a](one.md "title") `[a](one.md)` ![b](<one.md>) <!-- [a](one.md) --> [![c](one.md)](two.md#x)
            <img alt="one.md" src='one.md'> one.md ``x`` <A HREF="two.md#x">y</A>

            ```
            [a](one.md)
            ```
              [name]: <one.md> 'title'
            [x](https://example.org)
            """;
        const string Replaced = """
            [a](<one.md> "title") `[a](one.md)` ![b](<<one.md>>) <!-- [a](one.md) --> [![c](<one.md>)](<two.md#x>)
            <img alt="one.md" src='<one.md>'> one.md ``x`` <A HREF="<two.md#x>">y</A>

            ```
            [a](one.md)
            ```
              [name]: <<one.md>> 'title'
            [x](<https://example.org>)
            """;
        var text = new MarkdownText(Text);
        Assert.Equal(Replaced, text.WithLinks(link => $"<{link}>"));
        Assert.Equal(Text, text.WithLinks(link => link));
    }

    [Fact]
    public void Links_lead_to_headings_by_the_names_of_Jupyter_and_of_code_hosting_sites_and_to_anchors()
        => Assert.Empty(Check(
            Markdown("# T\n\n## Why `B × L`? ##\n\n## C#\n\n<a id=\"here\"></a>"),
            Markdown("[a](#Why-B-×-L?) [b](#why-b--l) [c](#C#) [d](#c) [e](#here) [f](#T)")));

    [Fact]
    public void Outputs_are_there_without_errors_and_from_one_run()
    {
        Finds(2, "was not run", Markdown("# T"), Code("1", null));
        Finds(3, "as number 5, not 2", Markdown("# T"), Code("1", 1), Code("1", 5));
        Finds(2, "an error is among", Markdown("# T"), Code("1", 1, (JsonObject)Error.DeepClone()));
        Finds(2, "no error is among", Markdown("# T"), Code("1", 1, null, "raises-exception"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"nonsense\"")]
    public void An_output_type_that_notebooks_do_not_have_is_named(string type)
        => Finds(2, "output 1 is of no type that notebooks have", Markdown("# T"),
            Code("1", 1, new JsonObject { ["output_type"] = JsonNode.Parse(type), ["text"] = "x" }));

    /// <summary>
    /// Each takes many minutes where time grows with the square of the length, and less than a second where it grows with the length.
    /// </summary>
    [Theory]
    [InlineData("<!--", 2_000_000)]
    [InlineData("x <!--", 2_000_000)]
    [InlineData("`", 1_500)]
    [InlineData("``x", 500_000)]
    [InlineData("```\n", 300_001)]
    [InlineData("](", 500_000)]
    [InlineData("](x ", 500_000)]
    [InlineData("](x \"", 500_000)]
    [InlineData("](x                                                  ", 100_000)]
    [InlineData("<a ", 1_000_000)]
    [InlineData("<a href=", 300_000)]
    [InlineData("<a href='", 300_000)]
    [InlineData("<a                              ", 200_000)]
    [InlineData("[x", 500_000)]
    [InlineData("[x]: ", 300_000)]
    [InlineData("# # ", 500_000)]
    [InlineData("\n#  ", 500_000)]
    [InlineData("\n[x]: ", 300_000)]
    [InlineData("[a](#b)\n\n## h\n", 30_000)]
    public async Task The_time_of_a_check_grows_with_the_length_of_the_text_only(string piece, int times)
    {
        string text = piece == "`"
            ? string.Concat(Enumerable.Range(1, times).Select(i => " " + new string('`', i)))
            : string.Concat(Enumerable.Repeat(piece, times));
        await Task.Run(() => Check(Markdown("# T\n\n" + text), Code(text, 1)), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Ids_and_kernel_are_checked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"),
            """{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# T"}, """ +
            """{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ""}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""");
        string language = "the metadata's language_info is not that of C# (name, file_extension, mimetype, pygments_lexer), without " +
            "which editors do not colour the code; 'notebooks run --write' sets it";
        Assert.Equal(["the kernel is not named, not .net-csharp; 'notebooks run --write' names it", language,
            "cells 1, 2 have the same id a; save the notebook again in an editor"],
            NotebookCheck.Check([folder.Path]).Select(f => f.Message));
    }
}
