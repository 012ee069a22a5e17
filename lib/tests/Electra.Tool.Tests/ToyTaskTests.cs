using Electra.Tests;
using Electra.Tool.Tasks;
using Electra.Tool.Tests.Toy;

namespace Electra.Tool.Tests;

/// <summary>A fourth task takes new files and one registration: every command then knows it.</summary>
[Collection(ToolConsole.Name)]
public class ToyTaskTests
{
    [Fact]
    public async Task A_task_that_is_registered_trains_saves_evaluates_predicts_and_is_charted()
    {
        TaskCommands.Register(new ToyCommands());
        using var folder = new TemporaryFolder();
        string model = folder.File("model");
        Assert.Equal(0,
            (await ToolConsole.Run("train", "--task", "toy", "--encoder", "random", "--epochs", "40", "--learning-rate", "0.001",
                "--output", model)).Code);
        using (var checkpoint = Checkpoint.Open(model))
        {
            Assert.Equal(("toy", "toy"), (checkpoint.Kind?.Name, checkpoint.HeadName));
            Assert.Equal(["ElectraForToy"], checkpoint.Config.Architectures!);
        }

        using (var predictor = Predictor.Open(model))
        {
            Assert.Contains(predictor.Predict("가 가 가").Label, ToyTask.AllLabels);
        }

        var evaluated = await ToolConsole.Run("evaluate", "--model", model, "--json");
        // it has learnt all six
        Assert.Equal(("toy", 6), (evaluated.Lines[0].GetProperty("task").GetString(), evaluated.Lines[0].GetProperty("right").GetInt32()));
        var predicted = await ToolConsole.Run("predict", "--model", model, "--json", "나 나 나", "가 가 가");
        Assert.Equal(["none", "more"], predicted.Lines.Select(line => line.GetProperty("label").GetString()));

        string runs = folder.File("runs");
        var compared = await ToolConsole.Run("compare", "--task", "toy", "--encoder", "random", "--variants", "published,mask-aware",
            "--seeds", "1,2", "--jobs", "1", "--results", runs, "--json"); // in this process, which alone knows the task
        Assert.Equal(2, compared.Lines[0].GetProperty("runs").GetArrayLength()); // its head has no variants
        Assert.Contains("| toy | both the same | 2 |",
            await File.ReadAllTextAsync(Path.Combine(runs, "charts", "comparison.md"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(0, (await ToolConsole.Run("charts", "--results", runs, "--output", folder.File("charts"), "--json")).Code);
        Assert.True(File.Exists(folder.File("charts/index.html")));
    }
}
