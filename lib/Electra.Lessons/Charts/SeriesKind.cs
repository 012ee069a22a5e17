namespace Electra.Lessons;

/// <summary>How a series is drawn.</summary>
public enum SeriesKind
{
    /// <summary>A line, with a marker at each point where these are at most 40.</summary>
    Line,

    /// <summary>Markers only, of more than 500 small, open and half transparent ones, which do not hide each other.</summary>
    Points,

    /// <summary>Upright bars.</summary>
    Bars,

    /// <summary>Bars from the left; X is their length, Y their place.</summary>
    LyingBars,
}
