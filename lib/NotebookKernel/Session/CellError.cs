using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NotebookKernel;

/// <summary>Turns exceptions and compile errors into error outputs that speak of the learner's own lines.</summary>
internal static partial class CellError
{
    private const int MaxErrors = 10;
    private const int MaxFrames = 20;

    public static string At(int cell, int line, int? column) =>
        $"cell [{cell}], line {line}" + (column is null ? "" : $", column {column}");

    public static void Report(Cell cell, Diagnostic[] errors)
    {
        string Line(Diagnostic d)
        {
            LinePosition at = d.Location.GetLineSpan().StartLinePosition;
            return $"{At(cell.Number, at.Line + 1, at.Character + 1)}: {d.Id}: " +
                $"{d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
        }

        List<string> lines = [];
        foreach (Diagnostic d in errors.Take(MaxErrors))
        {
            lines.Add(Line(d));
            if (d.Location.SourceTree is { } tree)
            {
                LinePosition at = d.Location.GetLineSpan().StartLinePosition;
                string source = tree.GetText().Lines[at.Line].ToString();
                int start = Math.Max(0, at.Character - 100);
                lines.Add("    " + source[start..Math.Min(source.Length, start + 160)]);
                lines.Add("    " + new string(' ', at.Character - start) + "^");
            }
        }

        if (errors.Length > MaxErrors)
        {
            lines.Add($"and {errors.Length - MaxErrors} more errors");
        }

        cell.Error("CompilationError", Line(errors[0]), lines);
    }

    public static void Report(Cell cell, Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        List<string> lines = [];
        for (Exception? e = exception; e is not null && lines.Count < 3 * MaxFrames; e = e.InnerException)
        {
            lines.AddRange($"{(e == exception ? "" : "caused by ")}{e.GetType()}: {e.Message}".ReplaceLineEndings("\n").Split('\n'));
            string[] frames = [.. new StackTrace(e, fNeedFileInfo: true).GetFrames().Select(Frame).OfType<string>()];
            lines.AddRange(frames.Take(MaxFrames));
            if (frames.Length > MaxFrames)
            {
                lines.Add($"   and {frames.Length - MaxFrames} more calls");
            }
        }

        cell.Error(exception.GetType().ToString(), exception.Message, lines);
    }

    /// <summary>A frame of the learner's code, or null for one of a library.</summary>
    private static string? Frame(StackFrame frame)
    {
        if (frame.GetFileName() is not { } file || !file.StartsWith("cell [", StringComparison.Ordinal))
        {
            return null;
        }

        MethodBase? method = frame.GetMethod();
        string type = method?.DeclaringType?.FullName ?? "";
        string full = type + "." + method?.Name;

        // Compiler names: <Name>d__1.MoveNext is async Name, <<Initialize>>g__Name|0_1 a local function, <<Initialize>>b__0 a lambda.
        string name = LocalFunction().Match(full) is { Success: true } local ? local.Groups[1].Value + "()"
            : full.Contains(">b__", StringComparison.Ordinal) ? "lambda"
            : full.Contains("<<Initialize>>", StringComparison.Ordinal) ? ""
            : AsyncMethod().Match(full) is { Success: true } async ? async.Groups[1].Value + "()"
            : Submission().Replace(full, "").Replace('+', '.') + "()";
        return $"   at {file}, line {frame.GetFileLineNumber()}" + (name.Length == 0 ? "" : $", in {name}");
    }

    [GeneratedRegex(@">g__(\w+)\|")]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"<(\w+)>d__\d+")]
    private static partial Regex AsyncMethod();

    [GeneratedRegex(@"^Submission\d+[.+]")]
    private static partial Regex Submission();
}
