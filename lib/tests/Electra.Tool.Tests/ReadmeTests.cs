using System.Globalization;

namespace Electra.Tool.Tests;

/// <summary>The tables of accuracies in both READMEs are what the recorded runs say.</summary>
public class ReadmeTests
{
    private static readonly string Root = ProjectFolder.Find()!;

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    public void Its_table_is_the_recorded_comparison(string file)
    {
        var expected = Rows("data/results/recorded").Select(row => (string[])[
            row.Head, row.Variant, $"{row.Runs}", Four(row.Mean), row.Std is { } std ? Four(std) : "", Interval(row),
            row.Parameters > 0 ? row.Parameters.ToString("N0", CultureInfo.InvariantCulture) : ""]).OrderBy(row => string.Join('|', row));
        var found = Cells(file, columns: 7).Where(row => row[0] != "head").OrderBy(row => string.Join('|', row));
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    public void Its_table_of_two_sets_is_what_was_recorded_of_both(string file)
    {
        var (plain, hard) = (OneRowAHead("data/results/recorded"), OneRowAHead("data/results/recorded/hard-reviews"));
        string[][] found = [.. Cells(file, columns: 3)
            .Where(row => plain.ContainsKey(row[0]) && row[1].StartsWith("0.", StringComparison.Ordinal))];
        Assert.Equal(plain.Keys.Where(head => head != "majority").Order(), found.Select(row => row[0]).Order());
        Assert.All(found, row => Assert.Equal([Cell(plain[row[0]]), Cell(hard[row[0]])], row[1..]));

        static string Cell(ComparisonTable.Row row) => $"{Four(row.Mean)} ({Interval(row)})";

        static Dictionary<string, ComparisonTable.Row> OneRowAHead(string folder) =>
            Rows(folder).Where(row => row.Variant != "published").ToDictionary(row => row.Head);
    }

    private static IReadOnlyList<ComparisonTable.Row> Rows(string folder) => ComparisonTable.Of(
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*.json").Select(path => RunRecord.Read(path).AsShown())]).Rows;

    // The cells of a Markdown file's tables of so many columns, without the lines under their headers.
    private static IEnumerable<string[]> Cells(string file, int columns) => File.ReadLines(Path.Combine(Root, file))
        .Where(line => line.StartsWith('|') && !line.Contains("---", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
        .Where(cells => cells.Length == columns);

    private static string Interval(ComparisonTable.Row row) => $"{Four(row.Interval[0])} – {Four(row.Interval[1])}";

    private static string Four(double number) => number.ToString("0.0000", CultureInfo.InvariantCulture);
}
