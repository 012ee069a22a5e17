using System.Globalization;

namespace Electra.Lessons;

/// <summary>Charts as text, for readers who see no picture: title and axes in the first line, then the numbers that matter.</summary>
internal static class ChartText
{
    private const int MostRows = 30;
    private const int MostColumns = 110;

    /// <summary>
    /// Lines, points and bars: a table of all values where they are few, and otherwise where each series begins, ends, and lies.
    /// </summary>
    public static string Of(Sheet sheet, IReadOnlyList<Series> series)
    {
        bool lies = sheet.Y.Ticks is not null; // places are named at the left, and values lie to the right of them
        var (places, values) = lies ? (sheet.Y, sheet.X) : (sheet.X, sheet.Y);
        double PlaceOf(Series one, int i)
        {
            double place = lies ? one.Y[i] : one.X[i];
            return places.Ticks is null ? place : Math.Round(place); // points moved aside, so that none hides another, keep their name
        }

        double[] all = [.. series.SelectMany(one => Enumerable.Range(0, one.X.Count).Select(i => PlaceOf(one, i))).Distinct().Order()];
        bool isScattered = places.Ticks is null && series.All(one => one.Kind == SeriesKind.Points);
        bool isTable = !isScattered && all.Length <= MostRows
            && series.All(one => Enumerable.Range(0, one.X.Count).Select(i => PlaceOf(one, i)).Distinct().Count() == one.X.Count);
        string CellOf(Series one, double place) => Enumerable.Range(0, one.X.Count).Where(i => PlaceOf(one, i) == place).Select(i =>
            Number(lies ? one.X[i] : one.Y[i]) +
                (one.Intervals is { } intervals ? $" ({Number(intervals[i].Low)} – {Number(intervals[i].High)})" : "")).FirstOrDefault("");

        string[][] rows = isTable
            ? [[places.Title, .. series.Select(one => series.Count > 1 ? one.Name : values.Title)],
                .. all.Select(place => (string[])[NameOf(places, place), .. series.Select(one => CellOf(one, place))])]
            : isScattered
                ? [["", "points", .. Spread(sheet.X), .. Spread(sheet.Y)],
                    .. series.Select(one => (string[])[one.Name, $"{one.X.Count}", .. Spread(one.X), .. Spread(one.Y)])]
                : [["", "points", "first", "smallest", "greatest", "last"], .. series.Select(Course)];
        return $"{Head(sheet, lies ? "down" : "up")}\n{Lines(rows)}";
    }

    /// <summary>A grid: all cells where they fit, and otherwise the greatest of each row.</summary>
    public static string Of(Sheet sheet, double[][] values, string[][]? texts, string scale)
    {
        string[][] cells = texts
            ?? [.. values.Select(
                row => row.Select(value => Math.Abs(value) < 100 ? Number(Math.Round(value, 2)) : Number(value)).ToArray())];
        int across = values[0].Length;
        string[][] rows = [["", .. Enumerable.Range(0, across).Select(x => NameOf(sheet.X, x))],
            .. cells.Select((row, y) => (string[])[NameOf(sheet.Y, y), .. row])];
        if (rows.Length > MostRows || Lines(rows).Split('\n').Max(HtmlParts.Width) > MostColumns)
        {
            rows = [[sheet.Y.Title, "greatest", sheet.X.Title],
                .. values.Select(
                    (row, y) => (string[])[NameOf(sheet.Y, y), cells[y][Array.IndexOf(row, row.Max())],
                        NameOf(sheet.X, Array.IndexOf(row, row.Max()))])];
        }

        string meaning = scale.Length > 0 ? $" Colours: {scale.Replace("<br>", " ", StringComparison.Ordinal)}." : "";
        return $"{Head(sheet, "down")}{meaning}\n{Lines(rows)}";
    }

    private static string Head(Sheet sheet, string vertical)
    {
        string[] axes = [.. new[] { ("across", sheet.X.Title), (vertical, sheet.Y.Title) }.Where(axis => axis.Item2.Length > 0)
            .Select(axis => $"{axis.Item1}: {axis.Item2}")];
        string title = sheet.Title.TrimEnd('.') + (sheet.Title is [.., '?' or '!'] ? "" : ".");
        return axes.Length == 0 ? title : $"{title} {char.ToUpperInvariant(axes[0][0])}{string.Join("; ", axes)[1..]}.";
    }

    private static string NameOf(Axis axis, double place) =>
        axis.Ticks is { } ticks && place >= 0 && place < ticks.Count && double.IsInteger(place) ? ticks[(int)place] : Number(place);

    private static string[] Spread(Axis axis) => [$"{axis.Title}: smallest", "mean", "greatest"];

    private static string[] Spread(IReadOnlyList<double> values) =>
        values.Count == 0 ? ["", "", ""] : [Number(values.Min()), Number(values.Average()), Number(values.Max())];

    private static string[] Course(Series one)
    {
        int[] places = [.. Enumerable.Range(0, one.X.Count)];
        string At(int i) => $"{Number(one.Y[i])} at {Number(one.X[i])}";
        return places.Length == 0
            ? [one.Name, "0", "", "", "", ""]
            : [one.Name, $"{places.Length}", At(0), At(places.MinBy(i => one.Y[i])),
                At(places.MaxBy(i => one.Y[i])), At(places.Length - 1)];
    }

    private static string Number(double value) =>
        (value + 0.0).ToString(Math.Abs(value) is >= 1000 and < 1e9 ? "0" : "G4", CultureInfo.InvariantCulture); // + 0.0: no negative zero

    // Names at the left, everything else at the right.
    private static string Lines(string[][] rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => HtmlParts.Width(row[column])))];
        return string.Join('\n',
            rows.Select(
                row => string.Join("  ", row.Select((cell, column) => HtmlParts.Pad(cell, widths[column], right: column > 0))).TrimEnd()));
    }
}
