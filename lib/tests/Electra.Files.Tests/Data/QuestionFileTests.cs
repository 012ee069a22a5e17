using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Electra.Tests;

public sealed class QuestionFileTests : IDisposable
{
    private const string Context = "😀 가나다 라마바 사아자";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Answer_start_counts_code_points_and_becomes_a_place_in_the_string()
    {
        var question = Assert.Single(QuestionFile.Read(Write(Squad("라마바", 6))));
        Assert.Equal(("q1", "제목", Context, "무엇?"), (question.Id, question.Title, question.Context, question.Text));
        var answer = Assert.Single(question.Answers);
        Assert.Equal((7, 10), (answer.Start, answer.End)); // the emoji is one character, and two UTF-16 units
        Assert.Equal("라마바", question.Context[answer.Start..answer.End]);
    }

    [Fact]
    public void Every_answer_of_the_projects_own_files_and_of_KorQuAD_is_found()
    {
        foreach (string part in new[] { "train", "test" })
        {
            Check(Path.Combine(Reference.Root, "data", "questions", $"{part}.json"));
        }

        Assert.Equal(5774, Check(Reference.Data("korquad", "KorQuAD_v1.0_dev.json")));

        static int Check(string path)
        {
            var questions = QuestionFile.Read(path);
            Assert.All(questions,
                question => Assert.All(question.Answers, answer => Assert.Equal(answer.Text, question.Context[answer.Start..answer.End])));
            return questions.Count;
        }
    }

    [Fact]
    public void A_byte_order_mark_other_keys_and_gzip_are_read()
    {
        string json = Squad("라마바", 6).Replace("\"context\"", "\"note\": [1, {}], \"context\"", StringComparison.Ordinal);
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(json)];
        string zipped = _folder.File("q.json.gz");
        using (var gzip = new GZipStream(File.Create(zipped), CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        Assert.Equal("라마바", QuestionFile.Read(zipped)[0].Answers[0].Text);
    }

    [Theory]
    [InlineData("라마바", 7, "does not stand at answer_start 7; the context has it at 6")] // as if UTF-16 units were counted
    [InlineData("라마바", -1, "does not stand at answer_start -1")]
    [InlineData("라마바", 100, "does not stand at answer_start 100")]
    [InlineData("사아자", 11, "does not stand at answer_start 11; the context has it at 10")]
    [InlineData("없음", 3, "the context does not have it at all")]
    [InlineData("", 3, "empty answer")]
    public void A_wrong_answer_is_an_error_that_names_article_paragraph_and_question(string text, int start, string expected)
    {
        string path = Write(Squad(text, start));
        string message = Assert.Throws<InputException>(() => QuestionFile.Read(path)).Message;
        Assert.StartsWith($"{path}: article 1 (\"제목\"), paragraph 1, question \"q1\"", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", " is empty")]
    [InlineData(" ", ":1 is not JSON")]
    [InlineData("{\n\"data\": [}", ":2 is not JSON")]
    [InlineData("[]", "has no \"data\" that is an array")]
    [InlineData("""{"data": {}}""", "has no \"data\" that is an array")]
    [InlineData("""{"data": []}""", "has no questions")]
    [InlineData("""{"data": [{"paragraphs": []}]}""", "article 1 has no \"title\" that is a string")]
    [InlineData("""{"data": [{"title": "t", "paragraphs": [{"context": 3}]}]}""",
        "article 1 (\"t\"), paragraph 1 has no \"context\" that is a string")]
    [InlineData("""{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [7]}]}]}""",
        "paragraph 1, question 1 has no \"id\" that is a string")]
    [InlineData("""{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": "a", "question": "?", "answers": []}]}]}]}""",
        "question \"a\" has no answer")]
    [InlineData(
        """{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": "a", "question": "?", """ +
        """ "answers": [{"text": "c", "answer_start": 0.5}]}]}]}]}""", "answer_start is 0.5")]
    [InlineData(
        """{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": "a", "question": "\ud83d", "answers": []}]}]}]}""",
            "half a surrogate pair")]
    [InlineData("""{"\ud83d": 1, "data": []}""", "has no questions")] // half a surrogate pair in a key that the format does not have
    [InlineData("""{"data": [{"title": "t", "title": "t", "paragraphs": []}]}""", "is not JSON as SQuAD")]
    public void A_malformed_file_is_an_error_with_the_place(string json, string expected)
    {
        string path = Write(json);
        string message = Assert.Throws<InputException>(() => QuestionFile.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_may_stand_in_any_order_and_unknown_ones_anywhere()
    {
        const string Other = "\"x\": [{\"data\": [1, {}]}, \"\\ud83d\", null], ";
        string row = $"{{{Other}\"answers\": [{{{Other}\"answer_start\": 6, \"t\\u0065xt\": \"라마바\"}}], \"question\": " +
            "\"무엇?\", \"id\": \"q1\"}";
        string turned = $"{{{Other}\"data\": [{{{Other}\"paragraphs\": [{{{Other}\"qas\": [{row}], \"context\": \"{Context}\"}}], " +
            "\"title\": \"제목\"}]}";
        var expected = Assert.Single(QuestionFile.Read(Write(Squad("라마바", 6))));
        var found = Assert.Single(QuestionFile.Read(Write(turned)));
        Assert.Equal(expected with { Answers = [] }, found with { Answers = [] });
        Assert.Equal(expected.Answers, found.Answers);
    }

    [Theory]
    [InlineData("[[],[],{}],", 0)] // a key that the format does not have
    [InlineData("\"가나\",\n", 1)] // the end of a block is everywhere in a character
    [InlineData("0,", 2)]
    public void What_a_file_has_beside_questions_takes_no_memory(string repeated, int offset)
    {
        const int Size = 24 << 20;
        string path = _folder.File("large.json");
        using (var file = new StreamWriter(path))
        {
            file.Write($"{{{new string(' ', offset)}\"x\": [");
            for (int written = 0; written < Size; written += 1000 * Encoding.UTF8.GetByteCount(repeated))
            {
                file.Write(string.Concat(Enumerable.Repeat(repeated, 1000)));
            }

            file.Write($"0], {Squad("라마바", 6)[1..]}");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("라마바", Assert.Single(Assert.Single(QuestionFile.Read(path)).Answers).Text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        File.AppendAllText(path, "x"); // to its end all the same
        Assert.StartsWith($"{path}:", Assert.Throws<InputException>(() => QuestionFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // the title stands behind: an article is kept until it is there
    public void Questions_are_read_as_they_are_asked_for(bool titleFirst)
    {
        const int Articles = 2000;
        string json = Squad("라마바", 6);
        string article = json[json.IndexOf("{\"title\"", StringComparison.Ordinal)..^2];
        string Numbered(int i)
        {
            string numbered = article.Replace("\"q1\"", $"\"{i}\"", StringComparison.Ordinal);
            int paragraphs = numbered.IndexOf("\"paragraphs\"", StringComparison.Ordinal);
            return titleFirst ? numbered : $"{{{numbered[paragraphs..^1]}, {numbered[1..paragraphs].TrimEnd(' ', ',')}}}";
        }

        json = $"{{\"data\": [{string.Join(", ", Enumerable.Range(0, Articles).Select(Numbered))}, {{}}]}}";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        Assert.InRange(stream.Length, 200_000, int.MaxValue);
        using var questions = QuestionFile.Rows(stream, "-").GetEnumerator();
        Assert.True(questions.MoveNext());
        Assert.Equal(("0", "제목"), (questions.Current.Id, questions.Current.Title));
        Assert.InRange(stream.Position, 1, 1 << 16);
        for (int i = 1; i < Articles; i++)
        {
            Assert.True(questions.MoveNext());
            Assert.Equal($"{i}", questions.Current.Id);
        }

        Assert.StartsWith($"-: article {Articles + 1} has no \"title\"",
            Assert.Throws<InputException>(() => questions.MoveNext()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_an_error()
    {
        string twice = Squad("라마바", 6).Replace("[{\"id\"", "[" + Qa("라마바", 6) + ", {\"id\"", StringComparison.Ordinal);
        Assert.Contains("an earlier question has this id", Assert.Throws<InputException>(() => QuestionFile.Read(Write(twice))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_and_a_missing_file_are_errors()
    {
        string path = _folder.File("q.json");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Squad("라마바", 6)), 0xFF]);
        Assert.Contains("is not valid UTF-8", Assert.Throws<InputException>(() => QuestionFile.Read(path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => QuestionFile.Read(_folder.File("none.json"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_without_answers_can_be_predicted()
    {
        string json = Squad("라마바", 6);
        string open = json.Replace("\"answers\"", "\"no\"", StringComparison.Ordinal);
        Assert.Empty(Assert.Single(QuestionFile.Read(Write(open), answered: false)).Answers);
        Assert.Throws<InputException>(() => QuestionFile.Read(Write(open)));
    }

    [Fact]
    public void Predictions_are_one_object_of_ids_and_answers()
    {
        string path = _folder.File("predictions.json");
        QuestionFile.WritePredictions(path, [new("b", "\"영화\" 😀\t", 0, 3, 0.5), new("a", "", 0, 0, 0)]);
        using var read = JsonDocument.Parse(File.ReadAllText(path));
        var answers = read.RootElement.EnumerateObject().Select(answer => (answer.Name, answer.Value.GetString()!));
        Assert.Equal([("b", "\"영화\" 😀\t"), ("a", "")], answers);
    }

    public void Dispose() => _folder.Dispose();

    private static string Qa(string text, int start) =>
        $"{{\"id\": \"q1\", \"question\": \"무엇?\", \"answers\": [{{\"text\": \"{text}\", \"answer_start\": {start}}}]}}";

    private static string Squad(string text, int start) =>
        $"{{\"version\": \"v\", \"data\": [{{\"title\": \"제목\", \"paragraphs\": [{{\"context\": \"{Context}\", \"qas\": " +
            $"[{Qa(text, start)}]}}]}}]}}";

    private string Write(string json)
    {
        string path = _folder.File("q.json");
        File.WriteAllText(path, json);
        return path;
    }
}
