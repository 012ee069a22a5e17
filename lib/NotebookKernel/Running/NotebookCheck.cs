using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel;

/// <summary>The rules that a course's notebooks keep, beside running: headings, links, outputs, sizes.</summary>
public static partial class NotebookCheck
{
    private const int MaxFileBytes = 5_000_000;
    private const int MaxOutputCharacters = 1_000_000;

    /// <summary>Checks notebooks without running them.</summary>
    /// <param name="paths">Notebook files and folders.</param>
    /// <returns>What breaks a rule, in order; empty when all is well.</returns>
    /// <exception cref="NotebookException">A path does not exist, or a file is not a notebook.</exception>
    public static IReadOnlyList<CheckFinding> Check(IEnumerable<string> paths) => [.. NotebookRunner.Find(paths).SelectMany(p => Check(Notebook.Load(p)))];

    private static IEnumerable<CheckFinding> Check(Notebook notebook) =>
    [
        .. Whole(notebook).Select(m => new CheckFinding(notebook.Path, null, m)),
        .. Headings(notebook),
        .. notebook.Cells.SelectMany(cell => Links(notebook, cell).Concat(Paths(notebook, cell)).Concat(Outputs(cell)).Select(m => new CheckFinding(notebook.Path, cell.Number, m))),
        .. Counts(notebook),
    ];

    private static IEnumerable<string> Whole(Notebook notebook)
    {
        string? kernel = (notebook.Metadata["kernelspec"] as JsonObject)?["name"]?.ToString();
        if (kernel != KernelSpec.Name)
        {
            yield return $"the kernel is {kernel ?? "not named"}, not {KernelSpec.Name}; 'notebooks run --write' names it";
        }

        if (new FileInfo(notebook.Path).Length is > MaxFileBytes and var bytes)
        {
            yield return $"the file has {bytes / 1e6:0.0} MB, more than {MaxFileBytes / 1_000_000}; show less or smaller outputs";
        }

        foreach (IGrouping<string?, NotebookCell> same in notebook.Cells.GroupBy(c => c.Id).Where(g => g.Key is null || g.Count() > 1))
        {
            yield return $"cells {string.Join(", ", same.Select(c => c.Number))} {(same.Key is null ? "have no id" : $"have the same id {same.Key}")}; save the notebook again in an editor";
        }
    }

    private static IEnumerable<CheckFinding> Headings(Notebook notebook)
    {
        int level = 0;
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == "markdown"))
        {
            foreach (Match heading in Heading().Matches(WithoutCode(cell.Source)))
            {
                int next = heading.Groups[1].Length;
                string text = heading.Groups[2].Value.Trim();
                if (level == 0 && (next != 1 || cell.Number != 1))
                {
                    yield return new(notebook.Path, cell.Number, $"the first heading, “{text}”, is not a title (#) in the first cell");
                }
                else if (level > 0 && next == 1)
                {
                    yield return new(notebook.Path, cell.Number, $"“{text}” is a second title (#); a notebook has one");
                }
                else if (next > level + 1 && level > 0)
                {
                    yield return new(notebook.Path, cell.Number, $"the heading “{text}” jumps from level {level} to {next}");
                }

                level = next;
            }
        }

        if (level == 0)
        {
            yield return new(notebook.Path, null, "there is no heading; begin with a title (#) in the first cell");
        }
    }

    private static IEnumerable<string> Links(Notebook notebook, NotebookCell cell)
    {
        if (cell.Kind != "markdown")
        {
            yield break;
        }

        string text = WithoutCode(cell.Source);
        string folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        foreach (string link in Link().Matches(text).Concat(Source().Matches(text)).Concat(Definition().Matches(text)).Select(m => m.Groups[1].Value))
        {
            string target = Uri.UnescapeDataString(link.Split('#')[0]);
            if (Scheme().IsMatch(link))
            {
                continue; // another site
            }

            if (link.StartsWith("attachment:", StringComparison.Ordinal))
            {
                if (!cell.Attachments.Contains(Uri.UnescapeDataString(link["attachment:".Length..])))
                {
                    yield return $"the cell has no attachment for {link}";
                }
            }
            else if (target.Length == 0)
            {
                if (!Anchors(notebook).Contains(Uri.UnescapeDataString(link[1..]), StringComparer.OrdinalIgnoreCase))
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

    /// <summary>What headings are called in links: by Jupyter (spaces become hyphens) and by code-hosting sites (lower case, no punctuation).</summary>
    private static IEnumerable<string> Anchors(Notebook notebook) => notebook.Cells
        .Where(c => c.Kind == "markdown")
        .SelectMany(c => Heading().Matches(WithoutCode(c.Source)).Select(m => m.Groups[2].Value.Trim()).SelectMany(h => (string[])[h.Replace(' ', '-'), Punctuation().Replace(h, "").Replace(' ', '-')])
            .Concat(Anchor().Matches(c.Source).Select(m => m.Groups[1].Value)));

    private static IEnumerable<string> Paths(Notebook notebook, NotebookCell cell)
    {
        string own = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        IEnumerable<(string Where, string Text)> texts = cell.Outputs.Select(o => ("an output", o.ToJsonString(s_raw))).Prepend(("the text", cell.Source));
        foreach ((string where, string text) in texts)
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
    }

    private static readonly System.Text.Json.JsonSerializerOptions s_raw = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<string> Outputs(NotebookCell cell)
    {
        bool mayFail = cell.Tags.Contains("raises-exception");
        bool failed = cell.Outputs.Any(o => (string?)o["output_type"] == "error");
        if (failed && !mayFail)
        {
            yield return "an error is among the outputs; correct the cell, or tag it raises-exception";
        }
        else if (!failed && mayFail && cell.ExecutionCount is not null)
        {
            yield return "the cell is tagged raises-exception, but no error is among its outputs";
        }

        foreach (int characters in cell.Outputs.Select(o => o.ToJsonString(s_raw).Length).Where(l => l > MaxOutputCharacters))
        {
            yield return $"an output has {characters / 1e6:0.0} million characters, more than {MaxOutputCharacters / 1_000_000}; show less";
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
                yield return new(notebook.Path, cell.Number, $"the cell was run as number {count}, not {expected}; run the whole notebook from top to bottom");
                yield break;
            }
        }
    }

    private static string WithoutCode(string markdown) => Code().Replace(markdown, "");

    [GeneratedRegex(@"^[ ]{0,3}(```|~~~).*?^[ ]{0,3}\1|``.+?``|`[^`\n]+`|<!--.*?-->", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[ ]{0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(\s*<?([^)\s>]+)>?(?:\s+[""'(][^)]*)?\s*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"<(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*[""']([^""']+)[""']", RegexOptions.IgnoreCase)]
    private static partial Regex Source();

    [GeneratedRegex(@"^[ ]{0,3}\[[^\]^]+\]:\s*<?([^\s>]+)>?", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"<a\b[^>]*?\b(?:id|name)\s*=\s*[""']([^""']+)[""']", RegexOptions.IgnoreCase)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"^(?:[a-zA-Z][a-zA-Z0-9+.\-]+://|mailto:|data:)")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"(?<![\w.:/~])(?:/(?:home|Users|root|tmp|var|private|mnt)/\w[\w./\-]*|[A-Za-z]:\\\\?(?:Users|Temp|Windows|src|dev)\\[\w\\.]*)")]
    private static partial Regex AbsolutePath();
}
