using System.Globalization;
using System.Text;

namespace Electra.Lessons;

/// <summary>Small matrices side by side, with every number in them: one decimal where that is exact for all, else two.</summary>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Html, ShownFormatters.Plain])]
public sealed class Matrices : IShown
{
    private const string Gap = "    ";

    private readonly IReadOnlyList<string> _rowNames;
    private readonly (string Name, double[][] Rows)[] _matrices;
    private readonly string _format;

    private Matrices(IReadOnlyList<string> rowNames, (string Name, double[][] Rows)[] matrices)
    {
        (_rowNames, _matrices) = (rowNames, matrices);
        bool isShort = matrices.SelectMany(one => one.Rows).SelectMany(row => row).All(x => Math.Abs(x - Math.Round(x, 1)) < 1e-6);
        _format = isShort ? "0.0" : "0.00";
    }

    /// <summary>Shows matrices side by side.</summary>
    /// <param name="matrices">Name and rows of each; the rows of one matrix are equally long.</param>
    public static Matrices Of(params (string Name, double[][] Rows)[] matrices) => Of([], matrices);

    /// <summary>Shows matrices side by side, all with a row for each name.</summary>
    /// <param name="rowNames">What a row is, such as a token.</param>
    /// <param name="matrices">Name and rows of each.</param>
    /// <exception cref="ArgumentException">A matrix has another number of rows than there are names.</exception>
    public static Matrices Of(IReadOnlyList<string> rowNames, params (string Name, double[][] Rows)[] matrices)
    {
        ArgumentNullException.ThrowIfNull(rowNames);
        ArgumentNullException.ThrowIfNull(matrices);
        foreach (var (name, rows) in matrices)
        {
            if (rowNames.Count > 0 && rows.Length != rowNames.Count)
            {
                throw new ArgumentException($"{name} has {rows.Length} rows, but {rowNames.Count} are named: " +
                    $"{string.Join(", ", rowNames)}.", nameof(matrices));
            }
        }

        return new Matrices(rowNames, matrices);
    }

    /// <summary>The matrices as text, one line a row.</summary>
    public override string ToString()
    {
        var blocks = _matrices.Select(Block).ToList();
        if (_rowNames.Count > 0)
        {
            int width = _rowNames.Max(HtmlParts.Width);
            blocks.Insert(0, [new string(' ', width), .. _rowNames.Select(name => HtmlParts.Pad(name, width))]);
        }

        var lines = Enumerable.Range(0, blocks.Max(block => block.Length)).Select(i => string.Join(Gap, blocks.Select(
            block => i < block.Length ? block[i] : new string(' ', HtmlParts.Width(block[0])))).TrimEnd());
        return string.Join('\n', lines);
    }

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Html => ToHtml(),
        ShownFormatters.Plain => ToString(),
        _ => null,
    };

    // The name, then the rows, all equally wide.
    private string[] Block((string Name, double[][] Rows) matrix)
    {
        string[][] cells = [.. matrix.Rows.Select(row => row.Select(Text).ToArray())];
        int column = cells.SelectMany(row => row).Max(cell => cell.Length);
        string[] rows = [.. cells.Select(row => string.Join(' ', row.Select(cell => cell.PadLeft(column))))];
        int width = Math.Max(HtmlParts.Width(matrix.Name), rows.Max(row => row.Length));
        return [HtmlParts.Pad(matrix.Name, width), .. rows.Select(row => row.PadRight(width))];
    }

    private string Text(double value) =>
        (Math.Round(value, 2) + 0.0).ToString(_format, CultureInfo.InvariantCulture); // + 0.0: no negative zero

    private string ToHtml()
    {
        var html = new StringBuilder($"<div style=\"display:flex;flex-wrap:wrap;gap:4px 24px;align-items:flex-start;" +
            $"font-family:{HtmlParts.Fonts}\">");
        foreach (var (name, rows) in _matrices)
        {
            html.Append(CultureInfo.InvariantCulture, $"<table style=\"border-collapse:collapse;color:inherit;margin:0\"><caption " +
                $"style=\"text-align:left;font-weight:bold;caption-side:top;white-space:nowrap\">{HtmlParts.Encode(name)}</caption>");
            double most = rows.SelectMany(row => row).Select(Math.Abs).DefaultIfEmpty().Max();
            for (int i = 0; i < rows.Length; i++)
            {
                html.Append("<tr>");
                if (_rowNames.Count > 0)
                {
                    html.Append(CultureInfo.InvariantCulture,
                        $"<th style=\"text-align:left;font-weight:normal;padding:2px 8px 2px 0\">{HtmlParts.Encode(_rowNames[i])}</th>");
                }

                foreach (double value in rows[i])
                {
                    string ground = HtmlParts.Signed(most > 0 ? 0.45 * value / most : 0); // the number stays readable
                    html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:right;padding:2px 6px;border:{HtmlParts.Line};" +
                        $"background:{ground}\">{Text(value)}</td>");
                }

                html.Append("</tr>");
            }

            html.Append("</table>");
        }

        return html.Append("</div>").ToString();
    }
}
