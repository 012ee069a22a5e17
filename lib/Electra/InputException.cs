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

    /// <summary>Throws when something does not hold.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">One sentence for the user: what, where, and what to do.</param>
    /// <exception cref="InputException">It does not hold.</exception>
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
        {
            throw new InputException(message);
        }
    }

    /// <summary>Throws when an option's value makes no sense.</summary>
    /// <param name="condition">What must hold of the value.</param>
    /// <param name="name">The option, as people call it.</param>
    /// <param name="value">The value.</param>
    /// <param name="range">What it may be, as in "it must be at least 1".</param>
    /// <exception cref="InputException">It does not hold.</exception>
    public static void Require(bool condition, string name, double value, string range) =>
        ThrowUnless(condition, $"The {name} is {value}; it must be {range}.");
}
