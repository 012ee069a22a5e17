using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Electra.Lessons;

namespace Electra.Tool.Report;

/// <summary>
/// The numbers of a chart as HTML, for who does not see it: what is said about its points, or a table of its lines or cells.
/// </summary>
internal static partial class FigureNumbers
{
    /// <summary>Reads a chart's definition.</summary>
    public static string Of(JsonNode figure)
    {
        var traces = figure["data"]!.AsArray().Select(trace => trace!).ToList();
        if ((string?)traces[0]["type"] == "heatmap")
        {
            string[] columns = [.. Texts(figure["layout"]!["xaxis"]!["ticktext"]!)];
            return Table(columns, Texts(figure["layout"]!["yaxis"]!["ticktext"]!).Zip(Texts(traces[1]["text"]!).Chunk(columns.Length),
                (name, row) => (name, row.AsEnumerable())));
        }

        var said = traces.Select(trace => trace["hovertext"] ?? trace["text"]).ToList();
        if (said.Count(texts => texts is not null) >= said.Count - 1) // a line to compare with says nothing
        {
            return $"<ul class=\"numbers\">{string.Concat(traces.Zip(said).Where(one => one.Second is not null)
                .SelectMany(one => Texts(one.Second!).Select(text => Named((string)one.First["name"]!, text)))
                .Select(text => $"<li>{HtmlParts.Encode(text)}</li>"))}</ul>";
        }

        double[] places = [.. traces.SelectMany(trace => Values(trace["x"]!)).Distinct().Order()];
        string across = (string)figure["layout"]!["xaxis"]!["title"]!["text"]!;
        return Table([.. places.Select(place => $"{across} {Text(place)}")], traces.Select(trace =>
        {
            var values = Values(trace["x"]!).Zip(Values(trace["y"]!)).ToDictionary();
            return ((string)trace["name"]!, places.Select(place => values.TryGetValue(place, out double value) ? Text(value) : ""));
        }));
    }

    private static string Named(string name, string text) =>
        text.Contains(" − ", StringComparison.Ordinal) ? Difference().Replace(text, one =>
            $": {Signed(one.Groups[1].Value)} ({Signed(one.Groups[2].Value)} to {Signed(one.Groups[3].Value)})")
            .Replace(" p ", " p\u00A0", StringComparison.Ordinal)
        : text.StartsWith(name.Split(", seed ")[0], StringComparison.Ordinal) ? text
        : $"{name.Split(", seed ")[0]}: {text}";

    // As the table of tested pairs writes it.
    private static string Signed(string number) =>
        number.StartsWith('-') ? $"−{number[1..]}" : number.Trim('0', '.').Length > 0 ? $"+{number}" : number;

    private static string Table(IEnumerable<string> columns, IEnumerable<(string Name, IEnumerable<string> Cells)> rows)
    {
        var html = new StringBuilder("<table class=\"numbers\"><thead><tr><td></td>");
        foreach (string column in columns)
        {
            html.Append("<th scope=\"col\">").Append(HtmlParts.Encode(column)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var (name, cells) in rows)
        {
            html.Append("<tr><th scope=\"row\">").Append(HtmlParts.Encode(name)).Append("</th>")
                .AppendJoin("", cells.Select(cell => $"<td>{HtmlParts.Encode(cell)}</td>")).Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    private static IEnumerable<string> Texts(JsonNode values) => values.AsArray().Select(value => (string)value!);

    private static IEnumerable<double> Values(JsonNode values) => values.AsArray().Select(value => (double)value!);

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    [GeneratedRegex(@": (-?[\d.]+) \((-?[\d.]+) – (-?[\d.]+)\)")]
    private static partial Regex Difference();
}
