using System.Collections;
using System.Globalization;
using TorchSharp;

namespace Electra.Lessons;

/// <summary>
/// Says whether an exercise is solved, in one printed line: right, still to do, or what was found and what was expected. It never throws,
/// also when the learner's code does or a value is missing: then it says that.
/// </summary>
/// <remarks>A value that is null or NaN, and code that throws <see cref="NotImplementedException"/>, count as not begun.</remarks>
public static class Check
{
    private static readonly List<(string Exercise, bool Right)> Results = [];

    /// <summary>Checks a statement about the learner's work.</summary>
    /// <param name="exercise">The exercise's name, such as <c>"Exercise 1"</c>.</param>
    /// <param name="statement">True when it is right; null when it is not begun.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void That(string exercise, bool? statement, string? hint = null) => That(exercise, () => statement, hint);

    /// <inheritdoc cref="That(string, bool?, string?)"/>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="statement">Code that says whether it is right.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void That(string exercise, Func<bool?> statement, string? hint = null) => Report(exercise, hint, () => statement() switch
    {
        null => Answer.ToDo,
        true => Answer.Right,
        false => new Answer("this is not so yet"),
    });

    /// <summary>Checks a value: a number, a text, or a sequence element by element.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="value">What the learner has; null when not begun.</param>
    /// <param name="expected">What is right.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void Equal<T>(string exercise, T? value, T expected, string? hint = null) => Equal(exercise, () => value, expected, hint);

    /// <inheritdoc cref="Equal{T}(string, T, T, string)"/>
    public static void Equal<T>(string exercise, Func<T?> value, T expected, string? hint = null) =>
        Report(exercise, hint, () => value() is not { } found ? Answer.ToDo : Compare(found, expected));

    /// <summary>Checks a number up to a tolerance.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="value">What the learner has; null or NaN when not begun.</param>
    /// <param name="expected">What is right.</param>
    /// <param name="tolerance">How far from it is still right.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void Number(string exercise, double? value, double expected, double tolerance = 1e-4, string? hint = null) =>
        Number(exercise, () => value, expected, tolerance, hint);

    /// <inheritdoc cref="Number(string, double?, double, double, string?)"/>
    public static void Number(string exercise, Func<double?> value, double expected, double tolerance = 1e-4, string? hint = null) =>
        Report(exercise, hint, () => value() switch
    {
        null or double.NaN => Answer.ToDo,
        { } found when Math.Abs(found - expected) <= tolerance => Answer.Right,
        { } found => new Answer($"found {Text(found)}, expected {Text(expected)}{(tolerance > 0 ? $" (± {Text(tolerance)})" : "")}"),
    });

    /// <summary>Checks a tensor's shape.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="tensor">The learner's tensor; null when not begun.</param>
    /// <param name="expected">The right shape, outermost axis first.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void Shape(string exercise, torch.Tensor? tensor, long[] expected, string? hint = null) =>
        Shape(exercise, () => tensor, expected, hint);

    /// <inheritdoc cref="Shape(string, torch.Tensor?, long[], string?)"/>
    public static void Shape(string exercise, Func<torch.Tensor?> tensor, long[] expected, string? hint = null) =>
        Report(exercise, hint, () =>
        tensor() is not { } found ? Answer.ToDo : OfShape(found.shape, expected));

    /// <summary>Checks a tensor's shape and values.</summary>
    /// <param name="exercise">The exercise's name.</param>
    /// <param name="tensor">The learner's tensor; null when not begun.</param>
    /// <param name="expected">The right tensor.</param>
    /// <param name="tolerance">How far each value may be from the right one.</param>
    /// <param name="hint">What to think of when it is wrong, or null.</param>
    public static void Close(string exercise, torch.Tensor? tensor, torch.Tensor expected, double tolerance = 1e-4, string? hint = null) =>
        Close(exercise, () => tensor, expected, tolerance, hint);

    /// <inheritdoc cref="Close(string, torch.Tensor?, torch.Tensor, double, string?)"/>
    public static void Close(string exercise, Func<torch.Tensor?> tensor, torch.Tensor expected, double tolerance = 1e-4,
        string? hint = null) => Report(exercise, hint, () =>
    {
        if (tensor() is not { } found)
        {
            return Answer.ToDo;
        }

        if (OfShape(found.shape, expected.shape) is { Complaint: not null } shape)
        {
            return shape;
        }

        using var scope = torch.NewDisposeScope();
        double[] values = found.detach().cpu().to(torch.float64).reshape(-1).data<double>().ToArray();
        double[] right = expected.detach().cpu().to(torch.float64).reshape(-1).data<double>().ToArray();
        int wrong = Enumerable.Range(0, right.Length).FirstOrDefault(i => !(Math.Abs(values[i] - right[i]) <= tolerance), -1);
        return wrong < 0
            ? Answer.Right
            : new Answer($"the shape is right, but the value at {At(wrong, expected.shape)} is {Text(values[wrong])}, " +
                $"expected {Text(right[wrong])}");
    });

    /// <summary>Prints how many of the exercises checked so far are right, and which are not.</summary>
    public static void Summary()
    {
        string[] open = [.. Results.Where(result => !result.Right).Select(result => result.Exercise)];
        Console.WriteLine($"{Results.Count - open.Length} of {Results.Count} exercises are " +
            $"right{(open.Length > 0 ? $"; still open: {string.Join(", ", open)}" : "")}.");
    }

    private static void Report(string exercise, string? hint, Func<Answer> check)
    {
        Answer answer;
        try
        {
            answer = check();
        }
        catch (NotImplementedException)
        {
            answer = Answer.ToDo;
        }
        catch (Exception e)
        {
            answer = new Answer($"the code stopped with {e.GetType().Name}: {e.Message.Split('\n')[0].Trim()}");
        }

        string advice = hint is null ? "" : $" Hint: {hint.TrimEnd('.')}.";
        Console.WriteLine(answer switch
        {
            { IsToDo: true } => $"To do: {exercise}.{advice}",
            { Complaint: { } complaint } => $"Not yet: {exercise}: {complaint.TrimEnd('.')}.{advice}",
            _ => $"Right: {exercise}.",
        });
        int known = Results.FindIndex(result => result.Exercise == exercise);
        if (known >= 0)
        {
            Results[known] = (exercise, answer == Answer.Right);
        }
        else
        {
            Results.Add((exercise, answer == Answer.Right));
        }
    }

    private static Answer OfShape(long[] found, long[] expected)
    {
        if (found.SequenceEqual(expected))
        {
            return Answer.Right;
        }

        string axes = found.Length == expected.Length ? "" : $", {Axes(found.Length)} instead of {Axes(expected.Length)}";
        return new Answer($"found the shape [{string.Join(", ", found)}], expected [{string.Join(", ", expected)}]{axes}");

        static string Axes(int count) => count == 1 ? "1 axis" : $"{count} axes";
    }

    private static Answer Compare(object found, object? expected)
    {
        if (found is not IEnumerable or string || expected is not IEnumerable or string)
        {
            return found.Equals(expected) ? Answer.Right : new Answer($"found {Text(found)}, expected {Text(expected)}");
        }

        object?[] values = [.. ((IEnumerable)found).Cast<object?>()];
        object?[] right = [.. ((IEnumerable)expected).Cast<object?>()];
        int wrong = Enumerable.Range(0, Math.Min(values.Length, right.Length)).FirstOrDefault(i => !Equals(values[i], right[i]), -1);
        return wrong >= 0 ? new Answer($"at place {wrong} (counted from 0) found {Text(values[wrong])}, expected {Text(right[wrong])}")
            : values.Length != right.Length ? new Answer($"found {values.Length} elements, expected {right.Length}")
            : Answer.Right;
    }

    private static string At(int index, long[] shape)
    {
        var place = new long[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (index, place[axis]) = ((int)(index / shape[axis]), index % shape[axis]);
        }

        return $"[{string.Join(", ", place)}]";
    }

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        string text => $"\"{text}\"",
        double or float => HtmlParts.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(20).Select(Text))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private sealed record Answer(string? Complaint, bool IsToDo = false)
    {
        public static readonly Answer Right = new((string?)null);
        public static readonly Answer ToDo = new((string?)null, IsToDo: true);
    }
}
