using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookKernel;

namespace Electra.Tool;

/// <summary>What this course asks of its notebooks beyond being whole: an outline below one title, modest sizes, nobody's own paths.</summary>
internal static partial class CourseRules
{
    private const int MaxFileBytes = 5_000_000;
    private const int MaxOutputCharacters = 1_000_000;

    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Checks a notebook without running it.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <returns>What breaks a rule, in order; empty when all is well.</returns>
    public static IEnumerable<CheckFinding> Check(Notebook notebook) =>
    [
        .. Size(notebook),
        .. Headings(notebook),
        .. notebook.Cells.SelectMany(cell => Texts(notebook, cell).Select(m => new CheckFinding(notebook.Path, cell.Number, m))),
    ];

    private static IEnumerable<CheckFinding> Size(Notebook notebook)
    {
        if (new FileInfo(notebook.Path).Length is > MaxFileBytes and var bytes)
        {
            yield return new(notebook.Path, null, $"the file has {bytes / 1e6:0.0} MB, more than {MaxFileBytes / 1_000_000}; show less or smaller outputs");
        }
    }

    private static IEnumerable<CheckFinding> Headings(Notebook notebook)
    {
        int level = 0;
        foreach ((NotebookCell cell, Heading heading) in notebook.Cells.SelectMany(c => c.Headings.Select(h => (c, h))))
        {
            if (level == 0 && (heading.Level != 1 || cell.Number != 1))
            {
                yield return new(notebook.Path, cell.Number, $"the first heading, “{heading.Text}”, is not a title (#) in the first cell");
            }
            else if (level > 0 && heading.Level == 1)
            {
                yield return new(notebook.Path, cell.Number, $"“{heading.Text}” is a second title (#); a notebook has one");
            }
            else if (heading.Level > level + 1 && level > 0)
            {
                yield return new(notebook.Path, cell.Number, $"the heading “{heading.Text}” jumps from level {level} to {heading.Level}");
            }

            level = heading.Level;
        }

        if (level == 0)
        {
            yield return new(notebook.Path, null, "there is no heading; begin with a title (#) in the first cell");
        }
    }

    private static IEnumerable<string> Texts(Notebook notebook, NotebookCell cell)
    {
        string own = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        string[] outputs = [.. cell.Outputs.Select(o => o.ToJsonString(Raw))];
        foreach ((string where, string text) in outputs.Select(o => ("an output", o)).Prepend(("the text", cell.Source)))
        {
            if (AbsolutePath().Match(text) is { Success: true } path)
            {
                yield return $"{where} has the absolute path {path.Value}";
            }
            else if (own.Length > 5 && text.Contains(own, StringComparison.Ordinal))
            {
                yield return $"{where} has the absolute path {own}";
            }
        }

        foreach (string output in outputs.Where(o => o.Length > MaxOutputCharacters))
        {
            yield return $"an output has {output.Length / 1e6:0.0} million characters, more than {MaxOutputCharacters / 1_000_000}; show less";
        }
    }

    [GeneratedRegex(@"(?<![\w.:/~])(?:/(?:home|Users|root|tmp|var|private|mnt)/\w[\w./\-]*|[A-Za-z]:\\\\?(?:Users|Temp|Windows|src|dev)\\[\w\\.]*)")]
    private static partial Regex AbsolutePath();
}
