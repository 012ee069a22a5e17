using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace Electra.Lessons.Plotly;

/// <summary>
/// The charts of <c>Electra.Lessons</c> as Plotly.NET's objects; their properties have the names of plotly.js's reference.
/// </summary>
internal sealed class PlotlyCharts : IChartLibrary
{
    private const string Ink = "#222222";
    private const int MostMarkers = 40; // on a line: closer ones hide it
    private const int MostFilled = 500; // points: of more, filled ones hide each other
    private static readonly string[] Symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"];
    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot"];

    public string Script
    {
        get
        {
            var assembly = typeof(Layout).Assembly;
            string name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal));
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }

    public string Draw(Sheet sheet, IReadOnlyList<Series> series)
    {
        var layout = LayoutOf(sheet);
        layout.SetProperty("showlegend", sheet.Legend && series.Count(one => !one.IsFaint) > 1);
        return Json(series.Select(TraceOf), layout);
    }

    public string Draw(Sheet sheet, double[][] values, string[][]? texts, string scale)
    {
        var trace = new Trace("heatmap");
        trace.SetProperty("uid", "grid");
        trace.SetProperty("z", values.Select(row => row.Select(Short).ToArray()).ToArray());
        // light to dark in one hue: read without colour too
        trace.SetProperty("colorscale", new object[][] { [0, "#FFFFFF"], [0.5, "#56B4E9"], [1, "#00395A"] });
        double least = Math.Min(0, values.Min(row => row.Min()));
        double most = values.Max(row => row.Max());
        trace.SetProperty("zmin", Short(least)); // white is nothing
        trace.SetProperty("zmax", Short(most > least ? most : least + 1));
        trace.SetProperty("colorbar", Of(("title", Of(("text", scale))), ("thickness", 12), ("outlinewidth", 0)));
        if (texts is not null)
        {
            trace.SetProperty("text", texts);
            trace.SetProperty("texttemplate", "%{text}");
        }

        if (sheet.X.Ticks is { } across && sheet.Y.Ticks is { } down)
        {
            trace.SetProperty("hovertext",
                values.Select((row, y) => row.Select((value, x) => $"{down[y]} → {across[x]}: {Short(value)}").ToArray()).ToArray());
            trace.SetProperty("hoverinfo", "text");
        }

        return Json([trace], LayoutOf(sheet));
    }

    private static Trace TraceOf(Series series, int number)
    {
        bool isBar = series.Kind is SeriesKind.Bars or SeriesKind.LyingBars;
        int look = series.Look ?? number;
        string color = series.Color ?? HtmlParts.Colors[look % HtmlParts.Colors.Count];
        var trace = new Trace(isBar ? "bar" : "scatter");
        trace.SetProperty("uid", $"series{number}"); // otherwise a random one, which gets into the picture
        trace.SetProperty("name", series.Name);
        trace.SetProperty("x", series.X.Select(Short).ToArray());
        trace.SetProperty("y", series.Y.Select(Short).ToArray());
        if (isBar)
        {
            trace.SetProperty("marker", Of(("color", color)));
            trace.SetProperty("orientation", series.Kind == SeriesKind.LyingBars ? "h" : "v");
        }
        else
        {
            string marks = series.Kind != SeriesKind.Line ? "markers"
                : series.IsFaint || series.X.Count > MostMarkers ? "lines" : "lines+markers";
            trace.SetProperty("mode", series.ShowTexts ? marks + "+text" : marks);
            bool isCrowd = series.Kind == SeriesKind.Points && series.X.Count > MostFilled;
            string symbol = series.Symbol ?? Symbols[look % Symbols.Length] + (isCrowd ? "-open" : "");
            trace.SetProperty("marker", Of(("color", color), ("symbol", symbol), ("size", isCrowd ? 4 : series.IsFaint ? 6 : 9)));
            if (isCrowd)
            {
                trace.SetProperty("opacity", 0.6);
            }

            var line = Of(("color", color), ("dash", Dashes[look % Dashes.Length]));
            if (series.IsFaint)
            {
                line["width"] = 1;
            }

            trace.SetProperty("line", line);
        }

        if (series.IsFaint)
        {
            trace.SetProperty("showlegend", false);
            trace.SetProperty("opacity", 0.55);
        }

        if (series.Rows is { } rows)
        {
            var meta = Of(("rows", rows.Select(names => names.ToArray()).ToArray()));
            if (series.Seed is { } seed)
            {
                meta["seed"] = seed;
            }

            trace.SetProperty("meta", meta);
        }

        if (series.Texts is { } texts)
        {
            trace.SetProperty(series.ShowTexts ? "text" : "hovertext", texts.ToArray());
            trace.SetProperty("hoverinfo", "text");
            trace.SetProperty("textposition", series.TextPlaces is { } places ? places.ToArray()
                : isBar ? "auto" : series.Symbol is not null ? "middle right" : "top center");
        }

        if (series.Intervals is { } intervals)
        {
            var middles = series.IntervalsStand ? series.Y : series.X;
            trace.SetProperty(series.IntervalsStand ? "error_y" : "error_x", Of(
                ("type", "data"),
                ("symmetric", false),
                ("array", intervals.Select((one, i) => Short(one.High - middles[i])).ToArray()),
                ("arrayminus", intervals.Select((one, i) => Short(middles[i] - one.Low)).ToArray()),
                ("thickness", 2),
                ("width", 5)));
        }

        return trace;
    }

    // A white sheet with dark ink is readable on a dark page too.
    private static Layout LayoutOf(Sheet sheet)
    {
        var layout = new Layout();
        layout.SetProperty("title", Of(("text", sheet.Title), ("font", Of(("size", 16))), ("x", 0.02), ("xanchor", "left")));
        layout.SetProperty("font", Of(("family", HtmlParts.Fonts), ("size", 13), ("color", Ink)));
        layout.SetProperty("paper_bgcolor", "#FFFFFF");
        layout.SetProperty("plot_bgcolor", "#FFFFFF");
        layout.SetProperty("width", sheet.Width);
        layout.SetProperty("height", sheet.Height);
        layout.SetProperty("margin", Of(("l", 60), ("r", 30), ("t", 56), ("b", 50)));
        layout.SetProperty("xaxis", AxisOf(sheet.X, sheet.Width - 170));
        layout.SetProperty("yaxis", AxisOf(sheet.Y));
        if (sheet.X.Bands.Count > 0)
        {
            layout.SetProperty("shapes", sheet.X.Bands.Select(BandOf).ToArray());
        }

        return layout;
    }

    private static Dictionary<string, object> BandOf((double Low, double High) band) => Of(
        ("type", "rect"), ("xref", "x"), ("yref", "paper"), ("x0", Short(band.Low)), ("x1", Short(band.High)), ("y0", 0), ("y1", 1),
        ("layer", "below"), ("fillcolor", "rgba(128,128,128,0.16)"),
        ("line", Of(("color", "#888888"), ("width", band.Low < band.High ? 0 : 1))));

    // Names stand upright where they fit side by side into the room, in pixels; a column of text is about 6 wide.
    private static Dictionary<string, object> AxisOf(Axis axis, int? room = null)
    {
        var properties = Of(
            ("title", Of(("text", axis.Title), ("standoff", 10))),
            ("automargin", true),
            ("gridcolor", "#E4E4E4"),
            ("linecolor", "#888888"),
            ("zeroline", false));
        if (axis.Ticks is { } ticks)
        {
            // Places, not categories: a token may stand twice in a text.
            properties["tickvals"] = Enumerable.Range(0, ticks.Count).ToArray();
            properties["ticktext"] = ticks.ToArray();
            properties["tickangle"] =
                room is not null && (ticks.Count > 6 || ticks.Any(name => HtmlParts.Width(name) * 6 * ticks.Count > room)) ? -60 : 0;
            properties["showgrid"] = false;
        }

        if (axis.WholeNumbers)
        {
            properties["dtick"] = 1;
        }

        if (axis.Range is var (low, high))
        {
            properties["range"] = axis.Reversed ? new[] { high, low } : [low, high];
        }
        else if (axis.Reversed)
        {
            properties["autorange"] = "reversed";
        }

        return properties;
    }

    private static string Json(IEnumerable<Trace> traces, Layout layout) =>
        GenericChart.toFigureJson(GenericChart.NewMultiChart(ListModule.OfSeq(traces), layout, new Config(), new DisplayOptions()));

    private static Dictionary<string, object> Of(params (string Name, object Value)[] properties)
    {
        var all = new Dictionary<string, object>();
        foreach (var (name, value) in properties)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>Five significant digits are more than a chart shows.</summary>
    private static double Short(double value) =>
        double.IsFinite(value) && value != 0
            ? Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15))
            : value;
}
