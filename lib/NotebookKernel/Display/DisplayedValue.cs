namespace NotebookKernel;

/// <summary>An output that was shown and can be replaced.</summary>
public sealed class DisplayedValue
{
    private static int _count;
    private readonly Cell _cell;
    private readonly string _id;
    private readonly string[] _mimeTypes;

    internal DisplayedValue(Cell cell, object? value, string[] mimeTypes)
    {
        (_cell, _mimeTypes) = (cell, mimeTypes);
        _id = $"display-{cell.Number}-{Interlocked.Increment(ref _count)}";
        cell.Display(value, mimeTypes, _id);
    }

    /// <summary>Shows another value in the place of this one.</summary>
    /// <param name="value">What to show instead.</param>
    public void Update(object? value) => _cell.Display(value, _mimeTypes, _id, update: true);
}
