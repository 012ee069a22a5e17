namespace NotebookKernel;

/// <summary>
/// Something the user gave (a notebook, a directive, a connection file) cannot be used. The message is one sentence that names the
/// thing, the place and the remedy.
/// </summary>
public sealed class NotebookException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence for the user: what, where, and what to do.</param>
    /// <param name="inner">What led to it, or null.</param>
    public NotebookException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
