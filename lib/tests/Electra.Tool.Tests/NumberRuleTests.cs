using System.Text.Json.Nodes;
using Electra.Tests;
using NotebookKernel;

namespace Electra.Tool.Tests;

public class NumberRuleTests
{
    [Theory]
    [InlineData("a score of 0.8192, so 82 % of 1,200 reviews, 12.5 per cent", "0.8192 82 1,200 12.5")]
    [InlineData("in 2019 there were 3 of 999; 2000% more, and 10000 rows.", "2000 10000")]
    [InlineData("`1.25` $0.5$ <b class=\"2.5\">1.5</b> [paper](https://a.org/3.25) arXiv:1606.05250 v1.0.2 bf16", "1.5")]
    [InlineData("정확도는 0.85이고 85퍼센트예요", "0.85 85")]
    public void It_looks_at_decimals_percentages_and_counts_from_1000(string text, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', NumberRule.In(text).Select(found => found.Text)));

    [Theory]
    [InlineData("of 0.82 or 81.9 %, once 4,313,857", null)] // rounded, as a share, from the code
    [InlineData("of 0.83", "0.83")]
    [InlineData("of 80 %", "80")]
    [InlineData("of 4,313,858", "4,313,858")]
    [InlineData("listed: 7.5", null)]
    public void A_number_stands_in_an_output_in_the_code_or_in_the_list(string text, string? missing)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("numbers.tsv"), "notebook\tnumber\tsource\na\t7.5\tsomebody\nb\t0.83\tof another notebook\n");
        var findings = NumberRule.Check(Notebook.Load(Write(folder, text))).ToList();
        Assert.Equal(missing is null ? 0 : 1, findings.Count);
        Assert.All(findings, finding => Assert.Contains($"has {missing};", finding.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_list_nothing_is_asked_and_a_list_that_is_none_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var notebook = Notebook.Load(Write(folder, "of 0.83"));
        Assert.Empty(NumberRule.Check(notebook));
        File.WriteAllText(folder.File("numbers.tsv"), "notebook\tnumber\tsource\na\t0.83\n");
        Assert.Contains("numbers.tsv:2", Assert.Throws<InputException>(() => NumberRule.Check(notebook)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_of_the_course_s_list_is_needed()
    {
        string course = Path.Combine(ProjectFolder.Find()!, "notebooks");
        foreach (var (name, number, _) in NumberRule.Read(Path.Combine(course, "numbers.tsv")))
        {
            var texts = Notebook.Load(Path.Combine(course, name + ".ipynb")).Cells.Where(cell => cell.Kind == "markdown");
            Assert.True(texts.Any(cell => NumberRule.In(cell.Source).Any(found => found.Text == number)), $"{name}: {number}");
        }
    }

    private static string Write(TemporaryFolder folder, string text)
    {
        string path = folder.File("a.ipynb");
        File.WriteAllText(path, new JsonObject
        {
            ["cells"] = new JsonArray(
                new JsonObject { ["cell_type"] = "markdown", ["id"] = "m", ["metadata"] = new JsonObject(), ["source"] = text },
                new JsonObject
                {
                    ["cell_type"] = "code",
                    ["execution_count"] = 1,
                    ["id"] = "c",
                    ["metadata"] = new JsonObject(),
                    ["outputs"] = new JsonArray(
                        new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "accuracy 0.8192\n" }),
                    ["source"] = "int parameters = 4313857;",
                }),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
        return path;
    }
}
