using System.Net;
using System.Text.Json.Nodes;
using Electra.Lessons;
using Electra.Tests;
using Electra.Tool.Charts;
using Electra.Tool.Commands;

namespace Electra.Tool.Tests;

public class ChartFolderTests
{
    [Fact]
    public void Charts_that_nobody_says_a_place_for_change_no_file_of_the_project()
    {
        string place = Path.GetRelativePath(Reference.Root, ChartsCommand.DefaultOutput(Reference.Root)).Replace('\\', '/');
        Assert.Contains($"/{place}/", File.ReadLines(Path.Combine(Reference.Root, ".gitignore")));
    }

    [Fact]
    public void Recorded_runs_become_a_table_a_page_and_pictures()
    {
        using var folder = new TemporaryFolder();
        var (files, without) = ChartFolder.Write(folder.Path, Records.All);
        Assert.Equal(files.Order(), Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(Browser.Find() is null, without is not null);
        Assert.Equal(Browser.Find() is null ? 0 : 7, files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal)));
        using var other = new TemporaryFolder();
        ChartFolder.Write(other.Path, Records.All.Reverse());
        Assert.All(files,
            file => Assert.Equal(File.ReadAllText(Path.Combine(folder.Path, file)), File.ReadAllText(Path.Combine(other.Path, file))));
        string table = File.ReadAllText(Path.Combine(folder.Path, "comparison.md"));
        Assert.Contains("| fc | both the same | 2 | 0.7500 |", table, StringComparison.Ordinal);
        Assert.Contains("| majority | baseline | 1 |", table, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(folder.Path, "index.html"));
        Assert.Equal(6 + 3, page.Split("<figure").Length - 1); // of all heads, and a confusion of each
        Assert.Contains("fc", Findings(table), StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(Findings(table)), page, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ChartFolder.Write(folder.Path, []));
    }

    [Fact]
    public void The_chart_of_several_encoders_has_their_names_and_a_line_at_the_best_baseline()
    {
        var trained = Records.All.Where(run => !run.IsBaseline).ToList();
        var other = trained.Select(run => run with { Encoder = run.Encoder! with { Name = "other" } });
        var longer = trained.Select(run => run with { Options = run.Options! with { Epochs = 7 } });
        Assert.Empty(ChartFolder.Encoders(ChartFolder.Comparisons(Records.All)));
        var drawn = Drawn([.. Records.All, .. other]);
        Assert.Equal("reviews: accuracy of each head by encoder, with 95 % intervals", drawn.Title);
        Assert.Equal(["other", "random weights, 2 × 128"], drawn.Encoders);
        Assert.Equal(["majority, baseline", "fc", "cnn, published", "cnn, mask-aware"],
            drawn.Series.Select(series => (string)series!["name"]!));
        Assert.Equal([0.5, 0.5], drawn.Series[0]!["x"]!.AsArray().Select(x => (double)x!)); // two of four rows are right
        Assert.Equal([0.75, 0.75], drawn.Series[1]!["x"]!.AsArray().Select(x => (double)x!));
        Assert.Equal(["other", "reviews, random weights, 2 × 128, 2 epochs", "reviews, random weights, 2 × 128, 7 epochs"],
            Drawn([.. Records.All, .. other, .. longer]).Encoders); // the same name twice would tell nothing

        static (string Title, string[] Encoders, JsonArray Series) Drawn(IReadOnlyList<RunRecord> runs)
        {
            var chart = Assert.Single(ChartFolder.Encoders(ChartFolder.Comparisons(runs))).Chart;
            var json = JsonNode.Parse(chart.Json)!;
            string[] names = [.. json["layout"]!["yaxis"]!["ticktext"]!.AsArray().Select(name => (string)name!)];
            return (chart.Title, names, json["data"]!.AsArray());
        }
    }

    [Theory]
    [InlineData("<!--<script>")]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("]]><img src=x onerror=alert(1)>\n# [a](javascript:alert(1)) | b")]
    public void Names_from_records_are_texts_in_the_page_and_in_the_table_whatever_they_are(string hostile)
    {
        using var folder = new TemporaryFolder();
        var (files, _) = ChartFolder.Write(folder.Path, Records.All.Select(run => run with
        {
            Data = run.Data with { Name = hostile },
            Encoder = run.Encoder is null ? null : run.Encoder with { Name = hostile },
            Head = $"{hostile}{run.Head}",
        }));
        Assert.Equal(Browser.Find() is null ? 2 : 2 + 7, files.Count);
        string page = File.ReadAllText(Path.Combine(folder.Path, "index.html"));
        page = page[page.IndexOf("<body>", StringComparison.Ordinal)..];
        Assert.Equal(3, page.Split("<script").Length - 1); // data, plotly.js, the page's own
        Assert.DoesNotContain("<!--", page[..page.IndexOf("</script>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        var data = JsonNode.Parse(page.Split("id=\"data\">")[1].Split("</script>")[0])!;
        Assert.Equal($"{hostile}cnn", (string?)data["comparisons"]![0]!["rows"]![0]!["head"]);

        string[] lines = File.ReadAllLines(Path.Combine(folder.Path, "comparison.md"));
        Assert.StartsWith("## ", lines[0], StringComparison.Ordinal); // then the answer, and tables: no name begins a line
        Assert.StartsWith("Best: ", lines[2], StringComparison.Ordinal);
        Assert.All(lines[3..], line => Assert.True(line.Length == 0 || line[0] == '|', line));
        Assert.DoesNotMatch(@"(?<!\\)[<>\[\]]", string.Concat(lines));
    }

    // The second paragraph.
    private static string Findings(string markdown) => markdown.Split("\n\n")[1];
}
