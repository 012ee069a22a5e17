using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookKernel;

namespace Electra.Tool.Site;

/// <summary>Stored outputs of a cell as HTML: pictures with their texts, tables and cards as they are, what was printed, errors.</summary>
/// <param name="pictures">Takes the pictures in.</param>
/// <param name="address">Of the page.</param>
internal sealed partial class SiteOutputs(SitePictures pictures, string address)
{
    private const int ShortCell = 24; // characters of a cell that is not broken
    private const int LongLine = 100; // characters of a printed line above which it is broken

    /// <summary>All of them; empty where there is none.</summary>
    public string Html(NotebookCell cell)
    {
        var html = new StringBuilder();
        var printed = new StringBuilder();
        foreach (JsonObject output in cell.Outputs)
        {
            if (Text(output["output_type"]) == "stream")
            {
                printed.Append(Text(output["text"]));
                continue;
            }

            Flush();
            html.Append(Text(output["output_type"]) == "error"
                ? Pre("error", $"{Text(output["ename"])}: {Text(output["evalue"])}")
                : Shown(output));
        }

        Flush();
        return html.Length == 0 ? "" : $"<div class=\"outputs\">\n{html}</div>\n";

        void Flush()
        {
            string all = printed.ToString();
            if (all.TrimEnd('\n') is { Length: > 0 } text)
            {
                string gap = all.EndsWith("\n\n", StringComparison.Ordinal) ? "\n\n" : ""; // that was printed
                html.Append(Pre("printed", text + gap));
            }

            printed.Clear();
        }
    }

    private string Shown(JsonObject output)
    {
        var data = output["data"] as JsonObject ?? [];
        string plain = Text(data["text/plain"]);
        if (Text(data["image/png"]) is { Length: > 0 } png)
        {
            JsonObject? about = (output["metadata"] as JsonObject)?["image/png"] as JsonObject;
            SitePicture picture = pictures.Add(Convert.FromBase64String(png.ReplaceLineEndings("")), Number("width"), Number("height"));
            string alternative = Text(about?["alt"]) is { Length: > 0 } alt ? alt : plain;
            string image = SiteMarkdown.Image(SiteLinks.Between(address, picture.Address), picture, alternative);
            return $"<p class=\"{SiteMarkdown.FigureClass(picture)}\" tabindex=\"0\">{image}</p>\n";

            int Number(string name) => about?[name] is JsonValue value && value.TryGetValue(out int number) ? number : 0;
        }

        // Of what scripts bring to life, that is shown which stands there without them. Others' notebooks may hold anything: what would
        // still load or run something is shown as its text.
        string still = Script().Replace(Text(data["text/html"]), "");
        return Tag().Replace(still, "").Trim().Length > 0 && !Active().IsMatch(still)
            ? $"<div class=\"shown\" tabindex=\"0\">{WithLengths(still.ReplaceLineEndings("\n"))}</div>\n"
            : plain.Length > 0 ? Pre("value", plain) : "";
    }

    // Cells of tables say whether their text is short, so that a telephone keeps it in one line, or needs a column's width.
    private static string WithLengths(string html) => Cell().Replace(html, cell =>
        $"<{cell.Groups["tag"].Value} class=\"{(WebUtility.HtmlDecode(Tag().Replace(cell.Groups["text"].Value, "")).Length <= ShortCell
            ? "short" : "long")}\"{cell.Value[(1 + cell.Groups["tag"].Length)..]}");

    // Long lines of prose wrap also where lines of figures keep their columns.
    private static string Pre(string kind, string text) => $"<pre class=\"{kind}\" tabindex=\"0\">" + string.Join('\n',
        Terminal.Clean(text.ReplaceLineEndings("\n")).Split('\n').Select(line => line.Length > LongLine && !Columns().IsMatch(line)
            ? $"<span class=\"prose\">{WebUtility.HtmlEncode(line)}</span>"
            : WebUtility.HtmlEncode(line))) + "</pre>\n";

    private static string Text(JsonNode? node) => NotebookCell.Text(node) ?? "";

    [GeneratedRegex("<script>.*?</script>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<(?<tag>t[dh])\\b(?![^>]*\\bclass\\s*=)[^>]*>(?<text>.*?)</\\k<tag>>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex(@"\S {2,}\S")]
    private static partial Regex Columns();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<\s*(script|style|link|iframe|object|embed|img|video|audio|form|base|meta)\b|\son\w+\s*=|javascript:|url\(|\ssrc\s*=",
        RegexOptions.IgnoreCase)]
    private static partial Regex Active();
}
