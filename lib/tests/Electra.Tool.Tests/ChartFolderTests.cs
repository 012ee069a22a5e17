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
        Assert.Equal(Browser.Find() is null ? 0 : 5, files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal)));
        using var other = new TemporaryFolder();
        ChartFolder.Write(other.Path, Records.All.Reverse());
        Assert.All(files,
            file => Assert.Equal(File.ReadAllText(Path.Combine(folder.Path, file)), File.ReadAllText(Path.Combine(other.Path, file))));
        string table = File.ReadAllText(Path.Combine(folder.Path, "comparison.md"));
        Assert.Contains("| fc | both the same | 2 | 0.7500 |", table, StringComparison.Ordinal);
        Assert.Contains("| majority | baseline | 1 |", table, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(folder.Path, "index.html"));
        Assert.Equal(5, page.Split("Plotly.newPlot(\"chart").Length - 1);
        Assert.DoesNotContain("src=\"http", page[..2000], StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ChartFolder.Write(folder.Path, []));
    }
}
