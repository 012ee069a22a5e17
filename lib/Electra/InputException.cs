namespace Electra;

/// <summary>
/// Something the user gave (a file, an option, a text) cannot be used. The message is one sentence that names the thing, the place
/// (file and line where there are such) and the remedy; a program shows it as it is, without a stack trace, and exits with code 2.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence for the user: what, where, and what to do.</param>
    /// <param name="inner">What led to it, or null.</param>
    public InputException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
