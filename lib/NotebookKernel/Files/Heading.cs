namespace NotebookKernel;

/// <summary>A heading of a Markdown cell.</summary>
/// <param name="Level">How many <c>#</c> it has, 1 to 6.</param>
/// <param name="Text">What it says, without marks of code.</param>
public sealed record Heading(int Level, string Text);
