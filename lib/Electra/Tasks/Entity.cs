namespace Electra;

/// <summary>A name, date or quantity in a text.</summary>
/// <param name="Type">What it is: PS, LC, … in KLUE.</param>
/// <param name="Start">Where it begins in the text, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
public sealed record Entity(string Type, int Start, int End);
