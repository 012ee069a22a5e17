namespace Electra.Lessons;

/// <summary>Where texts stand around their points so that few lie over another text or a point.</summary>
internal static class TextPlaces
{
    private const double Column = 6.5, Line = 14, Marker = 5; // pixels: half of a wide character, a line, half of a marker

    // In plotly.js's words, the usual place first, with the direction from the point; up is positive.
    private static readonly (string Name, int Right, int Up)[] All =
    [
        ("top center", 0, 1), ("bottom center", 0, -1), ("middle right", 1, 0), ("middle left", -1, 0),
        ("top right", 1, 1), ("top left", -1, 1), ("bottom right", 1, -1), ("bottom left", -1, -1),
    ];

    /// <summary>Chooses a place for each text, one after the other, those with the nearest neighbours first.</summary>
    /// <param name="points">N × 2 coordinates, one row after the other.</param>
    /// <param name="texts">N texts.</param>
    /// <param name="width">Width of the chart in pixels; axis and legend take part of it.</param>
    /// <param name="height">Its height.</param>
    /// <returns>N places.</returns>
    public static string[] Of(IReadOnlyList<double> points, IReadOnlyList<string> texts, int width, int height)
    {
        int[] all = [.. Enumerable.Range(0, texts.Count)];
        double[] x = Scaled(0, width - 220), y = Scaled(1, height - 140);
        var markers = all.Select(i => new Box(x[i] - Marker, y[i] - Marker, x[i] + Marker, y[i] + Marker)).ToArray();
        var taken = new List<Box>();
        string[] places = new string[texts.Count];
        foreach (int i in all.OrderBy(i => all.Where(other => other != i).Select(other => Distance(i, other)).DefaultIfEmpty().Min()))
        {
            var (name, box) = All.Select(place => (place.Name, Box: BoxOf(i, place.Right, place.Up)))
                .MinBy(one => taken.Sum(one.Box.Shared) + all.Where(other => other != i).Sum(other => one.Box.Shared(markers[other])));
            places[i] = name;
            taken.Add(box);
        }

        return places;

        double[] Scaled(int axis, double pixels)
        {
            double[] values = [.. all.Select(i => points[(2 * i) + axis])];
            double range = values.DefaultIfEmpty().Max() - values.DefaultIfEmpty().Min();
            return [.. values.Select(value => range > 0 ? value * pixels / range : 0)];
        }

        double Distance(int a, int b) => Math.Pow(x[a] - x[b], 2) + Math.Pow(y[a] - y[b], 2);

        Box BoxOf(int i, int right, int up)
        {
            double half = HtmlParts.Width(texts[i]) * Column / 2;
            double middle = x[i] + (right * (half + Marker)), height = y[i] + (up * ((Line / 2) + Marker));
            return new(middle - half, height - (Line / 2), middle + half, height + (Line / 2));
        }
    }

    private readonly record struct Box(double Left, double Low, double Right, double High)
    {
        public double Shared(Box other) => Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
            * Math.Max(0, Math.Min(High, other.High) - Math.Max(Low, other.Low));
    }
}
