using Electra.Lessons;

namespace Electra.Tool.Report;

/// <summary>A chart and where it goes.</summary>
/// <param name="Section">The section of the page.</param>
/// <param name="Chart">The chart.</param>
/// <param name="Picture">What its picture is called, or null where it is drawn in the page only.</param>
/// <param name="Row">The one row of the comparison that it is about, or null.</param>
internal sealed record ReportFigure(string Section, Chart Chart, string? Picture, string? Row = null);
