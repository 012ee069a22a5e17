using System.Diagnostics;
using System.Text.Json;
using Electra.Tests;
using TorchSharp;

namespace Electra.Tool.Tests;

/// <summary><c>electra train</c> into a folder, and what it leaves alone.</summary>
public class TrainTests
{
    private static string[] Verdicts => [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "별로다" : "좋았다")];

    private static string[] FilmVerdicts => [.. Verdicts.Select((verdict, i) => $"영화 {"가나다라"[i % 4]} {verdict}")];

    [Fact]
    public async Task On_a_full_disk_the_model_goes_elsewhere_and_the_score_is_printed()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk), "A disk of one's own takes root's rights.");
        try
        {
            WriteData(folder, Verdicts);
            Directory.CreateDirectory(folder.File("elsewhere"));
            using var variables = new Variables { ["TMPDIR"] = folder.File("elsewhere") };
            string[] command = ["train", "--encoder", "random", "--data", folder.Path, "--epochs", "1", "--output",
                Path.Combine(disk, "model")];
            var (code, output, errors) = await ToolProcess.Run(command);
            Assert.True(code == 2, output + errors);
            Assert.Contains("No space left on device", errors, StringComparison.Ordinal);
            string model = Directory.GetDirectories(folder.File("elsewhere"), "electra-model-*").Single();
            Assert.Contains($"the model is in {model} instead", errors, StringComparison.Ordinal);
            Assert.Contains("Test accuracy", output, StringComparison.Ordinal);
            Assert.Equal("sequence", RunRecord.Read(Path.Combine(model, "training.json")).Task);
            (code, output, errors) = await ToolProcess.Run("predict", "--model", model, "좋았다");
            Assert.True(code == 0, output + errors);

            variables["TMPDIR"] = folder.File("nowhere");
            (code, output, errors) = await ToolProcess.Run(command);
            Assert.True(code == 2, output + errors);
            Assert.Contains("the model is lost", errors, StringComparison.Ordinal);
            Assert.Contains("Test accuracy", output, StringComparison.Ordinal);
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }

        static bool Run(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception) // there is no such program
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Batches_by_a_budget_of_tokens_are_recorded_and_decide_the_steps()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder, Verdicts);
        string[] command = ["train", "--encoder", "random", "--data", folder.Path, "--epochs", "1", "--threads", "1",
            "--output", folder.File("model")];
        var (code, output, errors) = await ToolProcess.Run([.. command, "--batch-tokens", "64", "--batch-size", "8"]);
        Assert.Equal(2, code);
        Assert.Contains("--batch-size and --batch-tokens exclude each other", errors, StringComparison.Ordinal);
        (code, output, errors) = await ToolProcess.Run([.. command, "--batch-tokens", "0"]);
        Assert.Equal(2, code);
        Assert.Contains("number of tokens a batch", errors, StringComparison.Ordinal);

        var single = await Train("--batch-tokens", "1"); // a row each
        Assert.Equal(1, single.Options!.BatchTokens);
        Assert.Equal(single.History[0].Loss, (await Train("--batch-tokens", "2")).History[0].Loss); // two tokens hold no more
        Assert.NotEqual(single.History[0].Loss, (await Train("--batch-size", "8")).History[0].Loss);

        async Task<RunRecord> Train(params string[] options)
        {
            Directory.CreateDirectory(folder.File("model"));
            Directory.Delete(folder.File("model"), recursive: true);
            var ended = await ToolProcess.Run([.. command, .. options]);
            Assert.True(ended.Code == 0, ended.Output + ended.Errors);
            return RunRecord.Read(folder.File("model/training.json"));
        }
    }

    [Fact]
    public async Task What_teachers_predict_is_learnt_from_and_recorded()
    {
        using var folder = new TemporaryFolder();
        string[] texts = FilmVerdicts;
        WriteData(folder, texts);
        File.WriteAllLines(folder.File("texts.tsv"), ["text", .. texts[..4], "", .. texts.Select(text => $"참 {text}").Distinct()]);
        string[] command = ["train", "--encoder", "random", "--data", folder.Path, "--head", "fc", "--epochs", "1", "--threads", "1"];
        await Run([.. command, "--output", folder.File("teacher")]);
        string answers = await Run(
            "predict", "--json", "--precision", "fp32", "--model", folder.File("teacher"), "--input", folder.File("texts.tsv"));
        File.WriteAllText(folder.File("a.jsonl"), answers);
        string files = $"{folder.File("a.jsonl")}, {folder.File("a.jsonl")}";

        command = [.. command, "--output", folder.File("student"), "--soft-labels"];
        string errors = await Run([.. command, files]);
        Assert.Contains("36 train, 4 dev, 40 test, and 4 texts with soft labels to train on", errors, StringComparison.Ordinal);
        Assert.Contains(
            "4 texts with soft labels have the letters of dev or test rows and are left out.", errors, StringComparison.Ordinal);
        var (with, without) = (RunRecord.Read(folder.File("student/training.json")), RunRecord.Read(folder.File("teacher/training.json")));
        Assert.Equal((4, 64, null), (with.Data.Soft, with.Data.SoftHash?.Length, without.Data.Soft));
        Assert.NotEqual(without.History[0].Loss, with.History[0].Loss);

        command[Array.IndexOf(command, folder.File("student"))] = folder.File("other");
        File.AppendAllText(folder.File("a.jsonl"), "{}\n");
        await Refused("a.jsonl:10 has no text", [.. command, files]);
        await Refused("There is no file with soft labels", [.. command, ","]);
        await Refused("--soft-labels are for --task sequence alone; leave them out, or --task token.",
            "train", "--task", "token", "--output", folder.File("other"), "--soft-labels", files);

        static async Task<string> Run(params string[] arguments)
        {
            var (code, output, errors) = await ToolProcess.Run(arguments);
            Assert.True(code == 0, output + errors);
            return arguments[0] == "predict" ? output : errors;
        }

        static async Task Refused(string reason, params string[] arguments)
        {
            var (code, output, errors) = await ToolProcess.Run(arguments);
            Assert.True(code == 2, output + errors);
            Assert.Contains(reason, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_that_finds_no_place_after_a_training_does_not_cost_the_training()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder, Verdicts);
        Directory.CreateDirectory(folder.File("model/model.safetensors/in the way")); // as a full disk: the file cannot come to its place
        string[] command = ["train", "--encoder", "random", "--data", folder.Path, "--epochs", "1", "--output", folder.File("model")];
        var (code, output, errors) = await ToolProcess.Run(command);
        Assert.True(code == 2, output + errors);
        Assert.Contains("--resume goes on", errors, StringComparison.Ordinal);
        Directory.Delete(folder.File("model/model.safetensors"), recursive: true);
        (code, output, errors) = await ToolProcess.Run([.. command, "--resume"]);
        Assert.True(code == 0, output + errors);
        Assert.DoesNotContain("epoch 1/1", errors, StringComparison.Ordinal); // trained already
        Assert.False(File.Exists(folder.File("model/training.state")));
    }

    [Fact]
    public async Task Saved_as_fp16_each_weight_is_the_nearest_half()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder, Verdicts);
        using var scope = torch.NewDisposeScope();
        var (full, half) = (await Train("fp32"), await Train("fp16"));
        Assert.Equal(full.Keys.Order(StringComparer.Ordinal), half.Keys.Order(StringComparer.Ordinal));
        Assert.All(full, named =>
        {
            float[] weights = named.Value.data<float>().ToArray();
            Assert.Equal(torch.ScalarType.Float16, half[named.Key].dtype);
            Assert.Equal(weights.Select(weight => (Half)weight), half[named.Key].data<Half>().ToArray());
        });

        async Task<IReadOnlyDictionary<string, torch.Tensor>> Train(string type)
        {
            var (code, output, errors) = await ToolProcess.Run("train", "--encoder", "random", "--data", folder.Path, "--epochs", "1",
                "--threads", "1", "--precision", "fp32", "--save-as", type, "--output", folder.File(type));
            Assert.True(code == 0, output + errors);
            (code, output, errors) = await ToolProcess.Run("predict", "--model", folder.File(type), "좋았다");
            Assert.True(code == 0, output + errors);
            return SafetensorsFile.Read(folder.File($"{type}/model.safetensors"));
        }
    }

    [Fact]
    public async Task It_writes_a_model_that_predict_opens_and_overwrites_none()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder, FilmVerdicts);
        string[] command = ["train", "--json", "--encoder", "random", "--data", folder.Path, "--head", "fc", "--epochs", "1",
            "--output", folder.File("model")];
        var (code, output, errors) = await ToolProcess.Run(command);
        Assert.True(code == 0, output + errors);
        var files = Directory.GetFiles(folder.File("model")).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer_config.json", "training.json", "vocab.txt"],
            files.Keys.Order(StringComparer.Ordinal));

        (code, output, errors) = await ToolProcess.Run("predict", "--json", "--model", folder.File("model"), "영화 가 좋았다");
        Assert.True(code == 0, output + errors);

        using (TrainingFolder.Lock(folder.File("model"), folder.File("model"))) // as another process that is training
        {
            await Refused("Another training is writing into", command);
            await Refused("Another training is writing into", [.. command, "--resume"]);
        }

        await Refused("has a model already", command);
        await Refused("no interrupted training", [.. command, "--resume"]);
        Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(folder.File($"model/{file.Key}"))));
        Assert.Equal(files.Count, Directory.GetFiles(folder.File("model")).Length);

        File.Delete(folder.File("model/model.safetensors"));
        File.WriteAllText(folder.File("model/training.state"), "as an interruption leaves one");
        await Refused("go on with --resume", command);

        async Task Refused(string reason, string[] arguments)
        {
            var (code, output, errors) = await ToolProcess.Run(arguments);
            Assert.True(code == 2, output + errors);
            using var error = JsonDocument.Parse(output);
            Assert.Contains(reason, error.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    // The folder as a data set of two labels in turn, the same rows to train and to test on.
    private static void WriteData(TemporaryFolder folder, IEnumerable<string> texts)
    {
        string[] rows = ["id\tdocument\tlabel", .. texts.Select((text, i) => $"{i}\t{text}\t{i % 2}")];
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
    }
}
