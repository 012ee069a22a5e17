using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel;

/// <summary>Whether notebooks are whole: kernel, ids, links, and outputs of one run from top to bottom.</summary>
public static partial class NotebookCheck
{
    private const int MaxFileBytes = 1_500_000;

    private static readonly string[] OutputTypes = ["stream", "display_data", "execute_result", "error"];

    /// <summary>Checks notebooks without running them.</summary>
    /// <param name="paths">Notebook files and folders.</param>
    /// <returns>What breaks a rule, in order; empty when all is well.</returns>
    /// <exception cref="NotebookException">A path does not exist, or a file is not a notebook.</exception>
    public static IReadOnlyList<CheckFinding> Check(IEnumerable<string> paths) =>
        [.. NotebookRunner.Find(paths).SelectMany(p => Check(Notebook.Load(p)))];

    /// <summary>Checks a notebook without running it.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <returns>What breaks a rule, in order; empty when all is well.</returns>
    public static IReadOnlyList<CheckFinding> Check(Notebook notebook)
    {
        HashSet<string> anchors = Anchors(notebook);
        return
        [
            .. Whole(notebook).Select(m => new CheckFinding(notebook.Path, null, m)),
            .. notebook.Cells.SelectMany(
                cell => Links(notebook, cell, anchors).Concat(Outputs(cell)).Select(m => new CheckFinding(notebook.Path, cell.Number, m))),
            .. Counts(notebook),
        ];
    }

    private static IEnumerable<string> Whole(Notebook notebook)
    {
        string? kernel = (notebook.Metadata["kernelspec"] as JsonObject)?["name"]?.ToString();
        if (kernel != KernelSpec.Name)
        {
            yield return $"the kernel is {kernel ?? "not named"}, not {KernelSpec.Name}; 'notebooks run --write' names it";
        }

        if (!notebook.IsCSharp)
        {
            yield return "the metadata's language_info is not that of C# (name, file_extension, mimetype, pygments_lexer), without " +
                "which editors do not colour the code; 'notebooks run --write' sets it";
        }

        if (new FileInfo(notebook.Path).Length is > MaxFileBytes and var bytes)
        {
            yield return $"the file has {bytes / 1e6:0.0} MB, more than {MaxFileBytes / 1e6:0.0}; show less or smaller outputs";
        }

        foreach (IGrouping<string?, NotebookCell> same in notebook.Cells.GroupBy(c => c.Id).Where(g => g.Key is null || g.Count() > 1))
        {
            yield return $"cells {string.Join(", ", same.Select(c => c.Number))} " +
                $"{(same.Key is null ? "have no id" : $"have the same id {same.Key}")}; save the notebook again in an editor";
        }
    }

    private static IEnumerable<string> Links(Notebook notebook, NotebookCell cell, HashSet<string> anchors)
    {
        if (cell.Kind != "markdown")
        {
            yield break;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        HashSet<string> attachments = [.. cell.Attachments];
        foreach (string link in cell.Markdown.Links)
        {
            string target = Uri.UnescapeDataString(link.Split('#', 2)[0]);
            if (Scheme().IsMatch(link))
            {
                continue; // another site
            }

            if (link.StartsWith("attachment:", StringComparison.Ordinal))
            {
                if (!attachments.Contains(Uri.UnescapeDataString(link["attachment:".Length..])))
                {
                    yield return $"the cell has no attachment for {link}";
                }
            }
            else if (target.Length == 0)
            {
                if (!anchors.Contains(Uri.UnescapeDataString(link[1..])))
                {
                    yield return $"no heading belongs to the link {link}";
                }
            }
            else if (Path.IsPathRooted(target))
            {
                yield return $"the link {link} is an absolute path";
            }
            else if (!Path.Exists(Path.Combine(folder, target)))
            {
                yield return $"the link {link} leads nowhere";
            }
        }
    }

    /// <summary>
    /// What headings are called in links: by Jupyter (spaces become hyphens) and by code-hosting sites (lower case, no punctuation).
    /// </summary>
    private static HashSet<string> Anchors(Notebook notebook)
    {
        var anchors = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == "markdown"))
        {
            anchors.UnionWith(
                cell.Headings.SelectMany(h => (string[])[h.Text.Replace(' ', '-'), Punctuation().Replace(h.Text, "").Replace(' ', '-')]));
            anchors.UnionWith(cell.Markdown.Anchors);
        }

        return anchors;
    }

    private static IEnumerable<string> Outputs(NotebookCell cell)
    {
        string?[] types = [.. cell.Outputs.Select(o => NotebookCell.Text(o["output_type"]))];
        for (int i = 0; i < types.Length; i++)
        {
            if (!OutputTypes.Contains(types[i]))
            {
                yield return $"output {i + 1} is of no type that notebooks have (output_type is one of " +
                    $"{string.Join(", ", OutputTypes)}); run the notebook again";
            }
        }

        bool mayFail = cell.Tags.Contains("raises-exception");
        bool failed = types.Contains("error");
        if (failed && !mayFail)
        {
            yield return "an error is among the outputs; correct the cell, or tag it raises-exception";
        }
        else if (!failed && mayFail && cell.ExecutionCount is not null)
        {
            yield return "the cell is tagged raises-exception, but no error is among its outputs";
        }
    }

    private static IEnumerable<CheckFinding> Counts(Notebook notebook)
    {
        int expected = 0;
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.IsCode && c.Source.Trim().Length > 0 && !c.Tags.Contains("skip-run")))
        {
            expected++;
            if (cell.ExecutionCount is not { } count)
            {
                yield return new(notebook.Path, cell.Number, "the cell was not run; store outputs with 'notebooks run --write'");
                yield break;
            }

            if (count != expected)
            {
                yield return new(notebook.Path, cell.Number,
                    $"the cell was run as number {count}, not {expected}; run the whole notebook from top to bottom");
                yield break;
            }
        }
    }

    [GeneratedRegex(@"^(?:[a-zA-Z][a-zA-Z0-9+.\-]+://|mailto:|data:)")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
