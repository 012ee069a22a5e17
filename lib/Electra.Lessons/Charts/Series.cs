namespace Electra.Lessons;

/// <summary>What a chart shows of one thing: a line, points, or bars in one colour.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Places on the horizontal axis.</param>
/// <param name="Y">Places on the vertical axis, as many.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>A series over 0, 1, 2, …</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="y">Places on the vertical axis.</param>
    public Series(string name, IReadOnlyList<double> y)
        : this(name, [.. Enumerable.Range(0, y.Count).Select(i => (double)i)], y)
    {
    }

    /// <summary>Line, points, or bars.</summary>
    public SeriesKind Kind { get; init; } = SeriesKind.Line;

    /// <summary>A colour of its own, such as <c>#E69F00</c>; null: by its place among the series.</summary>
    public string? Color { get; init; }

    /// <summary>Where a horizontal interval around each point begins and ends, or null for none.</summary>
    public IReadOnlyList<(double Low, double High)>? Intervals { get; init; }

    /// <summary>What is said about each point when the mouse is over it, or null.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Whether the texts are written beside the points as well.</summary>
    public bool ShowTexts { get; init; }

    /// <summary>Where each of the shown texts stands, in plotly.js's words; null: above the points.</summary>
    internal IReadOnlyList<string>? TextPlaces { get; init; }

    /// <summary>
    /// For pages that filter: the names of the rows of a comparison that each point is about, or of all points in a single entry; null
    /// where nothing is filtered.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<string>>? Rows { get; init; }

    /// <summary>For pages that filter: the seed of the one run that it is about, or null.</summary>
    internal int? Seed { get; init; }

    /// <summary>Whether <see cref="Intervals"/> are around Y instead of X.</summary>
    internal bool IntervalsStand { get; init; }

    /// <summary>The number that colour and symbol follow from; null: its place among the series.</summary>
    internal int? Look { get; init; }

    /// <summary>A symbol of its own, or null.</summary>
    internal string? Symbol { get; init; }

    /// <summary>Whether it stands in the background: thin, half transparent, without a place in the legend.</summary>
    internal bool IsFaint { get; init; }
}
