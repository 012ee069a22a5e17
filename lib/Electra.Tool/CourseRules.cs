using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookKernel;

namespace Electra.Tool;

/// <summary>
/// What this course asks of its notebooks beyond being whole: an outline below one title, modest sizes, nobody's own paths, formulas that
/// every site typesets, documentation in every host.
/// </summary>
internal static partial class CourseRules
{
    private const int MaxFileBytes = 1_500_000;
    private const int MaxOutputCharacters = 1_000_000;

    private static readonly string[] Tags = ["raises-exception", "skip-run", HostComparison.Trained];

    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Checks a notebook without running it.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <returns>What breaks a rule, in order; empty when all is well.</returns>
    public static IEnumerable<CheckFinding> Check(Notebook notebook) =>
    [
        .. Size(notebook),
        .. Headings(notebook),
        .. notebook.Cells.SelectMany(cell => Texts(notebook, cell).Concat(Formulas(cell)).Concat(Code(cell))
            .Select(m => new CheckFinding(notebook.Path, cell.Number, m))),
    ];

    private static IEnumerable<CheckFinding> Size(Notebook notebook)
    {
        if (new FileInfo(notebook.Path).Length is > MaxFileBytes and var bytes)
        {
            yield return new(notebook.Path, null,
                $"the file has {bytes / 1e6:0.0} MB, more than {MaxFileBytes / 1e6:0.0}; show less or smaller outputs");
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
            yield return $"an output has {output.Length / 1e6:0.0} million characters, more than " +
                $"{MaxOutputCharacters / 1_000_000}; show less";
        }
    }

    private static IEnumerable<string> Code(NotebookCell cell)
    {
        foreach (string tag in cell.Tags.Except(Tags))
        {
            yield return $"the tag {tag} is none of those that mean something here ({string.Join(", ", Tags)})";
        }

        string folder = LessonsLine().Match(cell.Source) is { Success: true } line ? line.Groups[1].Value : "";
        if (folder.Length > 0 && !cell.Source.Contains($"#r \"{folder}Electra.dll\"", StringComparison.Ordinal))
        {
            yield return $"#r \"{folder}Electra.dll\" is missing beside #r \"{folder}Electra.Lessons.dll\", "
                + "and Polyglot Notebooks shows no documentation of a library that no #r names";
        }
    }

    /// <summary>
    /// Formulas are TeX, <c>$…$</c> in a line and <c>$$…$$</c> between empty lines. Some sites read a formula as Markdown first: what that
    /// would take away or for emphasis is not used.
    /// </summary>
    private static IEnumerable<string> Formulas(NotebookCell cell)
    {
        if (cell.Kind != "markdown")
        {
            yield break;
        }

        string[] blocks = CodeText().Replace(cell.Source, "").Split("$$"); // text, formula, text, …
        if (blocks.Length % 2 == 0)
        {
            yield return "a formula begins with $$ and does not end";
        }

        for (int i = 1; i < blocks.Length - 1; i += 2)
        {
            if (!AtLineEnd().IsMatch(blocks[i - 1]) || !AtLineStart().IsMatch(blocks[i + 1]))
            {
                yield return $"the formula {blocks[i]} has no empty line before or after it, and some sites do not typeset it so";
            }
        }

        foreach (string line in blocks.Where((_, i) => i % 2 == 0).SelectMany(text => text.Split('\n')))
        {
            if (line.Count(c => c == '$') % 2 == 1)
            {
                yield return $"a formula begins or ends with $ alone: {line}";
            }
        }

        string[] inline = [.. blocks.Where((_, i) => i % 2 == 0).SelectMany(text => text.Split('\n'))
            .SelectMany(line => line.Split('$').Where((_, i) => i % 2 == 1))];
        foreach (string formula in inline.Where(
            formula => formula.Length == 0 || char.IsWhiteSpace(formula[0]) || char.IsWhiteSpace(formula[^1])))
        {
            yield return $"the formula {formula} begins or ends with a blank, and some sites do not typeset it so";
        }

        foreach (string formula in blocks.Where((_, i) => i % 2 == 1).Concat(inline))
        {
            if (Delicate().Match(formula) is { Success: true } delicate)
            {
                yield return $"the formula {formula} has {delicate.Value}, which some sites read as Markdown or HTML; write it with a " +
                    "command of letters (\\cdot, \\lt), or a letter before _";
            }
            else if (formula.Count(c => c == '{') != formula.Count(c => c == '}'))
            {
                yield return $"the formula {formula} has another number of {{ than of }}";
            }
        }
    }

    [GeneratedRegex(@"^[ ]{0,3}(```|~~~)[^\n]*\n(?:[^\n]*\n)*?[ ]{0,3}\1[^\n]*$|`[^`\n]+`", RegexOptions.Multiline)]
    private static partial Regex CodeText();

    [GeneratedRegex(@"^#r ""([^""]*/)Electra\.Lessons\.dll""", RegexOptions.Multiline)]
    private static partial Regex LessonsLine();

    [GeneratedRegex(@"(?:^|\n[ \t]*\n)[ \t]*$")]
    private static partial Regex AtLineEnd();

    [GeneratedRegex(@"^[ \t]*(?:\n[ \t]*\n|\n?$)")]
    private static partial Regex AtLineStart();

    [GeneratedRegex(@"(?<![A-Za-z0-9])_|[*<>`]|\\[^A-Za-z]")]
    private static partial Regex Delicate();

    [GeneratedRegex(
        @"(?<![\w.:/~])(?:/(?:home|Users|root|tmp|var|private|mnt)/\w[\w./\-]*|[A-Za-z]:\\\\?(?:Users|Temp|Windows|src|dev)\\[\w\\.]*)")]
    private static partial Regex AbsolutePath();
}
