namespace NotebookKernel;

/// <summary>Something in a notebook that breaks a rule.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="Cell">The cell's place in it, from 1; null where it is the whole notebook.</param>
/// <param name="Message">What is wrong.</param>
public sealed record CheckFinding(string Path, int? Cell, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Cell is null ? $"{Path}: {Message}" : $"{Path}, cell {Cell}: {Message}";
}
