namespace Electra.Lessons;

/// <summary>Where texts stand around their points so that few lie over another text or a point.</summary>
internal static class TextPlaces
{
    // Pixels, as plotly.js places texts: half of a wide character, the font, half of a marker, from the point's middle to a text's edge.
    private const double Column = 6.5, Font = 13, Marker = 6, Aside = 6.6;
    private const int Rounds = 20; // of choosing anew; few suffice

    // In plotly.js's words, the usual place first, with the direction from the point; up is positive.
    private static readonly (string Name, int Right, int Up)[] All =
    [
        ("top center", 0, 1), ("bottom center", 0, -1), ("middle right", 1, 0), ("middle left", -1, 0),
        ("top right", 1, 1), ("top left", -1, 1), ("bottom right", 1, -1), ("bottom left", -1, -1),
    ];

    /// <summary>Chooses a place for each text, and again, until none has a better one beside the others.</summary>
    /// <param name="points">N × 2 coordinates, one row after the other.</param>
    /// <param name="texts">N texts.</param>
    /// <param name="width">Pixels from the leftmost point to the rightmost.</param>
    /// <param name="height">Pixels from the lowest point to the highest.</param>
    /// <returns>N places.</returns>
    public static string[] Of(IReadOnlyList<double> points, IReadOnlyList<string> texts, double width, double height)
    {
        int[] all = [.. Enumerable.Range(0, texts.Count)];
        double[] x = Scaled(0, width), y = Scaled(1, height);
        var markers = all.Select(i => new Box(x[i] - Marker, y[i] - Marker, x[i] + Marker, y[i] + Marker)).ToArray();
        int[] places = new int[texts.Count];
        var boxes = all.Select(i => BoxOf(i, All[0])).ToArray();
        bool isChanged = true;
        for (int round = 0; isChanged && round < Rounds; round++)
        {
            isChanged = false;
            foreach (int i in all)
            {
                // a tenth of a pixel's area: of equally good places the more usual one
                int best = Enumerable.Range(0, All.Length).MinBy(place => Hidden(i, BoxOf(i, All[place])) + (0.1 * place));
                isChanged |= best != places[i];
                (places[i], boxes[i]) = (best, BoxOf(i, All[best]));
            }
        }

        return [.. places.Select(place => All[place].Name)];

        double Hidden(int i, Box box) => all.Where(other => other != i).Sum(other => box.Shared(boxes[other]) + box.Shared(markers[other]));

        double[] Scaled(int axis, double pixels)
        {
            double[] values = [.. all.Select(i => points[(2 * i) + axis])];
            double range = values.DefaultIfEmpty().Max() - values.DefaultIfEmpty().Min();
            return [.. values.Select(value => range > 0 ? value * pixels / range : 0)];
        }

        Box BoxOf(int i, (string Name, int Right, int Up) place)
        {
            double length = HtmlParts.Width(texts[i]) * Column;
            double left = place.Right switch { 0 => x[i] - (length / 2), > 0 => x[i] + Aside, _ => x[i] - Aside - length };
            double line = y[i] + place.Up switch { 0 => -0.25 * Font, > 0 => (0.25 * Font) + Aside, _ => -(0.75 * Font) - Aside };
            return new(left, line - (0.2 * Font), left + length, line + (0.9 * Font)); // from the line on which letters stand
        }
    }

    private readonly record struct Box(double Left, double Low, double Right, double High)
    {
        public double Shared(Box other) => Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
            * Math.Max(0, Math.Min(High, other.High) - Math.Max(Low, other.Low));
    }
}
