using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// Texts that nobody labelled, with the probabilities that teachers give their labels: what a student learns from beside labelled rows.
/// Source: Hinton, Vinyals, Dean 2015 (distillation).
/// </summary>
/// <remarks>
/// A file is what <c>electra predict --json</c> prints: one JSON object a line with <c>text</c>, <c>logits</c> and perhaps <c>labels</c>;
/// gzip where its name ends in .gz. All files have the same texts in the same order. A text's target is the normalised geometric mean of
/// the teachers' probabilities, softmax(mean over files of log-softmax(logits)); a file named twice counts twice. A text that a file has
/// no probability for (<c>"probabilities": []</c>), because there is nothing to read in it, is skipped in all files.
/// </remarks>
public sealed class SoftLabels
{
    private const string Remedy = "give what predict --json prints for one file of texts";
    private const string Together = "give files of the same texts in the same order";
    private const string OthersNeeded = "give the answers of models for these";

    private static readonly JsonTypeInfo<Line> LineInfo = JsonFormats.TypeInfo<Line>(TrainingJson.Default, JsonFormats.Lines);

    /// <summary>Names the files, which <see cref="ReviewSplits"/> reads.</summary>
    /// <param name="files">One a teacher.</param>
    /// <exception cref="InputException">There is none.</exception>
    public SoftLabels(IReadOnlyList<string> files)
    {
        InputException.ThrowUnless(files.Count > 0, "There is no file with soft labels; name at least one.");
        Files = files;
    }

    /// <summary>The files, one a teacher.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Called after each line with the number of those read.</summary>
    public Action<int>? OnLine { get; init; }

    /// <summary>The texts and their targets (C probabilities), read as they are asked for.</summary>
    /// <param name="labels">Names of the labels, in the order of the logits (C).</param>
    /// <param name="hash">Gets every byte of the unpacked files: of each its first line, then of each its second, and so on.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <exception cref="InputException">A file is not there, or a line is not as it should be; the message names file and line.</exception>
    internal IEnumerable<(string Text, float[] Target)> Rows(
        IReadOnlyList<string> labels, IncrementalHash hash, CancellationToken cancellation)
    {
        IEnumerator<(int Number, ReadOnlyMemory<byte> Bytes)>[] teachers =
            [.. Files.Select(file => ReviewFile.Lines(file).GetEnumerator())];
        try
        {
            for (int number = 1; HaveNext(teachers, number); number++)
            {
                cancellation.ThrowIfCancellationRequested();
                var answers = new Line[teachers.Length];
                foreach (var (i, teacher) in teachers.Index())
                {
                    hash.AppendData(teacher.Current.Bytes.Span);
                    answers[i] = Parse(teacher.Current.Bytes.Span, number, Files[i]);
                    if (answers[i].Text != answers[0].Text)
                    {
                        throw new InputException($"{Files[i]}:{number} has another text than {Files[0]}:{number}; {Together}.");
                    }
                }

                if (!answers.Any(answer => answer.Probabilities is { Count: 0 }))
                {
                    foreach (var (i, answer) in answers.Index())
                    {
                        if (FaultOf(answer, labels) is { } fault)
                        {
                            throw new InputException($"{Files[i]}:{number} {fault}.");
                        }
                    }

                    yield return (answers[0].Text!, Target(answers, labels.Count));
                }

                OnLine?.Invoke(number);
            }
        }
        finally
        {
            foreach (var teacher in teachers)
            {
                teacher.Dispose();
            }
        }
    }

    private bool HaveNext(IEnumerator<(int, ReadOnlyMemory<byte>)>[] teachers, int number)
    {
        bool[] more = [.. teachers.Select(teacher => teacher.MoveNext())];
        return more.Distinct().Count() == 1 ? more[0] : throw new InputException(
            $"{Files[Array.IndexOf(more, false)]} ends after line {number - 1}, but {Files[Array.IndexOf(more, true)]} goes on; " +
            $"{Together}.");
    }

    private static Line Parse(ReadOnlySpan<byte> bytes, int number, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(ReviewFile.Text(bytes, number, file), LineInfo) is { Text: not null } line
                ? line
                : throw new InputException($"{file}:{number} has no text; {Remedy}.");
        }
        catch (JsonException e)
        {
            string where = e.Path is { Length: > 1 } path ? $" ({path})" : "";
            throw new InputException($"{file}:{number} is no JSON object with a text and logits{where}; {Remedy}.", e);
        }
    }

    // Why an answer cannot be learnt from, or null.
    private static string? FaultOf(Line answer, IReadOnlyList<string> labels) => answer switch
    {
        { Logits: null } => $"has no logits; {Remedy}",
        { Labels: { } names } when !names.SequenceEqual(labels)
            => $"has the labels {string.Join(", ", names)}, but the data set has {string.Join(", ", labels)}; {OthersNeeded}",
        { Logits.Count: var count } when count != labels.Count
            => $"has {count} logits, but the data set has {labels.Count} labels; {OthersNeeded}",
        _ when !answer.Logits.All(double.IsFinite) => $"has a logit that is no finite number; {Remedy}",
        _ => null,
    };

    // log-softmax takes the same number from all logits of a file, which the softmax of the mean does not see.
    private static float[] Target(Line[] answers, int labels)
    {
        double[] means = new double[labels];
        foreach (var answer in answers)
        {
            for (int label = 0; label < labels; label++)
            {
                means[label] += answer.Logits![label] / answers.Length;
            }
        }

        return [.. LinearClassifier.Softmax(means).Select(share => (float)share)];
    }

    /// <summary>What is read of a line.</summary>
    internal sealed record Line(
        string? Text = null, IReadOnlyList<double>? Logits = null, IReadOnlyList<string>? Labels = null,
        IReadOnlyList<double>? Probabilities = null);
}
