namespace NotebookKernel;

/// <summary>Text that is shown as HTML, as it is.</summary>
/// <param name="Text">The HTML.</param>
public sealed record HtmlText(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
