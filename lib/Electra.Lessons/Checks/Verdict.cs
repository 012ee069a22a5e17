using System.Collections;
using System.Globalization;
using TorchSharp;

namespace Electra.Lessons;

/// <summary>What a check found: right, to do, or what is wrong. No complaint has the right value in it.</summary>
internal sealed record Verdict(string? Complaint, bool IsToDo = false)
{
    public static readonly Verdict Right = new((string?)null);
    public static readonly Verdict ToDo = new((string?)null, IsToDo: true);

    public static Verdict Wrong(string complaint) => new(complaint);

    public static Verdict That(bool? statement, string complaint) => statement switch
    {
        null => ToDo,
        true => Right,
        false => Wrong(complaint),
    };

    /// <summary>All parts of an exercise: the first that is wrong, or else which are to do.</summary>
    public static Verdict Parts(params (string Name, Verdict Verdict)[] parts)
    {
        string[] missing = [.. parts.Where(part => part.Verdict.IsToDo).Select(part => part.Name)];
        return parts.FirstOrDefault(part => part.Verdict is { IsToDo: false, Complaint: not null }) is { Verdict: { } wrong } first
            ? Wrong($"{first.Name}: {wrong.Complaint}")
            : missing.Length == 0 ? Right
            : missing.Length == parts.Length ? ToDo
            : new Verdict($"{string.Join(", ", missing)} is missing", IsToDo: true);
    }

    /// <summary>The first verdict that is not right.</summary>
    public static Verdict First(params IEnumerable<Func<Verdict>> checks) =>
        checks.Select(check => check()).FirstOrDefault(verdict => verdict != Right) ?? Right;

    /// <summary>Runs the learner's code on many cases, and shows the first that fails.</summary>
    /// <param name="cases">Each with what is shown of it, and what judges it.</param>
    public static Verdict Cases(params IEnumerable<(string Shown, Func<Verdict> Judge)> cases)
    {
        foreach (var (shown, judge) in cases)
        {
            Verdict verdict;
            try
            {
                verdict = judge();
            }
            catch (Exception e) when (e is not NotImplementedException)
            {
                verdict = Wrong($"the code stopped with {e.GetType().Name}: {e.Message.Split('\n')[0].Trim()}");
            }

            if (verdict != Right)
            {
                return verdict.IsToDo ? verdict : Wrong($"for {shown}: {verdict.Complaint}");
            }
        }

        return Right;
    }

    /// <summary>Several yes-or-no answers at once: how many are right, and not which.</summary>
    public static Verdict Answers(params (string Name, bool? Answer, bool Right)[] answers)
    {
        string[] missing = [.. answers.Where(one => one.Answer is null).Select(one => one.Name)];
        int right = answers.Count(one => one.Answer == one.Right);
        return missing.Length == answers.Length ? ToDo
            : missing.Length > 0 ? new Verdict($"{string.Join(", ", missing)} is missing", IsToDo: true)
            : That(right == answers.Length, $"{right} of {answers.Length} answers {(right == 1 ? "is" : "are")} right");
    }

    public static Verdict Number(double? value, double expected, double tolerance) => value switch
    {
        null or double.NaN => ToDo,
        { } found when Math.Abs(found - expected) <= tolerance => Right,
        { } found => Wrong($"found {Text(found)}, which is {Direction(found, expected, tolerance)}"),
    };

    public static Verdict Equal(object? value, object? expected) => value switch
    {
        null => ToDo,
        string text when expected is string right => That(text == right, $"found {Text(text)}, {Difference(text, right)}"),
        IEnumerable and not string when expected is IEnumerable and not string => Elements((IEnumerable)value, (IEnumerable)expected),
        _ when value.Equals(expected) => Right,
        int or long when expected is int or long => Wrong($"found {Text(value)}, which is " + Direction(
            Convert.ToDouble(value, CultureInfo.InvariantCulture), Convert.ToDouble(expected, CultureInfo.InvariantCulture), 0)),
        _ => Wrong($"found {Text(value)}, which is not right"),
    };

    public static Verdict Shape(torch.Tensor? tensor, long[] expected) => tensor is null ? ToDo : Shape(tensor.shape, expected);

    public static Verdict Shape(long[]? found, long[] expected)
    {
        if (found is null)
        {
            return ToDo;
        }

        int wrong = Enumerable.Range(0, Math.Min(found.Length, expected.Length)).FirstOrDefault(i => found[i] != expected[i], -1);
        return found.SequenceEqual(expected) ? Right
            : Wrong($"found the shape [{string.Join(", ", found)}], " +
                (found.Length != expected.Length ? $"which has {(found.Length > expected.Length ? "an axis too many" : "too few axes")}"
                    : $"in which axis {wrong} (counted from 0) is not right"));
    }

    public static Verdict Close(torch.Tensor? tensor, torch.Tensor expected, double tolerance)
    {
        if (tensor is null || Shape(tensor.shape, expected.shape) is { Complaint: not null })
        {
            return Shape(tensor, expected.shape);
        }

        double[] values = Values(tensor), right = Values(expected);
        int wrong = Enumerable.Range(0, right.Length).FirstOrDefault(i => !IsClose(values[i], right[i], tolerance), -1);
        return wrong < 0
            ? Right
            : Wrong($"the shape is right, but the value at {At(wrong, expected.shape)}, {Text(values[wrong])}, is " +
                Direction(values[wrong], right[wrong], tolerance));
    }

    public static string Text(object? value) => value switch
    {
        null => "nothing",
        string text => $"\"{text}\"",
        double or float => HtmlParts.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(20).Select(Text))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static Verdict Elements(IEnumerable found, IEnumerable expected)
    {
        object?[] values = [.. found.Cast<object?>()], right = [.. expected.Cast<object?>()];
        int wrong = Enumerable.Range(0, Math.Min(values.Length, right.Length)).FirstOrDefault(i => !Equals(values[i], right[i]), -1);
        return wrong >= 0 ? Wrong($"at place {wrong} (counted from 0) found {Text(values[wrong])}, which is not right")
            : values.Length == right.Length ? Right
            : Wrong($"found {values.Length} elements, which is too {(values.Length > right.Length ? "many" : "few")}");
    }

    private static string Direction(double found, double expected, double tolerance) =>
        double.IsNaN(found) ? "not a number"
        : expected != 0 && IsClose(-found, expected, tolerance) ? "right but for its sign"
        : expected != 0 && IsClose(found / 100, expected, tolerance) ? "a percentage: a share is between 0 and 1"
        : $"{(Math.Abs(found - expected) <= 0.1 * Math.Abs(expected) ? "a little " : "")}too {(found > expected ? "large" : "small")}";

    private static string Difference(string found, string right)
    {
        int same = found.Zip(right).TakeWhile(two => two.First == two.Second).Count();
        return same == found.Length ? "which ends too early"
            : same == right.Length ? "which has too much at its end"
            : $"which is right up to character {same} (counted from 0), and not there";
    }

    private static bool IsClose(double found, double expected, double tolerance) =>
        found == expected || Math.Abs(found - expected) <= tolerance;

    private static double[] Values(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().to(torch.float64).reshape(-1).data<double>().ToArray();
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
}
