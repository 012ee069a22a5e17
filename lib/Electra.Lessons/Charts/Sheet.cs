namespace Electra.Lessons;

/// <summary>What a chart is drawn on.</summary>
/// <param name="Title">The title.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Legend">Whether several series are named in a legend.</param>
internal sealed record Sheet(string Title, Axis X, Axis Y, int Width = 720, int Height = 420, bool Legend = true);
