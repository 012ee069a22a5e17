namespace Electra.Tool;

/// <summary>
/// Work was interrupted, and what was done of it is kept: the program ends with exit code 3, and its message says how to go on.
/// </summary>
internal sealed class Interruption(string message) : OperationCanceledException(message)
{
    /// <summary>Does work of which every finished part is kept, so that the same command goes on.</summary>
    public static int KeptInParts(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            throw new Interruption("Interrupted; what was finished is kept, and the same command goes on from there.");
        }
    }
}
