using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Data.Analysis;

namespace Electra.Lessons;

/// <summary>A table to look at: a data frame, shown as HTML without scripts and as text, numbers at the right.</summary>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Html, ShownFormatters.Plain])]
public sealed class Table : IShown
{
    private readonly string? _caption;
    private readonly int _rows;

    private Table(DataFrame frame, string? caption, int rows)
    {
        (Frame, _caption, _rows) = (frame, caption, rows);
    }

    /// <summary>What is shown, to go on computing with.</summary>
    public DataFrame Frame { get; }

    /// <summary>Shows a data frame.</summary>
    /// <param name="frame">The data.</param>
    /// <param name="caption">A line above it, or null.</param>
    /// <param name="rows">Show at most this many rows; a line below says how many follow.</param>
    public static Table Of(DataFrame frame, string? caption = null, int rows = 50)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return new Table(frame, caption, rows);
    }

    /// <summary>Shows a sequence of records or anonymous objects, a column a property.</summary>
    /// <param name="items">The rows; they are read once.</param>
    /// <param name="caption">A line above it, or null.</param>
    /// <param name="rows">Show at most this many rows; a line below says how many follow.</param>
    public static Table Of<T>(IEnumerable<T> items, string? caption = null, int rows = 50)
    {
        ArgumentNullException.ThrowIfNull(items);
        T[] all = [.. items];
        var properties = typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0).ToArray();
        bool isSimple = typeof(T).IsPrimitive || typeof(T) == typeof(string) || properties.Length == 0;
        (string, IEnumerable)[] columns = isSimple
            ? [("value", all)]
            : [.. properties.Select(property => (property.Name, (IEnumerable)all.Select(item => property.GetValue(item)).ToArray()))];
        return Of(caption, rows, columns);
    }

    /// <summary>Shows columns: <c>Table.Of(("token", tokens), ("id", ids))</c>.</summary>
    /// <param name="columns">Name and values of each; all of one length.</param>
    /// <exception cref="ArgumentException">The columns are not of one length.</exception>
    public static Table Of(params (string Name, IEnumerable Values)[] columns) => Of(null, 50, columns);

    /// <summary>Shows the rows of a comparison.</summary>
    /// <param name="table">What recorded runs say together.</param>
    /// <param name="caption">A line above it, or null.</param>
    /// <param name="metric">What was measured, see <see cref="RunRecord.MetricRecord.Name"/>.</param>
    public static Table Of(ComparisonTable table, string? caption = null, string metric = "accuracy")
    {
        ArgumentNullException.ThrowIfNull(table);
        return Of(
            caption,
            table.Rows.Count,
            ("head", table.Rows.Select(row => row.Head)),
            ("variant", table.Rows.Select(row => row.Variant)),
            ("runs", table.Rows.Select(row => row.Runs)),
            (metric, table.Rows.Select(row => new Number(Four(row.Mean)))),
            ("± seeds", table.Rows.Select(row => row.Std is { } std ? new Number(Four(std)) : null)),
            ("95 % interval", table.Rows.Select(row => $"{Four(row.Interval[0])} – {Four(row.Interval[1])}")),
            ("parameters",
                table.Rows.Select(
                    row => row.Parameters > 0 ? new Number(row.Parameters.ToString("N0", CultureInfo.InvariantCulture)) : null)));
    }

    /// <summary>Shows the tests of a comparison: each tested pair of rows, the smallest p first.</summary>
    /// <param name="table">What recorded runs say together.</param>
    /// <param name="caption">A line above it, or null.</param>
    public static Table OfTests(ComparisonTable table, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Of(
            caption,
            table.Tests.Count,
            ("a", table.Tests.Select(test => test.A)),
            ("b", table.Tests.Select(test => test.B)),
            ("a − b", table.Tests.Select(test => new Number(Signed(test.Difference)))),
            ("95 % interval", table.Tests.Select(test => $"{Signed(test.Interval[0])} to {Signed(test.Interval[1])}")),
            ("adjusted p", table.Tests.Select(test => ComparisonTable.Chance(test.AdjustedP))),
            ("could find", table.Tests.Select(test => test.Smallest is { } smallest ? new Number(Four(smallest)) : null)),
            ("verdict", table.Tests.Select(test => test.Verdict)));
    }

    /// <summary>The table as lines of Markdown.</summary>
    public string ToMarkdown()
    {
        var (names, right, cells, _) = Cells();
        var text = new StringBuilder();
        void Line(IEnumerable<string> line) =>
            text.Append("| ").AppendJoin(" | ", line.Select(HtmlParts.Markdown)).Append(" |\n");
        Line(names);
        Line(right.Select(isRight => isRight ? "---:" : "---"));
        foreach (string[] row in cells)
        {
            Line(row);
        }

        return text.ToString();
    }

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        var (names, right, cells, more) = Cells();
        int[] widths = [
            .. names.Select(
                (name, i) => Math.Max(HtmlParts.Width(name), cells.Select(row => HtmlParts.Width(row[i])).DefaultIfEmpty().Max()))];
        string Line(string[] row) => string.Join("  ", row.Select((cell, i) => HtmlParts.Pad(cell, widths[i], right[i]))).TrimEnd();
        IEnumerable<string> lines = [.. _caption is null ? [] : new[] { _caption }, Line(names),
            string.Join("  ", widths.Select(width => new string('-', width))), .. cells.Select(Line),
            .. more is null ? [] : new[] { more }];
        return string.Join('\n', lines);
    }

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Html => ToHtml(),
        ShownFormatters.Plain => ToString(),
        _ => null,
    };

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture);

    private static Table Of(string? caption, int rows, params (string Name, IEnumerable Values)[] columns)
    {
        var read = columns.Select(column => (column.Name, Values: column.Values.Cast<object?>().ToArray())).ToArray();
        if (read.FirstOrDefault(column => column.Values.Length != read[0].Values.Length) is { Name: { } name } other)
        {
            throw new ArgumentException($"The column {name} has {other.Values.Length} values, but {read[0].Name} has " +
                $"{read[0].Values.Length}; give all columns the same number.", nameof(columns));
        }

        return new Table(new DataFrame(read.Select(column => Column(column.Name, column.Values))), caption, rows);
    }

    private static DataFrameColumn Column(string name, object?[] values)
    {
        var types = values.Where(value => value is not null).Select(value => value!.GetType()).Distinct().ToArray();
        return types switch
        {
            [var type] when type == typeof(int) => new Int32DataFrameColumn(name, values.Cast<int?>()),
            [var type] when type == typeof(long) => new Int64DataFrameColumn(name, values.Cast<long?>()),
            [var type] when type == typeof(float) => new SingleDataFrameColumn(name, values.Cast<float?>()),
            [var type] when type == typeof(double) => new DoubleDataFrameColumn(name, values.Cast<double?>()),
            [var type] when type == typeof(bool) => new BooleanDataFrameColumn(name, values.Cast<bool?>()),
            _ => new StringDataFrameColumn(name, values.Select(value => value is null ? null : Cell(value))),
        };
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        float or double => HtmlParts.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        string text => text.ReplaceLineEndings(" "),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Cell)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private (string[] Names, bool[] Right, string[][] Cells, string? More) Cells()
    {
        int shown = (int)Math.Min(Frame.Rows.Count, _rows);
        string[][] cells = [.. Enumerable.Range(0, shown).Select(row => Frame.Columns.Select(column => Cell(column[row])).ToArray())];
        bool[] right = [.. Frame.Columns.Select((column, i) => column is not (StringDataFrameColumn or BooleanDataFrameColumn)
            || (cells.Length > 0
                && cells.All(row => row[i].Length == 0
                    || double.TryParse(row[i], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _))))];
        string? more = Frame.Rows.Count > shown ? $"… and {Frame.Rows.Count - shown:N0} more rows" : null;
        return ([.. Frame.Columns.Select(column => column.Name)], right, cells, more);
    }

    private string ToHtml()
    {
        var (names, right, cells, more) = Cells();
        var html = new StringBuilder($"<table style=\"border-collapse:collapse;color:inherit;font-family:{HtmlParts.Fonts}\">");
        void Cell(string tag, string text, bool isRight, string border) => html.Append(CultureInfo.InvariantCulture,
            $"<{tag} style=\"text-align:{(isRight ? "right" : "left")};padding:3px " +
            $"10px;border-bottom:{border}\">{HtmlParts.Encode(text)}</{tag}>");
        if (_caption is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<caption style=\"text-align:left;font-weight:bold;padding:3px " +
                $"10px;caption-side:top\">{HtmlParts.Encode(_caption)}</caption>");
        }

        html.Append("<thead><tr>");
        for (int i = 0; i < names.Length; i++)
        {
            Cell("th", names[i], right[i], "2px solid rgba(128,128,128,0.8)");
        }

        html.Append("</tr></thead><tbody>");
        foreach (string[] row in cells)
        {
            html.Append("<tr>");
            for (int i = 0; i < row.Length; i++)
            {
                Cell("td", row[i], right[i], HtmlParts.Line);
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        return more is null ? html.ToString() : html.Append(CultureInfo.InvariantCulture, $"<p>{more}</p>").ToString();
    }

    // A number in a form of its own, such as four places.
    private sealed record Number(string Text)
    {
        public override string ToString() => Text;
    }
}
