using System.Text.RegularExpressions;
using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace Electra.Lessons.Plotly;

/// <summary>
/// The charts of <c>Electra.Lessons</c> as Plotly.NET's objects; their properties have the names of plotly.js's reference.
/// </summary>
internal sealed partial class PlotlyCharts : IChartLibrary
{
    private const string Ink = "#222222";
    private const int MostMarkers = 40; // on a line: closer ones hide it
    private const int MostFilled = 500; // points: of more, filled ones hide each other
    private const string Edge = "#AEB6BF"; // between cells
    // light to dark in one hue: read without colour too
    private static readonly (double Share, string Color)[] Scale = [(0, "#FFFFFF"), (0.5, "#56B4E9"), (1, "#00395A")];
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
        var bars = series.Where(one => one.Kind == SeriesKind.Bars).ToArray();
        if (bars.Length > 1 && bars.SelectMany(one => one.X).Distinct().Count() == bars.Sum(one => one.X.Count))
        {
            layout.SetProperty("barmode", "overlay"); // no two in one place: none makes room for another
        }

        return Json(series.Select(TraceOf), layout);
    }

    public string Draw(Sheet sheet, double[][] values, string[][]? texts, string scale)
    {
        double least = Math.Min(0, values.Min(row => row.Min()));
        double most = values.Max(row => row.Max());
        most = most > least ? most : least + 1;
        bool isMask = values.All(row => row.All(value => value is 0 or 1)); // nothing lies between its two colours
        var trace = new Trace("heatmap");
        trace.SetProperty("uid", "grid");
        trace.SetProperty("z", values.Select(row => row.Select(Short).ToArray()).ToArray());
        trace.SetProperty("colorscale", isMask
            ? [[0, Scale[0].Color], [0.5, Scale[0].Color], [0.5, Scale[^1].Color], [1, Scale[^1].Color]]
            : Scale.Select(stop => new object[] { stop.Share, stop.Color }).ToArray());
        trace.SetProperty("zmin", Short(least)); // white is nothing
        trace.SetProperty("zmax", Short(most));
        var bar = Of(("title", Of(("text", scale))), ("thickness", 12), ("outlinewidth", 1), ("outlinecolor", Edge));
        if (isMask)
        {
            (bar["tickvals"], bar["ticktext"], bar["len"]) = (new[] { 0.25, 0.75 }, new[] { "0", "1" }, 0.5);
        }

        trace.SetProperty("colorbar", bar);
        if (sheet.X.Ticks is { } across && sheet.Y.Ticks is { } down)
        {
            trace.SetProperty("hovertext",
                values.Select((row, y) => row.Select((value, x) => $"{down[y]} → {across[x]}: {Short(value)}").ToArray()).ToArray());
            trace.SetProperty("hoverinfo", "text");
        }

        int columns = values[0].Length;
        var layout = LayoutOf(sheet);
        foreach (var (name, axis) in ((string, Dictionary<string, object>)[])[
            ("xaxis", AxisOf(sheet.X with { Range = (-0.5, columns - 0.5) }, sheet.Width - 240)), // without names at the left and the bar
            ("yaxis", AxisOf(sheet.Y with { Range = (-0.5, values.Length - 0.5) }))])
        {
            (axis["showline"], axis["mirror"]) = (true, true);
            layout.SetProperty(name, axis);
        }

        layout.SetProperty("showlegend", false);
        // A line between any two cells, so that white ones are seen as well.
        string lines = string.Concat(
            Enumerable.Range(1, columns - 1).Select(x => $"M{x - 1}.5,-0.5V{values.Length - 1}.5")
                .Concat(Enumerable.Range(1, values.Length - 1).Select(y => $"M-0.5,{y - 1}.5H{columns - 1}.5")));
        if (lines.Length > 0)
        {
            layout.SetProperty("shapes", new[] { Of(("type", "path"), ("path", lines), ("line", Of(("color", Edge), ("width", 1)))) });
        }

        return Json(texts is null ? [trace] : [trace, TextsOf(values, texts, least, most)], layout);
    }

    // A trace of its own, because a heat map has one colour for all its texts: each is black or white, whichever its cell shows better.
    private static Trace TextsOf(double[][] values, string[][] texts, double least, double most)
    {
        var cells = values.SelectMany((row, y) => row.Select((value, x) => (X: x, Y: y, Share: (value - least) / (most - least))))
            .ToArray();
        var trace = new Trace("scatter");
        trace.SetProperty("uid", "texts");
        trace.SetProperty("mode", "text");
        trace.SetProperty("x", cells.Select(cell => cell.X).ToArray());
        trace.SetProperty("y", cells.Select(cell => cell.Y).ToArray());
        trace.SetProperty("text", cells.Select(cell => texts[cell.Y][cell.X]).ToArray());
        trace.SetProperty("textfont", Of(("color", cells.Select(cell => InkOn(cell.Share)).ToArray())));
        trace.SetProperty("hoverinfo", "skip");
        return trace;
    }

    /// <summary>Black or white, whichever has more contrast (WCAG 2) with the colour of the scale at a share: 4.58 to 1 at least.</summary>
    private static string InkOn(double share)
    {
        var (low, high) = share < Scale[1].Share ? (Scale[0], Scale[1]) : (Scale[1], Scale[2]);
        double part = (share - low.Share) / (high.Share - low.Share);
        double Light(int place)
        {
            int Of(string color) => Convert.ToInt32(color[place..(place + 2)], 16);
            double light = (Of(low.Color) + (part * (Of(high.Color) - Of(low.Color)))) / 255;
            return light <= 0.04045 ? light / 12.92 : Math.Pow((light + 0.055) / 1.055, 2.4);
        }

        double luminance = (0.2126 * Light(1)) + (0.7152 * Light(3)) + (0.0722 * Light(5));
        return (luminance + 0.05) * (luminance + 0.05) > 0.05 * 1.05 ? "#000000" : "#FFFFFF";
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
                trace.SetProperty("opacity", 0.8);
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

    // Names lie level where they fit side by side into the room, in pixels, if need be in two lines; a column of text is about 7 wide.
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
            string[] broken = [.. ticks.Select(name => Break().Replace(name, "$1<br>"))];
            bool Fit(IEnumerable<string> names) =>
                names.SelectMany(name => name.Split("<br>")).All(line => ((HtmlParts.Width(line) * 7) + 8) * ticks.Count <= room);
            bool isLevel = room is null || Fit(ticks);
            properties["ticktext"] = isLevel || !Fit(broken) ? ticks.ToArray() : broken;
            properties["tickangle"] = isLevel || Fit(broken) ? 0 : -60;
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

    [GeneratedRegex("( [→+]) ")]
    private static partial Regex Break();

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
