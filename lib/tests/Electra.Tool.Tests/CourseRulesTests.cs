using System.Text.Json.Nodes;
using Electra.Tests;
using NotebookKernel;

namespace Electra.Tool.Tests;

public class CourseRulesTests
{
    private static JsonObject Markdown(string text) =>
        new() { ["cell_type"] = "markdown", ["id"] = "m", ["metadata"] = new JsonObject(), ["source"] = text };

    private static JsonObject Code(string text, string output = "") => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = "c",
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = output }),
        ["source"] = text,
    };

    private static string Write(TemporaryFolder folder, params JsonObject[] cells)
    {
        string path = folder.File("a.ipynb");
        File.WriteAllText(path, new JsonObject
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
        }.ToJsonString());
        return path;
    }

    private static CheckFinding[] Check(params JsonObject[] cells)
    {
        using var folder = new TemporaryFolder();
        return [.. CourseRules.Check(Notebook.Load(Write(folder, cells)))];
    }

    private static void Finds(int? cell, string message, params JsonObject[] cells)
    {
        CheckFinding finding = Assert.Single(Check(cells));
        Assert.Equal(cell, finding.Cell);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_notebook_has_no_findings()
        => Assert.Empty(Check(Markdown("# Title\n\n## One part\n\n```\n# no heading\n```\n\n[site](https://example.org/home/x)"),
            Code("1 / 2", "0\n/tmp/…\n")));

    [Fact]
    public void The_learners_library_is_named_beside_that_of_the_lessons()
    {
        const string Lessons = "#r \"../../lib/bin/Electra.Lessons.dll\"";
        Finds(2, "#r \"../../lib/bin/Electra.dll\" is missing", Markdown("# Title"), Code(Lessons));
        Finds(2, "#r \"../../lib/bin/Electra.dll\" is missing", Markdown("# Title"), Code("#r \"../lib/bin/Electra.dll\"\n" + Lessons));
        Assert.Empty(Check(Markdown("# Title"), Code("#r \"../../lib/bin/Electra.dll\"\n" + Lessons + "\nusing Electra;")));
        Assert.Empty(Check(Markdown("# Title"), Code("#r \"../Other.dll\"")));
    }

    [Fact]
    public async Task Outputs_of_the_other_host_are_not_stored()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, Markdown("# Title"));
        (int code, _, string error) = await ToolProcess.Run("notebooks", "run", "--write", "--interactive", path);
        Assert.Equal(2, code);
        Assert.Contains("leave out --interactive", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_are_those_that_mean_something()
    {
        JsonObject Tagged(params string[] tags)
        {
            JsonObject cell = Code("1");
            cell["metadata"] = new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]) };
            return cell;
        }

        Assert.Empty(Check(Markdown("# Title"), Tagged("trained", "raises-exception", "skip-run")));
        Finds(2, "the tag trainde is none of those", Markdown("# Title"), Tagged("trainde"));
    }

    [Fact]
    public void Headings_form_an_outline_below_one_title()
    {
        Finds(1, "“Part”, is not a title", Markdown("## Part"));
        Finds(2, "is not a title", Markdown("text"), Markdown("# Late"));
        Finds(null, "there is no heading", Markdown("text"));
        Finds(2, "second title", Markdown("# A"), Markdown("# B"));
        Finds(2, "jumps from level 1 to 3", Markdown("# A"), Markdown("### B"));
    }

    [Theory]
    [InlineData("/home/someone/x.txt")]
    [InlineData("in /Users/someone/x")]
    [InlineData("C:\\Users\\x")]
    [InlineData("/tmp/tmpabc123")]
    public void Absolute_paths_are_found_in_text_and_outputs(string path)
    {
        Finds(2, "the text has the absolute path", Markdown("# T"), Code($"var p = @\"{path}\";"));
        Finds(2, "an output has the absolute path", Markdown("# T"), Code("1", path));
    }

    [Theory]
    [InlineData("so $x_i = \\frac{1}{2}$, and\n\n$$p_i = \\exp(x_i)$$\n\nand `$HOME`")]
    [InlineData("$$a$$")]
    [InlineData("```\n$x\n```\n\n$a$")]
    public void Formulas_are_TeX_that_every_site_typesets(string text) => Assert.Empty(Check(Markdown("# T\n\n" + text)));

    [Theory]
    [InlineData("$x", "alone")]
    [InlineData("$$x", "does not end")]
    [InlineData("text\n$$x$$\n\ntext", "no empty line")]
    [InlineData("text\n\n$$x$$\ntext", "no empty line")]
    [InlineData("so $ x $", "blank")]
    [InlineData("so $\\mathrm{a}_b$", "has _,")]
    [InlineData("so $a * b$", "has *,")]
    [InlineData("so $a < b$", "has <,")]
    [InlineData("so $\\{a$", "has \\{,")]
    [InlineData("so $\\sqrt{a$", "another number")]
    public void Formulas_that_some_site_would_spoil_are_found(string text, string message) => Finds(1, message, Markdown("# T\n\n" + text));

    [Fact]
    public void Sizes_are_limited() => Finds(2, "million characters", Markdown("# T"), Code("1", new string('x', 1_100_000)));

    /// <summary>
    /// Takes many minutes where time grows with the square of the length, and less than a second where it grows with the length.
    /// </summary>
    [Theory]
    [InlineData("# # ")]
    [InlineData("\n# ")]
    [InlineData("/tmp")]
    [InlineData("C:\\")]
    [InlineData("$$")]
    [InlineData("$x$ `a")]
    [InlineData("```\n")]
    [InlineData("\n")]
    public async Task The_time_of_a_check_grows_with_the_length_of_the_text_only(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 500_000));
        await Task.Run(() => Check(Markdown("# T\n\n" + text), Code(text, text)), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_command_line_checks_both_what_holds_for_any_notebook_and_what_the_course_asks()
    {
        using var folder = new TemporaryFolder();
        (int code, string output, _) = await ToolProcess.Run("notebooks", "check",
            Write(folder, Markdown("## Part\n\n[x](nowhere.md)")), "--json");
        Assert.Equal(1, code);
        Assert.Equal(2, JsonNode.Parse(output)!["findings"]!.AsArray().Count);
        Assert.Contains("leads nowhere", output, StringComparison.Ordinal);
        Assert.Contains("is not a title", output, StringComparison.Ordinal);
    }
}
