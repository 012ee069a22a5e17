namespace Electra.Lessons;

/// <summary>
/// A chart: one definition for plotly.js, shown interactive where a notebook can do that, everywhere else as the picture that a browser
/// drew from the same definition, and as text where there is no picture.
/// </summary>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Plotly, ShownFormatters.Png, ShownFormatters.Plain])]
public partial class Chart : IShown
{
    private readonly string _text;

    private Chart(Sheet sheet, string json, string text)
    {
        (Title, Json, _text, Width, Height) = (sheet.Title, json, text, sheet.Width, sheet.Height);
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>The definition: Plotly's JSON with <c>data</c> and <c>layout</c>.</summary>
    public string Json { get; }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>Lines, points and bars of your own.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">The horizontal axis: a title, or an <see cref="Axis"/> with names for its places.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">What to show.</param>
    /// <exception cref="ArgumentException">A series has more values for one axis than for the other.</exception>
    public static Chart Of(string title, Axis x, Axis y, params Series[] series) => Of(new Sheet(title, x, y), series);

    /// <summary>A grid of coloured cells of your own.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis, from top to bottom.</param>
    /// <param name="values">Rows of cells, the top row first.</param>
    /// <param name="scale">What the colours mean.</param>
    /// <param name="texts">What is written in the cells, or null.</param>
    public static Chart Grid(string title, Axis x, Axis y, double[][] values, string scale = "", string[][]? texts = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || values.Any(row => row.Length != values[0].Length || row.Length == 0))
        {
            throw new ArgumentException("A grid needs at least one row and column, and all rows of one length.", nameof(values));
        }

        // Cells about as wide as high; names at the left take room, and the title must fit.
        int cell = Math.Clamp(520 / Math.Max(values.Length, values[0].Length), 18, 90);
        var sheet = new Sheet(title, x, y with { Reversed = true },
            Math.Max(Math.Max(420, 40 + (8 * HtmlParts.Width(title))), 240 + (cell * values[0].Length)),
            Math.Max(320, 190 + (cell * values.Length)));
        return Of(sheet, ChartLibrary.Instance.Draw(sheet, values, texts, scale), ChartText.Of(sheet, values, texts, scale));
    }

    /// <summary>The chart as text: title, axes, and the numbers that matter.</summary>
    public override string ToString() => _text;

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Plotly => Json,
        ShownFormatters.Png => Convert.ToBase64String(ChartPictures.Png(this)),
        ShownFormatters.Plain => ToString(),
        _ => null,
    };

    /// <param name="sheet">Title and axes.</param>
    /// <param name="series">What is drawn.</param>
    /// <param name="told">What the text says, where that is put together otherwise; null: the same.</param>
    internal static Chart Of(Sheet sheet, IReadOnlyList<Series> series, IReadOnlyList<Series>? told = null)
    {
        foreach (var one in series)
        {
            if (one.X.Count != one.Y.Count || (one.Texts ?? []).Count is var texts && one.Texts is not null && texts != one.X.Count)
            {
                throw new ArgumentException($"The series {one.Name} has {one.X.Count} values for x, {one.Y.Count} for " +
                    $"y{(one.Texts is null ? "" : $" and {one.Texts.Count} texts")}; give as many of each.", nameof(series));
            }
        }

        return Of(sheet, ChartLibrary.Instance.Draw(sheet, series), ChartText.Of(sheet, told ?? series));
    }

    private static Chart Of(Sheet sheet, string json, string text) =>
        ChartPictures.Has(json) ? new Chart(sheet, json, text) : new WithoutPicture(sheet, json, text);

    /// <summary>
    /// A chart of which no picture is remembered, where no browser draws one: kernels ask a type, not a value, for its forms.
    /// </summary>
    [TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Plotly, ShownFormatters.Plain])]
    private sealed class WithoutPicture(Sheet sheet, string json, string text) : Chart(sheet, json, text);
}
