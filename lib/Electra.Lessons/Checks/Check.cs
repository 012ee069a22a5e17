using TorchSharp;

namespace Electra.Lessons;

/// <summary>
/// Says whether an exercise is solved, in one printed line: right, still to do, or what is wrong, without the right value. Hints come on
/// request (<see cref="Hint(int)"/>). It never throws, also when the learner's code does or a value is missing: then it says that. Where
/// <see cref="IsStrict"/> is true it throws, so that a program can grade.
/// </summary>
/// <remarks>A value that is null or NaN, and code that throws <see cref="NotImplementedException"/>, count as not begun.</remarks>
public static class Check
{
    private static readonly List<(string Exercise, bool Right, string[] Hints)> Results = [];
    private static string? _last;

    /// <summary>True where the environment variable <c>ELECTRA_STRICT</c> is set, and not to 0: then what is not right throws an
    /// <see cref="ExerciseException"/> after its line.</summary>
    public static bool IsStrict => Environment.GetEnvironmentVariable("ELECTRA_STRICT") is { Length: > 0 } and not "0";

    /// <summary>Checks a statement about the learner's work.</summary>
    /// <param name="exercise">The exercise's name, such as <c>"Exercise 1"</c>.</param>
    /// <param name="statement">True when it is right; null when it is not begun.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void That(string exercise, bool? statement, params string[] hints) => That(exercise, () => statement, hints);

    /// <inheritdoc cref="That(string, bool?, string[])"/>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="statement">Code that says whether it is right.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void That(string exercise, Func<bool?> statement, params string[] hints) => Exercise(exercise, hints, () =>
        Verdict.That(statement(), "this is not so yet"));

    /// <summary>Checks a value: a number, a text, or a sequence element by element.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="value">What the learner has; null when not begun.</param>
    /// <param name="expected">What is right.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void Equal<T>(string exercise, T? value, T expected, params string[] hints) =>
        Equal(exercise, () => value, expected, hints);

    /// <inheritdoc cref="Equal{T}(string, T, T, string[])"/>
    public static void Equal<T>(string exercise, Func<T?> value, T expected, params string[] hints) =>
        Exercise(exercise, hints, () => Verdict.Equal(value(), expected));

    /// <summary>Checks a number up to a tolerance.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="value">What the learner has; null or NaN when not begun.</param>
    /// <param name="expected">What is right.</param>
    /// <param name="tolerance">How far from it is still right.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void Number(string exercise, double? value, double expected, double tolerance = 1e-4, params string[] hints) =>
        Number(exercise, () => value, expected, tolerance, hints);

    /// <inheritdoc cref="Number(string, double?, double, double, string[])"/>
    public static void Number(string exercise, Func<double?> value, double expected, double tolerance = 1e-4, params string[] hints) =>
        Exercise(exercise, hints, () => Verdict.Number(value(), expected, tolerance));

    /// <summary>Checks a tensor's shape.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="tensor">The learner's tensor; null when not begun.</param>
    /// <param name="expected">The right shape, outermost axis first.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void Shape(string exercise, torch.Tensor? tensor, long[] expected, params string[] hints) =>
        Shape(exercise, () => tensor, expected, hints);

    /// <inheritdoc cref="Shape(string, torch.Tensor?, long[], string[])"/>
    public static void Shape(string exercise, Func<torch.Tensor?> tensor, long[] expected, params string[] hints) =>
        Exercise(exercise, hints, () => Verdict.Shape(tensor(), expected));

    /// <summary>Checks a tensor's shape and values.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="tensor">The learner's tensor; null when not begun.</param>
    /// <param name="expected">The right tensor.</param>
    /// <param name="tolerance">How far each value may be from the right one.</param>
    /// <param name="hints">What to think of when it is wrong, from the slightest to the plainest.</param>
    public static void Close(string exercise, torch.Tensor? tensor, torch.Tensor expected, double tolerance = 1e-4,
        params string[] hints) => Close(exercise, () => tensor, expected, tolerance, hints);

    /// <inheritdoc cref="Close(string, torch.Tensor?, torch.Tensor, double, string[])"/>
    public static void Close(string exercise, Func<torch.Tensor?> tensor, torch.Tensor expected, double tolerance = 1e-4,
        params string[] hints) => Exercise(exercise, hints, () => Verdict.Close(tensor(), expected, tolerance));

    /// <summary>Prints a hint for the exercise that was checked last.</summary>
    /// <param name="number">Which one, from 1, the slightest.</param>
    public static void Hint(int number = 1)
    {
        if (_last is null)
        {
            Console.WriteLine("No exercise has been checked yet: run its cell first.");
        }
        else
        {
            Hint(_last, number);
        }
    }

    /// <summary>Prints a hint for an exercise that was checked before.</summary>
    /// <param name="exercise">The exercise's name, as the check prints it.</param>
    /// <param name="number">Which one, from 1, the slightest.</param>
    public static void Hint(string exercise, int number = 1)
    {
        string[]? hints = Results.Find(result => result.Exercise == exercise).Hints;
        Console.WriteLine(hints is null ? $"{exercise} has not been checked yet: run its cell first."
            : number >= 1 && number <= hints.Length ? $"Hint {number} of {hints.Length} for {exercise}: {hints[number - 1].TrimEnd('.')}."
            : $"{exercise} has {Count(hints.Length)}.");
    }

    /// <summary>Prints how many of the exercises checked so far are right, and which are not.</summary>
    public static void Summary()
    {
        string[] open = [.. Results.Where(result => !result.Right).Select(result => result.Exercise)];
        Console.WriteLine($"{Results.Count - open.Length} of {Results.Count} exercises are " +
            $"right{(open.Length > 0 ? $"; still open: {string.Join(", ", open)}" : "")}.");
    }

    internal static void Exercise(string exercise, string[] hints, Func<Verdict> check)
    {
        Verdict verdict;
        try
        {
            verdict = check();
        }
        catch (NotImplementedException)
        {
            verdict = Verdict.ToDo;
        }
        catch (Exception e)
        {
            verdict = Verdict.Wrong($"the code stopped with {e.GetType().Name}: {e.Message.Split('\n')[0].Trim()}");
        }

        string line = verdict switch
        {
            { IsToDo: true, Complaint: { } complaint } => $"To do: {exercise}: {complaint.TrimEnd('.')}.",
            { IsToDo: true } => $"To do: {exercise}.",
            { Complaint: { } complaint } => $"Not yet: {exercise}: {complaint.TrimEnd('.')}.",
            _ => $"Right: {exercise}.",
        };
        bool right = verdict == Verdict.Right;
        Console.WriteLine(right || hints.Length == 0 ? line : $"{line} It has {Count(hints.Length)}: Check.Hint(1).");
        _last = exercise;
        int known = Results.FindIndex(result => result.Exercise == exercise);
        if (known >= 0)
        {
            Results[known] = (exercise, right, hints);
        }
        else
        {
            Results.Add((exercise, right, hints));
        }

        if (!right && IsStrict)
        {
            throw new ExerciseException(line);
        }
    }

    private static string Count(int hints) => hints switch { 0 => "no hints", 1 => "1 hint", _ => $"{hints} hints" };
}
