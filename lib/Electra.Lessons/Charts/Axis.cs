namespace Electra.Lessons;

/// <summary>One axis of a chart.</summary>
/// <param name="Title">What it measures, with the unit.</param>
/// <param name="Ticks">Names of the places 0, 1, 2, …; null for numbers.</param>
public sealed record Axis(string Title, IReadOnlyList<string>? Ticks = null)
{
    /// <summary>Where it begins and ends; null leaves that to the data.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Whether it runs the other way: from top to bottom.</summary>
    public bool Reversed { get; init; }

    /// <summary>Whether only whole numbers are marked.</summary>
    public bool WholeNumbers { get; init; }

    /// <summary>Ranges that are shaded over the whole chart, a line where one begins and ends in the same place.</summary>
    internal IReadOnlyList<(double Low, double High)> Bands { get; init; } = [];

    /// <summary>An axis by its title.</summary>
    public static implicit operator Axis(string title) => new(title);
}
