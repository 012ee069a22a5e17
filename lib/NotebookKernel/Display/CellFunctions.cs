namespace NotebookKernel;

/// <summary>What every cell can call without a using.</summary>
#pragma warning disable CA1707, CA1708, IDE1006 // the names that C# notebooks use
public static class CellFunctions
{
    /// <summary>Is cancelled when the running cell is interrupted or its time is up: pass it on, or look at it in long loops.</summary>
    public static CancellationToken Cancellation => Cell.Current?.Cancel ?? CancellationToken.None;

    /// <summary>Shows a value now.</summary>
    /// <param name="value">What to show.</param>
    /// <param name="mimeTypes">In which forms; none: those its type prefers.</param>
    /// <returns>The output, for <see cref="DisplayedValue.Update"/>.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes)
        => new(Cell.Current ?? throw new InvalidOperationException("display(…) works in a notebook's cell only."), value, mimeTypes);

    /// <inheritdoc cref="display"/>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Shows a text that already is of a MIME type, as it is.</summary>
    /// <param name="text">The content.</param>
    /// <param name="mimeType">What it is, such as <c>text/html</c> or <c>image/svg+xml</c>.</param>
    /// <returns>The output, for <see cref="DisplayedValue.Update"/>.</returns>
    public static DisplayedValue DisplayAs(this string text, string mimeType) => display(new TypedText(text), mimeType);

    /// <summary>Makes a text HTML, to be shown as it is.</summary>
    /// <param name="text">The HTML.</param>
    /// <returns>A value to show.</returns>
    public static HtmlText HTML(string text) => new(text);
}
