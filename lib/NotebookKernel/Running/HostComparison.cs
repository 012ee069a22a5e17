using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel;

/// <summary>
/// Whether two runs of a notebook, or a run and what is stored, show the same: kinds of output and MIME types exactly, and texts exactly.
/// These differences are known, and all that is let pass:
/// <list type="bullet">
/// <item>.NET Interactive sends JSON as a text, which its extension parses: it is parsed here too.</item>
/// <item>Each host words an error, and shows the stack, in its own way: of errors only the kind is compared.</item>
/// <item>A cell tagged <c>trained</c> trains, or shows what an earlier cell trained. Rounding on another processor changes that as another
/// seed would: its texts are compared between two hosts on one machine only.</item>
/// <item>On another processor, or on more threads, sums are rounded otherwise: against what is stored a number that is not whole may differ
/// by 1e-6 of itself or 1e-6, the seventh digit, which hardly a lesson shows; in the JSON of a figure, whose numbers have five digits of
/// which the last is rounded, by 1e-4 of itself or 1e-5.</item>
/// <item>Another browser, with other fonts, draws other pictures: their bytes are compared between two hosts on one machine only.</item>
/// <item>A machine without a browser draws none: there a chart may lack its picture.</item>
/// </list>
/// </summary>
public static partial class HostComparison
{
    /// <summary>The tag of cells that train, or show what an earlier cell trained.</summary>
    public const string Trained = "trained";

    private const int Shown = 80;

    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares two runs on one machine, with equally many threads.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="run">One run.</param>
    /// <param name="other">The other one.</param>
    /// <returns>What differs, in order; empty when nothing does.</returns>
    public static IReadOnlyList<CheckFinding> Compare(Notebook notebook, NotebookResult run, NotebookResult other)
        => [.. notebook.Cells.Where(cell => run.Outputs.ContainsKey(cell.Number) && other.Outputs.ContainsKey(cell.Number))
            .SelectMany(cell => Differences(run.Outputs[cell.Number], other.Outputs[cell.Number], withTexts: true, onOneMachine: true)
                .Select(message => new CheckFinding(notebook.Path, cell.Number, message)))];

    /// <summary>Compares a run with the stored outputs, which another machine may have made.</summary>
    /// <param name="notebook">The notebook, as stored.</param>
    /// <param name="run">The run.</param>
    /// <param name="draws">Whether this machine draws pictures.</param>
    /// <returns>What differs, in order; empty when nothing does.</returns>
    public static IReadOnlyList<CheckFinding> CompareWithStored(Notebook notebook, NotebookResult run, bool draws)
        => [.. notebook.Cells.Where(cell => run.Outputs.ContainsKey(cell.Number))
            .SelectMany(cell => Differences(
                Drawn(run.Outputs[cell.Number], draws), Drawn(cell.Outputs, draws), !cell.Tags.Contains(Trained), onOneMachine: false)
                .Select(message => new CheckFinding(notebook.Path, cell.Number, message)))];

    private static IReadOnlyList<JsonObject> Drawn(IReadOnlyList<JsonObject> outputs, bool draws)
    {
        JsonObject[] copies = draws ? [] : [.. outputs.Select(o => (JsonObject)o.DeepClone())];
        foreach (JsonObject copy in copies)
        {
            (copy["data"] as JsonObject)?.Remove(MimeTypes.Png);
        }

        return draws ? outputs : copies;
    }

    private static IEnumerable<string> Differences(
        IReadOnlyList<JsonObject> run, IReadOnlyList<JsonObject> other, bool withTexts, bool onOneMachine)
    {
        string[] kinds = [.. run.Select(Kind)];
        string[] otherKinds = [.. other.Select(Kind)];
        if (!kinds.SequenceEqual(otherKinds))
        {
            yield return $"the outputs are {List(kinds)}, not {List(otherKinds)}";
            yield break;
        }

        if (!withTexts)
        {
            yield break;
        }

        var texts = run.Zip(other).SelectMany(two => Texts(two.First).Zip(Texts(two.Second)));
        foreach (((string type, string text), (string _, string otherText)) in texts)
        {
            if (text != otherText && (onOneMachine || !IsRounding(type, text, otherText)))
            {
                int at = text.Zip(otherText).TakeWhile(c => c.First == c.Second).Count();
                yield return $"{type} differs at its character {at}: {Excerpt(text, at)}, not {Excerpt(otherText, at)}";
            }
        }
    }

    private static string List(string[] kinds) => kinds.Length == 0 ? "none" : string.Join("; ", kinds);

    private static string Kind(JsonObject output)
    {
        string kind = NotebookCell.Text(output["output_type"]) ?? "";
        string types = string.Join(", ", (output["data"] as JsonObject ?? []).Select(d => d.Key).Order(StringComparer.Ordinal));
        return kind == "stream" ? NotebookCell.Text(output["name"]) ?? "" : $"{kind} {types}".TrimEnd();
    }

    /// <summary>The texts of an output by type; none for an error.</summary>
    private static IEnumerable<(string Type, string Text)> Texts(JsonObject output)
        => output["data"] is JsonObject data
            ? data.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, Canonical(d.Key, d.Value)))
            : NotebookCell.Text(output["text"]) is { } text ? [(NotebookCell.Text(output["name"]) ?? "", text)] : [];

    private static string Canonical(string type, JsonNode? value)
    {
        JsonNode? content = MimeTypes.IsJson(type) && NotebookCell.Text(value) is { } json ? MimeTypes.ParseJson(type, json) : value;
        return NotebookCell.Text(content) ?? NotebookCell.Sorted(content)?.ToJsonString(Raw) ?? "";
    }

    /// <summary>Whether two texts, or pictures, that another machine made may differ as they do.</summary>
    private static bool IsRounding(string type, string text, string other)
        => type.StartsWith("image/", StringComparison.Ordinal)
            || (MimeTypes.IsJson(type) ? AreClose(text, other, relative: 1e-4, absolute: 1e-5) : AreClose(text, other, 1e-6, 1e-6));

    /// <summary>Whether two texts differ in numbers that are not whole, by little, and in nothing else.</summary>
    private static bool AreClose(string text, string other, double relative, double absolute)
    {
        bool Close(string a, string b)
        {
            if (a == b)
            {
                return true;
            }

            (double x, double y) = (double.Parse(a, CultureInfo.InvariantCulture), double.Parse(b, CultureInfo.InvariantCulture));
            bool isWhole = (a + b).AsSpan().IndexOfAny('.', 'e', 'E') < 0;
            return !isWhole && Math.Abs(x - y) <= absolute + relative * Math.Max(Math.Abs(x), Math.Abs(y));
        }

        return Number().Replace(text, "#") == Number().Replace(other, "#")
            && Number().Matches(text).Zip(Number().Matches(other)).All(pair => Close(pair.First.Value, pair.Second.Value));
    }

    private static string Excerpt(string text, int at)
    {
        int start = Math.Max(0, at - Shown / 2);
        return $"“{text[start..Math.Min(text.Length, start + Shown)].Replace("\n", "⏎", StringComparison.Ordinal)}”";
    }

    [GeneratedRegex(@"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")]
    private static partial Regex Number();
}
