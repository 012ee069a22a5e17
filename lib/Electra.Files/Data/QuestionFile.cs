using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Electra;

/// <summary>
/// Reads questions in the JSON format of SQuAD 1.1, which KorQuAD 1.0 has too: articles with a title, their paragraphs with a context, and
/// the questions about each. Writes predictions as the official scorers read them.
/// </summary>
/// <remarks>
/// <c>answer_start</c> counts Unicode code points, as Python does; a character outside of the Basic Multilingual Plane, such as an emoji,
/// is one.
/// <see cref="Answer.Start"/> counts UTF-16 units, as .NET does, where it is two. Keys that the format does not have are skipped.
/// </remarks>
public static class QuestionFile
{
    private const int Pending = 1 << 14; // bytes of predictions that wait to be written

    /// <summary>Reads all questions of a file in their order.</summary>
    /// <param name="path">SQuAD JSON, UTF-8; gzip when the name ends in .gz.</param>
    /// <param name="answered">Whether every question must have an answer; one that has none can be predicted, but neither trained on nor
    /// scored.</param>
    /// <exception cref="InputException">
    /// The file is missing, no such JSON, has no question or two of one id, or an answer does not stand in its context where
    /// <c>answer_start</c>
    /// says; the message names article, paragraph and question.
    /// </exception>
    public static IReadOnlyList<Question> Read(string path, bool answered = true) => [.. Rows(path, answered)];

    /// <summary>
    /// The questions of a file in their order, read as they are asked for: of what was read, their ids alone are kept, and an article whose
    /// title stands behind its paragraphs until that is there.
    /// </summary>
    /// <param name="path">SQuAD JSON, UTF-8; gzip when the name ends in .gz.</param>
    /// <param name="answered">Whether every question must have an answer.</param>
    /// <inheritdoc cref="Read(string, bool)" path="/exception"/>
    public static IEnumerable<Question> Rows(string path, bool answered = true) => Rows(path, answered, hash: null);

    /// <summary>As <see cref="Rows(string, bool)"/>, from a stream, such as standard input.</summary>
    /// <param name="stream">SQuAD JSON, UTF-8; it is read to its end.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="answered">Whether every question must have an answer.</param>
    /// <inheritdoc cref="Read(string, bool)" path="/exception"/>
    public static IEnumerable<Question> Rows(Stream stream, string name, bool answered = true) =>
        Guarded(Rows(stream, name, answered, hash: null), name);

    /// <summary>Writes predictions as KorQuAD's and SQuAD's official scorers read them: <c>{"id": "answer", …}</c>.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePredictions(string path, IEnumerable<PredictedAnswer> answers) =>
        AtomicFile.Write(path, stream => WritePredictions(stream, answers));

    /// <summary>As <see cref="WritePredictions(string, IEnumerable{PredictedAnswer})"/>, into a stream.</summary>
    public static void WritePredictions(Stream stream, IEnumerable<PredictedAnswer> answers)
    {
        using var json = new Utf8JsonWriter(stream,
            new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        foreach (var answer in answers)
        {
            json.WriteString(answer.Id, answer.Text);
            if (json.BytesPending >= Pending)
            {
                json.Flush();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>As the public one; adds the file's bytes (uncompressed) to the hash.</summary>
    internal static IEnumerable<Question> Rows(string path, bool answered, IncrementalHash? hash)
    {
        return Guarded(Opened(), path);

        IEnumerable<Question> Opened()
        {
            using var file = InputFile.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new UnpackedStream(file, path) : file;
            foreach (var question in Rows(stream, path, answered, hash))
            {
                yield return question;
            }
        }
    }

    // Around the reading alone: what is done with the questions has errors of its own.
    private static IEnumerable<Question> Guarded(IEnumerable<Question> questions, string path)
    {
        using var reader = questions.GetEnumerator();
        while (Next())
        {
            yield return reader.Current;
        }

        bool Next()
        {
            try
            {
                return reader.MoveNext();
            }
            catch (JsonException e)
            {
                string line = e.LineNumber is { } number ? $":{number + 1}" : "";
                throw new InputException(
                    $"{path}{line} is not JSON as SQuAD 1.1 has it ({FirstSentence(e.Message)}); correct the file.", e);
            }
            catch (InvalidDataException e)
            {
                throw new InputException($"{path} is damaged or not gzip at all; copy it again, or take .gz off its name.", e);
            }
            catch (Exception e) when (InputFile.IsFileError(e) || e is ArgumentException)
            {
                throw InputFile.Unreadable(path, e);
            }
        }
    }

    private static IEnumerable<Question> Rows(Stream stream, string path, bool answered, IncrementalHash? hash)
    {
        var tokens = new JsonTokens(stream, path, hash);
        var ids = new HashSet<string>();
        bool found = false;
        tokens.Read();
        Check(tokens, JsonTokenType.StartObject, path, "data", JsonTokenType.StartArray);
        foreach (string key in tokens.Members("data"))
        {
            Check(tokens, JsonTokenType.StartArray, path, key, JsonTokenType.StartArray);
            found = true;
            for (int number = 1; tokens.ReadItem(); number++)
            {
                foreach (var question in Article(tokens, $"{path}: article {number}", ids, answered))
                {
                    yield return question;
                }
            }
        }

        while (tokens.Read())
        {
            // Nothing may follow, which the reader sees to.
        }

        InputException.ThrowUnless(found, Missing(path, "data", JsonTokenType.StartArray));
        InputException.ThrowUnless(ids.Count > 0, $"{path} has no questions; fill its \"data\" with articles, paragraphs and qas.");
    }

    // The title may stand after the paragraphs.
    private static IEnumerable<Question> Article(JsonTokens tokens, string place, HashSet<string> ids, bool answered)
    {
        Check(tokens, JsonTokenType.StartObject, place, "title", JsonTokenType.String);
        var untitled = new List<Question>();
        string? title = null;
        bool found = false;
        foreach (string key in tokens.Members("title", "paragraphs"))
        {
            if (key == "title")
            {
                title = Text(tokens, key, place);
                place += $" (\"{title}\")";
                foreach (var question in untitled)
                {
                    yield return question with { Title = title };
                }

                untitled.Clear();
                continue;
            }

            Check(tokens, JsonTokenType.StartArray, place, key, JsonTokenType.StartArray);
            found = true;
            for (int number = 1; tokens.ReadItem(); number++)
            {
                var questions = Paragraph(tokens, $"{place}, paragraph {number}", ids, answered);
                if (title is null)
                {
                    untitled.AddRange(questions);
                    continue;
                }

                foreach (var question in questions)
                {
                    yield return question with { Title = title };
                }
            }
        }

        InputException.ThrowUnless(title is not null, Missing(place, "title", JsonTokenType.String));
        InputException.ThrowUnless(found, Missing(place, "paragraphs", JsonTokenType.StartArray));
    }

    // The context may stand after the questions: their answers are looked for when all is read.
    private static List<Question> Paragraph(JsonTokens tokens, string place, HashSet<string> ids, bool answered)
    {
        Check(tokens, JsonTokenType.StartObject, place, "context", JsonTokenType.String);
        var rows = new List<Row>();
        string? context = null;
        bool found = false;
        foreach (string key in tokens.Members("context", "qas"))
        {
            if (key == "context")
            {
                context = Text(tokens, key, place);
                continue;
            }

            Check(tokens, JsonTokenType.StartArray, place, key, JsonTokenType.StartArray);
            found = true;
            for (int number = 1; tokens.ReadItem(); number++)
            {
                rows.Add(QuestionRow(tokens, place, number, ids));
            }
        }

        return context is null ? throw Lacks(place, "context", JsonTokenType.String)
            : !found ? throw Lacks(place, "qas", JsonTokenType.StartArray)
            : rows.Select(row => new Question(row.Id, "", context, row.Text, Answers(row, context, $"{place}, question \"{row.Id}\"",
                answered))).ToList();
    }

    private static Row QuestionRow(JsonTokens tokens, string paragraph, int number, HashSet<string> ids)
    {
        string place = $"{paragraph}, question {number}";
        Check(tokens, JsonTokenType.StartObject, place, "id", JsonTokenType.String);
        string? id = null;
        string? text = null;
        List<(string Text, string Start)>? answers = null;
        foreach (string key in tokens.Members("id", "question", "answers"))
        {
            switch (key)
            {
                case "id":
                    id = Text(tokens, key, place);
                    place = $"{paragraph}, question \"{id}\"";
                    if (!ids.Add(id))
                    {
                        throw new InputException($"{place}: an earlier question has this id; give each its own.");
                    }

                    break;
                case "question":
                    text = Text(tokens, key, place);
                    break;
                default:
                    Check(tokens, JsonTokenType.StartArray, place, key, JsonTokenType.StartArray);
                    answers = [];
                    while (tokens.ReadItem())
                    {
                        answers.Add(AnswerRow(tokens, place));
                    }

                    break;
            }
        }

        return id is null ? throw Lacks(place, "id", JsonTokenType.String)
            : text is null ? throw Lacks(place, "question", JsonTokenType.String)
            : new Row(id, text, answers);
    }

    private static (string Text, string Start) AnswerRow(JsonTokens tokens, string place)
    {
        Check(tokens, JsonTokenType.StartObject, place, "text", JsonTokenType.String);
        string? text = null;
        string? start = null;
        foreach (string key in tokens.Members("text", "answer_start"))
        {
            if (key == "text")
            {
                text = Text(tokens, key, place);
            }
            else
            {
                Check(tokens, JsonTokenType.Number, place, key, JsonTokenType.Number);
                start = tokens.Text;
            }
        }

        return (text ?? throw Lacks(place, "text", JsonTokenType.String),
            start ?? throw Lacks(place, "answer_start", JsonTokenType.Number));
    }

    private static Answer[] Answers(Row row, string context, string place, bool answered)
    {
        if (answered && row.Answers is null)
        {
            throw Lacks(place, "answers", JsonTokenType.StartArray);
        }

        Answer[] answers = [.. (row.Answers ?? []).Select(answer => AnswerOf(answer.Text, answer.Start, context, place))];
        return answers.Length > 0 || !answered
            ? answers
            : throw new InputException(
                $"{place} has no answer; only questions whose answer stands in the context (SQuAD 1.1, KorQuAD 1.0) can be used.");
    }

    private static Answer AnswerOf(string text, string answerStart, string context, string place)
    {
        if (!int.TryParse(answerStart, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int characters))
        {
            throw new InputException(
                $"{place}: answer_start is {answerStart}; it must be the number of characters before the answer.");
        }

        if (text.Length == 0)
        {
            throw new InputException($"{place} has an empty answer; an answer is a piece of the context.");
        }

        if (UnitsOf(context, characters) is int start && string.CompareOrdinal(context, start, text, 0, text.Length) == 0)
        {
            return new Answer(text, start);
        }

        int found = context.IndexOf(text, StringComparison.Ordinal);
        string remedy = found < 0
            ? "the context does not have it at all: correct the answer or the context"
            : $"the context has it at {CodePoints(context.AsSpan(0, found))}: correct answer_start, which counts " +
                "characters (code points) from 0";
        throw new InputException($"{place}: the answer \"{text}\" does not stand at answer_start {characters}; {remedy}.");
    }

    /// <summary>How many UTF-16 units the first characters of a text take; null when it has fewer.</summary>
    private static int? UnitsOf(string text, int characters)
    {
        int units = 0;
        for (; characters > 0 && units < text.Length; characters--)
        {
            units += char.IsSurrogatePair(text, units) ? 2 : 1;
        }

        return characters == 0 ? units : null;
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char unit in text)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }

    private static string Text(JsonTokens tokens, string key, string place)
    {
        Check(tokens, JsonTokenType.String, place, key, JsonTokenType.String);
        try
        {
            return tokens.Text;
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{place}: \"{key}\" has half a surrogate pair; correct its \\u escapes.", e);
        }
    }

    private static void Check(JsonTokens tokens, JsonTokenType type, string place, string key, JsonTokenType wanted)
    {
        if (tokens.Type != type)
        {
            throw Lacks(place, key, wanted);
        }
    }

    private static InputException Lacks(string place, string key, JsonTokenType wanted) => new(Missing(place, key, wanted));

    private static string Missing(string place, string key, JsonTokenType wanted) =>
        $"{place} has no \"{key}\" that is {wanted switch
        {
            JsonTokenType.StartArray => "an array",
            JsonTokenType.Number => "a number",
            _ => "a string",
        }}; the file must have the format of SQuAD 1.1.";

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    /// <summary>A question as it stands in a file, before its context is known.</summary>
    private sealed record Row(string Id, string Text, List<(string Text, string Start)>? Answers);
}
