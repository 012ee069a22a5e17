using System.Text.Json;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary><c>electra evaluate</c> on files of many examples, and what a full disk costs.</summary>
[Collection(ToolConsole.Name)]
public sealed class EvaluateTests(SmallModels models) : IClassFixture<SmallModels>
{
    private static readonly string[] Rows = ["1\t좋은 영화\t1", "2\t나쁜 영화\t0", "3\t영화\t1"];

    [Fact]
    public async Task It_reads_questions_some_at_a_time_and_counts_them_together()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("test.json");
        string predictions = folder.File("predictions.json");
        File.WriteAllText(file, Squad(700));
        var (code, lines) = await ToolConsole.Run("evaluate", "--json", "--model", models.Question, "--data", file,
            "--max-tokens", "24", "--predictions", predictions);
        Assert.Equal(0, code);
        var questions = QuestionFile.Read(file);
        using var answers = JsonDocument.Parse(File.ReadAllText(predictions));
        string[] given = [.. questions.Select(question => answers.RootElement.GetProperty(question.Id).GetString()!)];
        var expected = AnswerScore.OfAll(questions, given.Select(answer => new PredictedAnswer("", answer, 0, 0, 0)));
        var (low, high) = Statistics.Bootstrap([AnswerScore.ByParagraph(questions, expected, score => score.F1)]);
        Assert.Equal(700, lines[0].GetProperty("examples").GetInt32());
        Assert.Equal(100 * AnswerScore.Mean(expected).F1, lines[0].GetProperty("f1").GetDouble(), 1e-10);
        Assert.Equal(100 * low, lines[0].GetProperty("f1_interval")[0].GetDouble(), 1e-10);
        Assert.Equal(100 * high, lines[0].GetProperty("f1_interval")[1].GetDouble(), 1e-10);
        Assert.InRange(low, 0, high - 1e-6);

        // what is wrong at the end is said before the work
        File.WriteAllText(file, Squad(700).Replace("\"699\"", "\"0\"", StringComparison.Ordinal));
        Assert.Contains("an earlier question has this id",
            await ToolConsole.Refused("evaluate", "--model", models.Question, "--data", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_say_what_they_were_computed_in_and_measurements_are_fp32_unless_asked()
    {
        const string Text = "좋은 영화";
        using var predictor = Predictor.Open(models.Sequence);
        float[] expected = [.. predictor.Predict(Text).Logits];
        float[] full = await Logits("fp32", "fp32");
        float[] half = await Logits("bf16", "bf16");
        Assert.Equal(expected, full);
        Assert.NotEqual(full, half);
        Assert.All(full.Zip(half), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
        await Logits("auto", MixedPrecision.PaysOff ? "bf16" : "fp32");
        Assert.Contains("bf15", await ToolConsole.Refused("predict", "--model", models.Sequence, "--precision", "bf15", Text),
            StringComparison.Ordinal);

        // the states of an encoder: as without the option in fp32, others in bf16
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.txt"), Text);
        var states = new List<byte[]>();
        foreach (string[] option in (string[][])[[], ["--precision", "fp32"], ["--precision", "bf16"]])
        {
            Assert.Equal(0, (await ToolConsole.Run(["encode", "--json", "--encoder", models.Sequence, "--input", folder.File("texts.txt"),
                "--output", folder.File("states"), .. option])).Code);
            states.Add(File.ReadAllBytes(folder.File("states")));
        }

        Assert.Equal(states[0], states[1]);
        Assert.NotEqual(states[0], states[2]);

        async Task<float[]> Logits(string precision, string said)
        {
            var (code, lines) = await ToolConsole.Run("predict", "--json", "--model", models.Sequence, "--precision", precision, Text);
            Assert.Equal(0, code);
            Assert.Equal(said, lines[0].GetProperty("precision").GetString());
            return [.. lines[0].GetProperty("logits").EnumerateArray().Select(logit => logit.GetSingle())];
        }
    }

    [Theory]
    [InlineData("sequence")]
    [InlineData("token")]
    [InlineData("qa")]
    public async Task On_a_full_disk_predictions_are_lost_but_the_measurement_is_not(string task)
    {
        using var folder = new TemporaryFolder();
        var (model, file, metric) = task switch
        {
            "sequence" => (models.Sequence, folder.File("test.tsv"), "accuracy"),
            "token" => (models.Token, folder.File("test.tsv"), "f1"),
            _ => (models.Question, folder.File("test.json"), "exact_match"),
        };
        File.WriteAllText(file, task switch
        {
            "sequence" => $"id\tdocument\tlabel\n{string.Join('\n', Rows)}\n",
            "token" => "영\tB-PS\n화\tI-PS\n\n좋\tO\n",
            _ => Squad(3),
        });
        string predictions = folder.File("predictions");
        string[] command = ["evaluate", "--json", "--model", model, "--data", file, "--predictions", predictions];
        var (code, whole) = await ToolConsole.Run(command);
        Assert.Equal(0, code);
        string before = File.ReadAllText(predictions);

        FullDisk.For(predictions);
        (code, var lines) = await ToolConsole.Run(command);
        Assert.Equal(2, code);
        Assert.Equal(whole[0].GetProperty(metric).GetDouble(), lines[0].GetProperty(metric).GetDouble());
        Assert.StartsWith($"{predictions} cannot be written (No space left on device", lines[1].GetProperty("error").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(predictions)); // those of the last time
    }

    [Fact]
    public async Task On_a_full_disk_hidden_states_go_elsewhere()
    {
        using var folder = new TemporaryFolder();
        using var variables = new Variables { ["TMPDIR"] = folder.Path };
        File.WriteAllText(folder.File("texts.txt"), "영화\n");
        string output = folder.File("states.safetensors");
        FullDisk.For(output);
        string message = await ToolConsole.Refused("encode", "--encoder", models.Sequence, "--input", folder.File("texts.txt"),
            "--output", output);
        string elsewhere = Directory.GetDirectories(folder.Path, "electra-output-*").Single();
        Assert.EndsWith($"the output is in {elsewhere} instead.", message, StringComparison.Ordinal);
        var tensors = SafetensorsFile.Read(Path.Combine(elsewhere, "states.safetensors"));
        Assert.Equal([1, 3], tensors["input_ids"].shape);
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    // Seven questions about each paragraph; answers of different lengths, so that scores differ.
    private static string Squad(int count)
    {
        const string Context = "영화 좋은 영화 나쁜 영화";
        var paragraphs = Enumerable.Range(0, count).Chunk(7).Select(ids =>
            $"{{\"context\": \"{Context} {ids[0]}\", \"qas\": [{string.Join(", ", ids.Select(Question))}]}}");
        return $"{{\"data\": [{{\"title\": \"제목\", \"paragraphs\": [{string.Join(", ", paragraphs)}]}}]}}";

        static string Question(int id) => $"{{\"id\": \"{id}\", \"question\": \"영화\", \"answers\": [{{\"text\": " +
            $"\"{Context[..(2 + (id % 11))].TrimEnd()}\", \"answer_start\": 0}}]}}";
    }
}
