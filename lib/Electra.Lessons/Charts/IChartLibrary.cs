namespace Electra.Lessons;

/// <summary>
/// What Plotly.NET does for charts. It is loaded into a context of its own, since it needs a newer FSharp.Core than some notebook kernels
/// carry; only texts and this library's own types cross.
/// </summary>
internal interface IChartLibrary
{
    /// <summary>plotly.js, the program that draws definitions in a browser.</summary>
    string Script { get; }

    /// <summary>Lines, points and bars, as a definition in JSON.</summary>
    string Draw(Sheet sheet, IReadOnlyList<Series> series);

    /// <summary>A grid of coloured cells.</summary>
    /// <param name="sheet">Title and axes.</param>
    /// <param name="values">Rows of cells; row 0 is at the vertical axis's place 0.</param>
    /// <param name="texts">What is written in the cells, or null.</param>
    /// <param name="scale">What the colours mean.</param>
    string Draw(Sheet sheet, double[][] values, string[][]? texts, string scale);
}
