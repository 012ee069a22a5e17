namespace Electra.Lessons;

/// <summary>An exercise is not solved, said by throwing: only where <see cref="Check.IsStrict"/> is true.</summary>
public sealed class ExerciseException : Exception
{
    /// <inheritdoc/>
    public ExerciseException()
    {
    }

    /// <inheritdoc/>
    public ExerciseException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ExerciseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
