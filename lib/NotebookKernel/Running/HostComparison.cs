using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// Whether two runs of a notebook, or a run and what is stored, show the same: kinds of output and MIME types exactly, and texts exactly, but for the differences listed here.
/// A cell tagged <c>timed</c> shows how long something took, which is no two times the same. A cell tagged <c>trained</c> trains, or shows what an earlier cell trained:
/// rounding on another processor changes that as another seed would, so its texts are the same only on one machine.
/// </summary>
public static class HostComparison
{
    /// <summary>The tag of cells that train, or show what an earlier cell trained.</summary>
    public const string Trained = "trained";

    /// <summary>The tag of cells about time.</summary>
    public const string Timed = "timed";

    private const int Shown = 80;

    /// <summary>Compares two runs on one machine, with equally many threads.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="run">One run.</param>
    /// <param name="other">The other one.</param>
    /// <returns>What differs, in order; empty when nothing does.</returns>
    public static IReadOnlyList<CheckFinding> Compare(Notebook notebook, NotebookResult run, NotebookResult other)
        => [.. notebook.Cells.Where(c => run.Outputs.ContainsKey(c.Number) && other.Outputs.ContainsKey(c.Number))
            .SelectMany(c => Differences(notebook, c, run.Outputs[c.Number], other.Outputs[c.Number], withTexts: !c.Tags.Contains(Timed), withPictures: true))];

    /// <summary>Compares a run with the stored outputs. The bytes of pictures are not compared: another browser and other fonts draw them.</summary>
    /// <param name="notebook">The notebook, as stored.</param>
    /// <param name="run">The run.</param>
    /// <param name="draws">Whether the machine draws pictures. One without a browser shows the rest of a chart that it does not remember.</param>
    /// <returns>What differs, in order; empty when nothing does.</returns>
    public static IReadOnlyList<CheckFinding> CompareWithStored(Notebook notebook, NotebookResult run, bool draws)
        => [.. notebook.Cells.Where(c => run.Outputs.ContainsKey(c.Number))
            .SelectMany(c => Differences(
                notebook, c, Drawn(run.Outputs[c.Number], draws), Drawn(c.Outputs, draws), !c.Tags.Contains(Timed) && !c.Tags.Contains(Trained), withPictures: false))];

    private static IReadOnlyList<JsonObject> Drawn(IReadOnlyList<JsonObject> outputs, bool draws)
    {
        JsonObject[] copies = draws ? [] : [.. outputs.Select(o => (JsonObject)o.DeepClone())];
        foreach (JsonObject copy in copies)
        {
            (copy["data"] as JsonObject)?.Remove(MimeTypes.Png);
        }

        return draws ? outputs : copies;
    }

    private static IEnumerable<CheckFinding> Differences(
        Notebook notebook, NotebookCell cell, IReadOnlyList<JsonObject> run, IReadOnlyList<JsonObject> other, bool withTexts, bool withPictures)
    {
        string[] kinds = [.. run.Select(Kind)];
        string[] otherKinds = [.. other.Select(Kind)];
        if (!kinds.SequenceEqual(otherKinds))
        {
            yield return new(notebook.Path, cell.Number, $"the outputs are {List(kinds)}, not {List(otherKinds)}");
            yield break;
        }

        if (!withTexts)
        {
            yield break;
        }

        foreach (((string type, string text), (string _, string otherText)) in run.Zip(other).SelectMany(two => Texts(two.First).Zip(Texts(two.Second))))
        {
            if (text != otherText && (withPictures || !type.StartsWith("image/", StringComparison.Ordinal)))
            {
                int at = text.Zip(otherText).TakeWhile(c => c.First == c.Second).Count();
                yield return new(notebook.Path, cell.Number, $"{type} differs at its character {at}: {Excerpt(text, at)}, not {Excerpt(otherText, at)}");
            }
        }
    }

    private static string List(string[] kinds) => kinds.Length == 0 ? "none" : string.Join("; ", kinds);

    private static string Kind(JsonObject output)
    {
        string kind = NotebookCell.Text(output["output_type"]) ?? "";
        return kind == "stream"
            ? NotebookCell.Text(output["name"]) ?? ""
            : output["data"] is JsonObject data ? $"{kind} {string.Join(", ", data.Select(d => d.Key).Order(StringComparer.Ordinal))}" : kind;
    }

    /// <summary>The texts of an output by type. The text of an error is not among them: each host words it, and shows the stack, in its own way.</summary>
    private static IEnumerable<(string Type, string Text)> Texts(JsonObject output)
        => output["data"] is JsonObject data
            ? data.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, Canonical(d.Key, d.Value)))
            : NotebookCell.Text(output["text"]) is { } text ? [(NotebookCell.Text(output["name"]) ?? "", text)] : [];

    /// <summary>.NET Interactive sends JSON as a text, which its extension parses; notebooks hold it as it is.</summary>
    private static string Canonical(string type, JsonNode? value)
    {
        JsonNode? content = MimeTypes.IsJson(type) && NotebookCell.Text(value) is { } json ? MimeTypes.ParseJson(type, json) : value;
        return NotebookCell.Text(content) ?? NotebookCell.Sorted(content)?.ToJsonString() ?? "";
    }

    private static string Excerpt(string text, int at)
    {
        int start = Math.Max(0, at - Shown / 2);
        return $"“{text[start..Math.Min(text.Length, start + Shown)].Replace("\n", "⏎", StringComparison.Ordinal)}”";
    }
}
