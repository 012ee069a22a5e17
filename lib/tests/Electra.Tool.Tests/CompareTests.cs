using System.Text.RegularExpressions;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary><c>electra compare</c> into one folder, by several processes and after a kill.</summary>
public partial class CompareTests(SmallModels models) : IClassFixture<SmallModels>
{

    [Fact]
    public async Task Two_comparisons_into_one_folder_train_no_run_twice()
    {
        const int Runs = 8;
        using var folder = new TemporaryFolder();
        string[] command = Command(folder, "1,2,3,4");
        var both = await Task.WhenAll(ToolProcess.Run(command), ToolProcess.Run(command));
        Assert.All(both, each => Assert.True(each.Code == 0, each.Output + each.Errors));
        string[][] trained = [.. both.Select(each => Trained().Matches(each.Errors).Select(match => match.Groups[1].Value).ToArray())];
        Assert.Empty(trained[0].Intersect(trained[1]));
        Assert.Equal(Runs, trained.Sum(each => each.Length));
        Assert.All(both.Zip(trained), each => // what one has left to the other is said
            Assert.Equal(Runs - each.Second.Length, Others().Count(each.First.Errors)));
        Assert.Equal(Runs, Directory.GetFiles(folder.File("results"), "*-seed*.json").Length);
        Assert.Empty(Directory.GetFiles(folder.File("results"), "*.lock"));
        Assert.Empty(Directory.GetFiles(folder.File("results"), "*.state"));
    }

    [Fact]
    public async Task A_run_that_another_process_trains_is_left_and_what_a_kill_left_is_swept()
    {
        using var folder = new TemporaryFolder();
        string[] command = Command(folder, "1");
        var (code, output, errors) = await ToolProcess.Run(command);
        Assert.True(code == 0, output + errors);
        string[] records = [.. Directory.GetFiles(folder.File("results"), "*-seed*.json").Order(StringComparer.Ordinal)];
        File.Delete(records[0]);
        File.Delete(records[1]);
        string[] left = [Path.ChangeExtension(records[1], ".state") + ".4711.tmp", records[1] + ".4711.tmp"];
        Assert.All(left, file => File.WriteAllText(file, "half of it"));
        using (FileLock.Take(Path.ChangeExtension(records[0], ".lock"))) // as another process that is training it
        {
            (code, output, errors) = await ToolProcess.Run(command);
            Assert.True(code == 0, output + errors);
            Assert.Contains("left to another process", errors, StringComparison.Ordinal);
            Assert.Contains("1 run of this comparison is being trained by another process", errors, StringComparison.Ordinal);
            Assert.Single(Trained().Matches(errors));
            Assert.False(File.Exists(records[0]));
        }

        Assert.True(File.Exists(records[1]));
        Assert.All(left, file => Assert.False(File.Exists(file), file));
        (code, output, errors) = await ToolProcess.Run(command);
        Assert.True(code == 0, output + errors);
        Assert.DoesNotContain("another process", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(records[0]));
    }

    private string[] Command(TemporaryFolder folder, string seeds)
    {
        string[] rows = ["id\tdocument\tlabel",
            .. Enumerable.Range(0, 40).Select(i => $"{i}\t영화 {"가나다라"[i % 4]} {(i % 2 == 0 ? "별로다" : "좋았다")}\t{i % 2}")];
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
        return ["compare", "--encoder", models.Sequence, "--data", folder.Path, "--heads", "fc,cnn", "--variants", "mask-aware", "--seeds",
            seeds, "--epochs", "4", "--precision", "fp32", "--results", folder.File("results")];
    }

    [GeneratedRegex(@"^(\d+/\d+ \S+ \S+ seed \d+): test .*reviews/s$", RegexOptions.Multiline)]
    private static partial Regex Trained();

    [GeneratedRegex(@"^\d+/\d+ \S+ \S+ seed \d+: (left to another process|.*recorded before$)", RegexOptions.Multiline)]
    private static partial Regex Others();
}
