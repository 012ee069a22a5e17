namespace NotebookKernel;

/// <summary>Text that already is in the form asked for.</summary>
internal sealed record TypedText(string Text);
