using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookKernel;

namespace Electra.Tool;

/// <summary>
/// No number is typed by hand where a cell or a record has it: each decimal, percentage and count from 1,000 in the text of a lesson is
/// printed by a cell of that notebook, stands in its code or in a recorded run, or in the list <c>numbers.tsv</c>, with its source.
/// </summary>
/// <remarks>
/// The list lies beside the lessons and is for their solutions and the Korean edition too: name of the notebook, number, source, with tabs
/// between. Where there is none, the rule is not applied: notebooks of others keep their own rules. Code, formulas, addresses and years are
/// not looked at. A number in the text may be rounded, and a percentage be the share.
/// </remarks>
internal static partial class NumberRule
{
    private const string ListName = "numbers.tsv";
    private const string Header = "notebook\tnumber\tsource";

    /// <summary>Checks the texts of a notebook.</summary>
    /// <exception cref="InputException">The list cannot be read, or a line of it has no three cells.</exception>
    public static IEnumerable<CheckFinding> Check(Notebook notebook)
    {
        if (ListFor(notebook.Path) is not { } list)
        {
            return [];
        }

        string name = Path.GetFileNameWithoutExtension(notebook.Path);
        var listed = Read(list).Where(line => line.Notebook == name).Select(line => Number(line.Number)).ToHashSet();
        var known = new Lazy<double[]>(() => [.. Printed(notebook), .. Recorded(list)]);
        return notebook.Cells.Where(cell => cell.Kind == "markdown").SelectMany(cell => In(cell.Source)
            .Where(found => !listed.Contains(found.Value) && !known.Value.Any(number => Says(found, number)))
            .Select(found => new CheckFinding(notebook.Path, cell.Number,
                $"no output of this notebook and no recorded run has {found.Text}; print it in a cell, or give its source in {ListName}")));
    }

    /// <summary>The lines of a list.</summary>
    /// <exception cref="InputException">It cannot be read, or a line has no three cells.</exception>
    public static IReadOnlyList<(string Notebook, string Number, string Source)> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }

        return lines is [Header, ..]
            ? [.. lines.Skip(1).Select((line, i) => line.Split('\t') is [var notebook, var number, { Length: > 0 } source]
                ? (notebook, number, source)
                : throw new InputException($"{path}:{i + 2} has not three cells, notebook, number and source, with tabs between."))]
            : throw new InputException($"{path}:1 is not \"{Header.Replace("\t", "<tab>", StringComparison.Ordinal)}\".");
    }

    /// <summary>The decimals, percentages and counts from 1,000 of a Markdown text.</summary>
    internal static IEnumerable<(string Text, double Value, int Places, bool IsPercent)> In(string markdown)
    {
        string text = NoText().Replace(markdown, " ");
        return NumberText().Matches(text)
            .Select(match => (match.Groups[1].Value, Percent: match.Groups[2].Success))
            .Where(found => found.Percent || !Year().IsMatch(found.Value))
            .Select(found => (found.Value, Number(found.Value),
                found.Value.Split('.') is [_, var places] ? places.Length : 0, found.Percent));
    }

    // The list of a notebook's folder, or of the course that its edition or solutions belong to.
    private static string? ListFor(string notebook)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(notebook))!;
        return ((string[])["", "..", "../.."]).Select(up => Path.Combine(folder, up, ListName)).FirstOrDefault(File.Exists);
    }

    private static bool Says((string Text, double Value, int Places, bool IsPercent) found, double number)
    {
        double half = 0.5000001 * Math.Pow(10, -found.Places);
        return Math.Abs(number - found.Value) <= half || (found.IsPercent && Math.Abs((100 * number) - found.Value) <= half);
    }

    private static IEnumerable<double> Printed(Notebook notebook) => notebook.Cells.Where(cell => cell.IsCode)
        .SelectMany(cell => cell.Outputs
            .SelectMany(output => ((JsonNode?[])[output["text"], output["data"]?["text/plain"], output["data"]?["text/html"]]))
            .Select(text => NotebookCell.Text(text) ?? "").Prepend(cell.Source))
        .SelectMany(text => AnyNumber().Matches(text)).Select(match => match.Value)
        .Select(text => double.TryParse(
            text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out double number) ? number : double.NaN);

    // Of the project that the list belongs to: scores, intervals, sizes.
    private static IEnumerable<double> Recorded(string list)
    {
        string folder = Path.Combine(Path.GetDirectoryName(list)!, "..", "data", "results", "recorded");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*-*.json", SearchOption.AllDirectories) : [];
        return files.Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "speeds").Select(RunRecord.Read).SelectMany(run =>
            (IEnumerable<double>)[
                run.Metric.Value, .. run.Metric.Interval, run.Data.Train, run.Data.Dev, run.Data.Test,
                run.Data.Soft ?? run.Data.Train,
                run.Parameters,
            ]);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint,
        CultureInfo.InvariantCulture);

    // Code, formulas, addresses, tags of HTML, numbers of preprints.
    [GeneratedRegex(
        @"```.*?```|`[^`]*`|<code>.*?</code>|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<[^>]*>|\b\d{4}\.\d{4,5}\b", RegexOptions.Singleline)]
    private static partial Regex NoText();

    [GeneratedRegex(@"(?<![\w.,/])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+(?=\s?(?:%|per cent|퍼센트))|\d{4,})"
        + @"(?![A-Za-z_/]|\.?\d|,\d{3})(\s?(?:%|per cent|퍼센트))?")]
    private static partial Regex NumberText();

    [GeneratedRegex(@"^(?:19|20)\d\d$")]
    private static partial Regex Year();

    [GeneratedRegex(@"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:[eE]-?\d{1,2})?")]
    private static partial Regex AnyNumber();
}
