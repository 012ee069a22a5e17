using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

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
    /// <summary>Reads all questions of a file in their order.</summary>
    /// <param name="path">SQuAD JSON, UTF-8; gzip when the name ends in .gz.</param>
    /// <param name="answered">Whether every question must have an answer; one that has none can be predicted, but neither trained on nor
    /// scored.</param>
    /// <exception cref="InputException">
    /// The file is missing, no such JSON, has no question or two of one id, or an answer does not stand in its context where
    /// <c>answer_start</c>
    /// says; the message names article, paragraph and question.
    /// </exception>
    public static IReadOnlyList<Question> Read(string path, bool answered = true) => Read(path, answered, hash: null);

    /// <summary>As <see cref="Read(string, bool)"/>, from a stream, such as standard input.</summary>
    /// <param name="stream">SQuAD JSON, UTF-8; it is read to its end.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="answered">Whether every question must have an answer.</param>
    /// <inheritdoc cref="Read(string, bool)" path="/exception"/>
    public static IReadOnlyList<Question> Read(Stream stream, string name, bool answered = true)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), name, answered);
    }

    /// <summary>Writes predictions as KorQuAD's and SQuAD's official scorers read them: <c>{"id": "answer", …}</c>.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePredictions(string path, IEnumerable<PredictedAnswer> answers) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream,
            new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        foreach (var answer in answers)
        {
            json.WriteString(answer.Id, answer.Text);
        }

        json.WriteEndObject();
    });

    /// <summary>As the public one; adds the file's bytes (uncompressed) to the hash.</summary>
    internal static IReadOnlyList<Question> Read(string path, bool answered, IncrementalHash? hash)
    {
        ReadOnlyMemory<byte> bytes = ReadBytes(path);
        hash?.AppendData(bytes.Span);
        return Read(bytes, path, answered);
    }

    private static List<Question> Read(ReadOnlyMemory<byte> bytes, string path, bool answered)
    {
        using var document = Parse(path, bytes);
        var questions = new List<Question>();
        var ids = new HashSet<string>();
        foreach (var (article, articleNumber) in Numbered(Get(document.RootElement, "data", JsonValueKind.Array, path)))
        {
            string place = $"{path}: article {articleNumber}";
            string title = Text(article, "title", place);
            place += $" (\"{title}\")";
            foreach (var (paragraph, paragraphNumber) in Numbered(Get(article, "paragraphs", JsonValueKind.Array, place)))
            {
                string inParagraph = $"{place}, paragraph {paragraphNumber}";
                string context = Text(paragraph, "context", inParagraph);
                foreach (var (row, number) in Numbered(Get(paragraph, "qas", JsonValueKind.Array, inParagraph)))
                {
                    string id = Text(row, "id", $"{inParagraph}, question {number}");
                    string inQuestion = $"{inParagraph}, question \"{id}\"";
                    if (!ids.Add(id))
                    {
                        throw new InputException($"{inQuestion}: an earlier question has this id; give each its own.");
                    }

                    questions.Add(new Question(id, title, context, Text(row, "question", inQuestion),
                        Answers(row, context, inQuestion, answered)));
                }
            }
        }

        return questions.Count > 0
            ? questions
            : throw new InputException($"{path} has no questions; fill its \"data\" with articles, paragraphs and qas.");
    }

    private static Answer[] Answers(JsonElement question, string context, string place, bool answered)
    {
        if (!answered && !question.TryGetProperty("answers", out _))
        {
            return [];
        }

        Answer[] answers = [.. Get(question, "answers", JsonValueKind.Array, place).EnumerateArray()
            .Select(answer => AnswerOf(answer, context, place))];
        return answers.Length > 0 || !answered
            ? answers
            : throw new InputException(
                $"{place} has no answer; only questions whose answer stands in the context (SQuAD 1.1, KorQuAD 1.0) can be used.");
    }

    private static Answer AnswerOf(JsonElement json, string context, string place)
    {
        string text = Text(json, "text", place);
        if (!Get(json, "answer_start", JsonValueKind.Number, place).TryGetInt32(out int characters))
        {
            throw new InputException(
                $"{place}: answer_start is {json.GetProperty("answer_start")}; it must be the number of characters before the answer.");
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

    private static IEnumerable<(JsonElement Element, int Number)> Numbered(JsonElement array) =>
        array.EnumerateArray().Select((element, i) => (element, i + 1));

    private static string Text(JsonElement parent, string key, string place)
    {
        try
        {
            return Get(parent, key, JsonValueKind.String, place).GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{place}: \"{key}\" has half a surrogate pair; correct its \\u escapes.", e);
        }
    }

    private static JsonElement Get(JsonElement parent, string key, JsonValueKind kind, string place)
    {
        string name = kind.ToString().ToLowerInvariant();
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind == kind
            ? value
            : throw new InputException($"{place} has no \"{key}\" that is a{(kind == JsonValueKind.Array ? "n" : "")} {name}; the file " +
                "must have the format of SQuAD 1.1.");
    }

    private static JsonDocument Parse(string path, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _ = Utf8.IsValid(bytes.Span) ? "" : InputFile.Decode(bytes.Span, path); // which says where it is not
            int mark = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return JsonDocument.Parse(bytes[mark..], new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new InputException(
                $"{path}:{e.LineNumber + 1} is not JSON as SQuAD 1.1 has it ({FirstSentence(e.Message)}); correct the file.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{path} has a key with half a surrogate pair; correct its \\u escapes.", e);
        }
    }

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    private static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        try
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                return InputFile.ReadBytes(path);
            }

            using var file = InputFile.OpenRead(path);
            using var stream = new UnpackedStream(file, path);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
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
