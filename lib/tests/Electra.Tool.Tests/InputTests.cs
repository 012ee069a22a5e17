using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary>What commands read, from which place, and what they do where there is nothing.</summary>
public class InputTests(SmallModels models) : IClassFixture<SmallModels>
{
    private static readonly string[] Texts = ["가 나", "영화 가", "나 나 나!"];

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \t\r\n\u3000\n\u200B\n")] // blanks, an ideographic one, and one without width
    public async Task Predict_has_nothing_to_answer_to_where_there_is_no_text(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.txt"), text);
        Assert.Contains(text.Length == 0 ? "is empty" : "no text",
            await Refused("predict", "--model", models.Token, "--input", folder.File("texts.txt")), StringComparison.Ordinal);
        Assert.Contains("no text", await Refused("predict", "--model", models.Sequence, text), StringComparison.Ordinal);
        Assert.Contains("--context", await Refused("predict", "--model", models.Question, "--question", "나?", "--context", text),
            StringComparison.Ordinal);
        Assert.Contains("--question", await Refused("predict", "--model", models.Question, "--question", text, "--context", "가 나"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_skips_blank_lines_of_plain_text_and_says_how_many()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.txt"), $"{Texts[0]}\n\n  \n{Texts[1]}\n\n");
        var (code, output, errors) = await ToolProcess.Run("predict", "--json", "--model", models.Sequence, "--input",
            folder.File("texts.txt"), "");
        Assert.True(code == 0, output + errors);
        Assert.Equal(Texts[..2], Parse(output).Select(line => line.GetProperty("text").GetString()));
        Assert.Contains("4 blank lines or texts were skipped", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.tsv", "id\tdocument\tlabel\n1\t가 나\t1\n2\t\t0\n")]
    [InlineData("rows.jsonl", "{\"text\": \"가 나\"}\n{\"text\": \"\"}\n")]
    public async Task Rows_without_text_are_kept_and_get_no_label(string name, string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), content);
        var (code, output, errors) = await ToolProcess.Run("predict", "--json", "--model", models.Sequence, "--input",
            folder.File(name));
        Assert.True(code == 0, output + errors);
        var lines = Parse(output);
        Assert.Equal(["가 나", ""], lines.Select(line => line.GetProperty("text").GetString()));
        Assert.Contains(lines[0].GetProperty("label").GetString()!, SmallModels.Labels);
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("label").ValueKind);
        Assert.Equal(0, lines[1].GetProperty("probabilities").GetArrayLength());
        Assert.Equal(0, lines[1].GetProperty("logits").GetArrayLength());
        Assert.Contains("1 row has no text and got no label", errors, StringComparison.Ordinal);
        (code, output, errors) = await ToolProcess.Run("tokenize", "--json", "--encoder", models.Sequence, "--input", folder.File(name));
        Assert.True(code == 0, output + errors);
        Assert.Equal(["[CLS]", "[SEP]"], Parse(output)[1].GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
    }

    [Fact]
    public async Task A_question_about_a_context_without_text_gets_no_answer()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("questions.json"), """
            {"data": [{"title": "", "paragraphs": [{"context": "가 나 영화", "qas": [{"id": "a", "question": "나?"}]},
             {"context": " ", "qas": [{"id": "b", "question": "나?"}]}]}]}
            """);
        var (code, output, errors) = await ToolProcess.Run("predict", "--json", "--model", models.Question, "--input",
            folder.File("questions.json"));
        Assert.True(code == 0, output + errors);
        Assert.Equal([JsonValueKind.String, JsonValueKind.Null], Parse(output).Select(line => line.GetProperty("answer").ValueKind));
        Assert.Contains("1 question has no text to look in and got no answer", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("texts.txt", "가 나\n영화 가\n나 나 나!\n", null)]
    [InlineData("texts", "가 나\r\n영화 가\r\n나 나 나!", "txt")]
    [InlineData("rows.jsonl", "\uFEFF{\"text\": \"가 나\"}\n\n{\"text\": \"영화 가\"}\n{\"text\": \"나 나 나!\"}\n", null)]
    [InlineData("rows.txt", "{\"text\": \"가 나\"}\n{\"text\": \"영화 가\"}\n{\"text\": \"나 나 나!\"}\n", "jsonl")]
    [InlineData("rows.tsv", "id\tdocument\tlabel\n1\t가 나\t1\n2\t영화 가\t0\n3\t나 나 나!\t0\n", null)]
    [InlineData("rows.tsv", "text\n가 나\n영화 가\n나 나 나!\n", null)]
    public async Task Every_verb_reads_a_file_of_texts_by_the_same_rule(string name, string content, string? format)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), content);
        using (var packed = new GZipStream(File.Create(folder.File(name + ".gz")), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(content));
        }

        string[] read = format is null ? [] : ["--input-format", format];
        Assert.Equal(Texts, await TextsOf("", ["predict", "--model", models.Sequence, "--input", folder.File(name), .. read]));
        Assert.Equal(Texts, await TextsOf("", ["tokenize", "--encoder", models.Sequence, "--input", folder.File(name + ".gz"), .. read]));
        string tensors = folder.File("encoded.safetensors");
        var (code, output, errors) = await ToolProcess.Run(
            ["encode", "--json", "--encoder", models.Sequence, "--input", folder.File(name), "--output", tensors, .. read]);
        Assert.True(code == 0, output + errors);
        Assert.Equal(3, Parse(output)[0].GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task Standard_input_is_plain_text_for_predict_and_rows_of_JSON_for_encode_and_tokenize()
    {
        string plain = string.Join('\n', Texts) + "\n";
        string rows = string.Concat(Texts.Select(text => $"{{\"text\": \"{text}\"}}\n"));
        string[] predict = ["predict", "--model", models.Sequence];
        string[] tokenize = ["tokenize", "--encoder", models.Sequence];
        Assert.Equal(Texts, await TextsOf(plain, predict));
        Assert.Empty((await ToolProcess.Run([.. predict, .. Texts])).Errors); // what takes no time has no progress
        Assert.Equal(Texts, await TextsOf(plain, [.. predict, "--input", "-"]));
        Assert.Equal(Texts, await TextsOf(rows, [.. predict, "--input", "-", "--input-format", "jsonl"]));
        Assert.Equal(Texts, await TextsOf("text\n" + plain, [.. predict, "--input-format", "tsv"]));
        Assert.Equal(Texts, await TextsOf(rows, tokenize));
        Assert.Equal(Texts, await TextsOf(plain, [.. tokenize, "--input", "-", "--input-format", "txt"]));
        Assert.Equal(["영화"], await TextsOf(plain, [.. predict, "영화"])); // arguments are enough
        using var folder = new TemporaryFolder();
        var (code, output, errors) = await ToolProcess.RunOn(rows, "encode", "--json", "--encoder", models.Sequence, "--output",
            folder.File("encoded.safetensors"));
        Assert.True(code == 0, output + errors);
        Assert.Equal(3, Parse(output)[0].GetProperty("rows").GetInt32());
        const string Question = """
            {"data": [{"title": "", "paragraphs": [{"context": "가 나 영화", "qas": [{"id": "a", "question": "나?"}]}]}]}
            """;
        (code, output, errors) = await ToolProcess.RunOn(Question, "predict", "--json", "--model", models.Question);
        Assert.True(code == 0, output + errors);
        Assert.Equal("a", Parse(output)[0].GetProperty("id").GetString());
        Assert.Equal("나?", Parse(output)[0].GetProperty("question").GetString());
    }

    [Fact]
    public async Task Predict_answers_what_came_through_a_pipe_before_more_comes()
    {
        var token = TestContext.Current.CancellationToken;
        foreach (string model in (string[])[models.Sequence, models.Token])
        {
            using var predict = ToolProcess.Start("predict", "--json", "--model", model, "--input", "-");
            var errors = predict.StandardError.ReadToEndAsync(token);
            for (int round = 1; round <= 3; round++)
            {
                string[] given = [.. Enumerable.Range(0, round).Select(i => Texts[i] + string.Concat(Enumerable.Repeat(" 나", round)))];
                await predict.StandardInput.WriteAsync((string.Join('\n', given) + "\n\n").AsMemory(), token);
                await predict.StandardInput.FlushAsync(token);
                foreach (string text in given)
                {
                    string? line = await predict.StandardOutput.ReadLineAsync(token).AsTask().WaitAsync(TimeSpan.FromMinutes(2), token);
                    Assert.Equal(text, Assert.Single(Parse(line!)).GetProperty("text").GetString());
                }
            }

            await predict.StandardInput.WriteAsync("나\n\xFF\0".AsMemory(), token); // what came before an error has its answer too
            predict.StandardInput.Close();
            var last = Parse(await predict.StandardOutput.ReadToEndAsync(token));
            Assert.Equal("나", last[0].GetProperty("text").GetString());
            Assert.StartsWith("standard input:11 ", last[1].GetProperty("error").GetString(), StringComparison.Ordinal);
            await predict.WaitForExitAsync(token);
            Assert.True(predict.ExitCode == 2, await errors);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_of_texts_is_said_with_its_place()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("rows.jsonl");
        string[] predict = ["predict", "--model", models.Sequence, "--input"];
        File.WriteAllText(file, "{\"text\": \"가\"}\n{\"text\": 3}\n");
        Assert.StartsWith($"{file}:2 ", await Refused([.. predict, file]), StringComparison.Ordinal);
        Assert.StartsWith($"{file}:2 ", await Refused("tokenize", "--encoder", models.Sequence, "--input", file), StringComparison.Ordinal);
        File.WriteAllText(file, "{\"text\": \"가\", \"pair\": \"나\"}\n");
        Assert.StartsWith($"{file}:1", await Refused([.. predict, file]), StringComparison.Ordinal);
        File.WriteAllText(file, "{\"input_ids\": [2, 5, 3]}\n");
        Assert.StartsWith($"{file}:1", await Refused([.. predict, file]), StringComparison.Ordinal);
        string table = folder.File("rows.tsv");
        File.WriteAllText(table, "id\tlabel\n1\t0\n");
        Assert.StartsWith($"{table}:1 ", await Refused([.. predict, table]), StringComparison.Ordinal);
        File.WriteAllText(table, "id\tdocument\tlabel\n1\t가\t0\n2\t가\n");
        Assert.StartsWith($"{table}:3 ", await Refused([.. predict, table]), StringComparison.Ordinal);
        File.WriteAllText(folder.File("questions.json"), "{}");
        Assert.Contains("SQuAD", await Refused([.. predict, folder.File("questions.json")]), StringComparison.Ordinal);
        Assert.Contains("SQuAD", await Refused("predict", "--model", models.Question, "--input", file), StringComparison.Ordinal);
        Assert.Contains("--input-format", await Refused("predict", "--model", models.Sequence, "영화", "--input-format", "tsv"),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", await Refused([.. predict, folder.File("nowhere.txt")]), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Predict_answers_the_first_lines_before_it_has_read_the_last()
    {
        using var process = ToolProcess.Start("predict", "--json", "--model", models.Sequence);
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        for (int i = 0; i < 3000; i++) // and the pipe stays open
        {
            await process.StandardInput.WriteLineAsync($"{Texts[i % 3]} {i}".AsMemory(), token);
        }

        await process.StandardInput.FlushAsync(token);
        var texts = new List<string?>();
        while (texts.Count < 1000)
        {
            texts.Add(Parse((await process.StandardOutput.ReadLineAsync(token))!)[0].GetProperty("text").GetString());
        }

        process.StandardInput.Close();
        texts.AddRange(Parse(await process.StandardOutput.ReadToEndAsync(token)).Select(line => line.GetProperty("text").GetString()));
        await process.WaitForExitAsync(token);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{Texts[i % 3]} {i}"), texts);
        Assert.True(process.ExitCode == 0, await errors);
    }

    [Fact]
    public async Task Pretrain_learns_from_the_texts_of_rows_too()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = await ToolProcess.RunOn(
            string.Concat(Enumerable.Range(0, 40).Select(i => $"{{\"text\": \"{Texts[i % 3]} {i}\"}}\n")), "pretrain", "--json",
            "--input", "-", "--input-format", "jsonl", "--output", folder.File("encoder"), "--vocab-size", "60", "--layers", "1",
            "--hidden", "16", "--embedding",
            "8", "--heads", "2", "--length", "16", "--batch-size", "2", "--evaluate-every", "1", "--held-out", "0.2",
            "--steps", "1");
        Assert.True(code == 0, output + errors);
        string[] vocabulary = File.ReadAllLines(folder.File("encoder/discriminator/vocab.txt"));
        Assert.Contains("영", vocabulary);
        Assert.DoesNotContain("{", vocabulary); // of the texts, not of the JSON around them
    }

    [Fact]
    public async Task Evaluate_reads_the_rows_of_a_test_file_once_and_keeps_their_order()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("rows.tsv");
        string[] rows = [.. Enumerable.Range(0, 1500)
            .Select(i => $"{i}\t{Texts[i % 3]}{string.Concat(Enumerable.Repeat(" 나", i % 5))}\t{i % 2}")];
        File.WriteAllLines(file, ["id\tdocument\tlabel", .. rows]);
        string predictions = folder.File("predictions.tsv");
        var (code, output, errors) = await ToolProcess.Run("evaluate", "--json", "--model", models.Sequence, "--data", file,
            "--predictions", predictions);
        Assert.True(code == 0, output + errors);
        string[][] answers = [.. File.ReadLines(predictions).Skip(1).Select(line => line.Split('\t'))];
        Assert.Equal(rows.Select(row => row.Split('\t')[0]), answers.Select(answer => answer[0]));
        Assert.Equal(rows.Select(row => row.Split('\t')[2]), answers.Select(answer => answer[1]));
        Assert.Equal(rows.Select(row => row.Split('\t')[1]), answers.Select(answer => answer[4]));
        var result = Parse(output)[0];
        Assert.Equal(1500, result.GetProperty("examples").GetInt32());
        Assert.Equal(answers.Count(answer => answer[1] == answer[2]) / 1500.0, result.GetProperty("accuracy").GetDouble(), 1e-12);

        // a row that the model cannot have right is an error, and no half of a file of predictions is left
        File.Delete(predictions);
        File.AppendAllText(file, "9999\t가\t2\n");
        Assert.Contains("9999", await Refused("evaluate", "--model", models.Sequence, "--data", file, "--predictions", predictions),
            StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Evaluate_reads_sentences_some_at_a_time_and_counts_them_together()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("sentences.tsv");
        EntityFile.Write(file, Enumerable.Range(0, 1100).Select(i =>
        {
            string text = $"{Texts[i % 3]}{new string('나', i % 4)}";
            string first = i % 2 > 0 ? "B-PS" : "I-PS";
            return new EntitySentence($"{i}", text, [.. text.EnumerateRunes().Select((_, k) => k % 3 > 0 ? "O" : first)]);
        }));
        var (code, output, errors) = await ToolProcess.Run("evaluate", "--json", "--model", models.Token, "--data", file,
            "--predictions", folder.File("predictions.tsv"));
        Assert.True(code == 0, output + errors);
        var (gold, predicted) = (EntityFile.Read(file), EntityFile.Read(folder.File("predictions.tsv")));
        Assert.Equal(gold.Select(sentence => (sentence.Id, sentence.Text)), predicted.Select(sentence => (sentence.Id, sentence.Text)));
        var expected = EntityMetrics.Of([.. gold.Select(sentence => sentence.Tags)], [.. predicted.Select(sentence => sentence.Tags)]);
        var result = Parse(output)[0];
        Assert.Equal(1100, result.GetProperty("examples").GetInt32());
        Assert.Equal(expected.Micro.F1, result.GetProperty("f1").GetDouble(), 1e-12);
        Assert.Equal(expected.CharacterAccuracy, result.GetProperty("character_accuracy").GetDouble(), 1e-12);
        Assert.Equal(expected.Interval.Low, result.GetProperty("interval")[0].GetDouble(), 1e-12);
        Assert.Equal(expected.Micro.Support, result.GetProperty("types").GetProperty("PS").GetProperty("support").GetInt32());

        // a sentence that the model cannot have right is an error before the work
        File.AppendAllText(file, "가\tB-XX\n");
        Assert.Contains("XX", await Refused("evaluate", "--model", models.Token, "--data", file), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string?>> TextsOf(string input, string[] arguments)
    {
        var (code, output, errors) = await ToolProcess.RunOn(input, ["--json", .. arguments]);
        Assert.True(code == 0, output + errors);
        return [.. Parse(output).Select(line => line.GetProperty("text").GetString())];
    }

    private static async Task<string> Refused(params string[] arguments)
    {
        var (code, output, errors) = await ToolProcess.Run(["--json", .. arguments]);
        Assert.True(code == 2, output + errors);
        return Parse(output)[^1].GetProperty("error").GetString()!;
    }

    private static IReadOnlyList<JsonElement> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
