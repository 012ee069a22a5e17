using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Electra.Tests;
using Electra.Tool.Commands;
using k8s;
using k8s.Models;

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
            Assert.Contains("1 run of this comparison is being made by another process", errors, StringComparison.Ordinal);
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

    [Fact]
    public async Task Speeds_are_measured_one_at_a_time_stand_beside_the_runs_and_are_shown_with_them()
    {
        using var folder = new TemporaryFolder();
        string results = folder.File("results");
        string[] command = Command(folder, "1,2", jobs: "2");
        string[] bench = ["bench", "--results", results, "--encoder", models.Sequence, "--data", folder.Path, "--steps", "1"];
        Assert.Equal(2, (await ToolProcess.Run(bench)).Code); // nothing is recorded yet
        var (code, output, errors) = await ToolProcess.Run(command);
        Assert.True(code == 0, output + errors);
        Assert.Contains("electra bench --results", output, StringComparison.Ordinal);
        Assert.DoesNotContain("reviews/s", output, StringComparison.Ordinal);
        var records = Records(results);

        (code, output, errors) = await ToolProcess.Run(bench);
        Assert.True(code == 0, output + errors);
        var speeds = Directory.GetFiles(Path.Combine(results, "speeds")).Select(MeasuredSpeed.Read).ToDictionary(speed => speed.Head);
        Assert.Equal(["cnn", "fc"], speeds.Keys.Order(StringComparer.Ordinal));
        (code, output, errors) = await ToolProcess.Run([.. command, "--json"]);
        Assert.True(code == 0, output + errors);
        var table = JsonNode.Parse(output)!["table"]!.AsArray();
        Assert.All(speeds.Values, speed => Assert.Equal(speed.ExamplesPerSecond, table
            .Single(row => (string?)row!["head"] == speed.Head)!["examples_per_second"]!.GetValue<double>(), 1e-9));
        (_, output, _) = await ToolProcess.Run(command);
        Assert.Contains("reviews/s", output, StringComparison.Ordinal);
        Assert.DoesNotContain("electra bench", output, StringComparison.Ordinal);
        Assert.Equal(records, Records(results)); // the runs themselves are as they were

        (code, _, errors) = await ToolProcess.Run([.. bench, "--heads", "fc"]);
        Assert.True(code == 2 && errors.Contains("--heads and --results exclude each other", StringComparison.Ordinal), errors);
        File.AppendAllLines(folder.File("test.tsv"), ["41\t다른 영화\t1"]);
        (code, _, errors) = await ToolProcess.Run(bench);
        Assert.True(code == 2 && errors.Contains("has no recorded runs of", StringComparison.Ordinal), errors);
    }

    private string[] Command(TemporaryFolder folder, string seeds, string jobs = "1", string results = "results")
    {
        string[] rows = ["id\tdocument\tlabel",
            .. Enumerable.Range(0, 40).Select(i => $"{i}\t영화 {"가나다라"[i % 4]} {(i % 2 == 0 ? "별로다" : "좋았다")}\t{i % 2}")];
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
        return ["compare", "--encoder", models.Sequence, "--data", folder.Path, "--heads", "fc,cnn", "--variants", "mask-aware", "--seeds",
            seeds, "--epochs", "4", "--precision", "fp32", "--jobs", jobs, "--results", folder.File(results)];
    }

    [Fact]
    public async Task Runs_side_by_side_and_members_of_an_array_are_the_runs_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = await ToolProcess.Run(Command(folder, "1,2", "1", "alone"));
        Assert.True(code == 0, output + errors);
        (code, output, errors) = await ToolProcess.Run(Command(folder, "1,2", "3", "beside"));
        Assert.True(code == 0, output + errors);
        Assert.Contains(", 3 at a time", errors, StringComparison.Ordinal);
        var alone = Records(folder.File("alone"));
        Assert.Equal(8, alone.Count); // two heads, two seeds, four baselines
        Assert.Equal(alone, Records(folder.File("beside")));
        Assert.All(RunsOf(folder.File("beside")), run => Assert.Equal(3, run.Jobs));
        Assert.All(RunsOf(folder.File("alone")), run => Assert.Equal(1, run.Jobs));

        (code, output, _) = await ToolProcess.Run([.. Command(folder, "1,2", "1", "members"), "--members"]);
        Assert.Equal((0, "8"), (code, output.Trim()));
        using var variables = new Variables { ["JOB_COMPLETION_INDEX"] = "3" };
        for (int repeat = 0; repeat < 2; repeat++) // what is recorded is said again
        {
            (code, output, errors) = await ToolProcess.Run([.. Command(folder, "1,2", "1", "members"), "--member", "auto"]);
            Assert.True(code == 0, errors);
            Assert.StartsWith("3: cnn mask-aware seed 2, accuracy ", output, StringComparison.Ordinal);
        }

        var member = Assert.Single(Records(folder.File("members")));
        Assert.Equal(alone[member.Key], member.Value);
        (code, output, _) = await ToolProcess.Run(["--json", .. Command(folder, "1,2", "1", "members"), "--member", "4"]);
        Assert.Equal((0, "majority"), (code, JsonNode.Parse(output)!["run"]!["head"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("8", "--member is \"8\"; it must be a number from 0 to 7")]
    [InlineData("-1", "--member is \"-1\"")]
    [InlineData("x", "--member is \"x\"")]
    [InlineData("auto", "none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX is set")]
    public void A_member_that_is_none_is_refused(string member, string message)
    {
        using var variables = new Variables
        {
            ["SLURM_ARRAY_TASK_ID"] = null,
            ["JOB_COMPLETION_INDEX"] = null,
            ["AWS_BATCH_JOB_ARRAY_INDEX"] = null,
        };
        Assert.Contains(message, Assert.Throws<InputException>(() => ClusterMember.Parse(member, 8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedulers_number_beyond_the_last_run_is_refused_by_the_variables_name()
    {
        using var variables = new Variables { ["SLURM_ARRAY_TASK_ID"] = "8" };
        Assert.StartsWith("SLURM_ARRAY_TASK_ID is \"8\"", Assert.Throws<InputException>(() => ClusterMember.Parse("auto", 8)).Message,
            StringComparison.Ordinal);
        Assert.Equal(7, ClusterMember.Parse("7", 8)); // never without being asked
    }

    [Fact]
    public void As_many_runs_are_trained_at_once_as_find_room()
    {
        var config = new ElectraConfig
        {
            VocabSize = 30_000,
            EmbeddingSize = 768,
            HiddenSize = 768,
            NumHiddenLayers = 12,
            IntermediateSize = 3072,
        };
        Assert.Equal(0, JobCount.InMemory(1L << 30, config)); // 108 million parameters of 24 bytes, and 700 MiB
        Assert.Equal(2, JobCount.InMemory(8L << 30, config));
    }

    [Fact]
    public void The_job_for_Kubernetes_has_only_fields_that_its_types_know()
    {
        var job = KubernetesYaml.Deserialize<V1Job>(
            File.ReadAllText(Path.Combine(Reference.Root, "lib", "cluster", "kubernetes.yaml")), strict: true);
        Assert.Equal(("Indexed", 3), (job.Spec.CompletionMode, job.Spec.BackoffLimitPerIndex));
        var rule = job.Spec.PodFailurePolicy.Rules[0];
        Assert.Equal(("Ignore", Terminal.Interrupted), (rule.Action, rule.OnExitCodes.Values.Single()));
        var container = job.Spec.Template.Spec.Containers.Single();
        Assert.Equal(container.Name, rule.OnExitCodes.ContainerName);
        Assert.Equal("Never", job.Spec.Template.Spec.RestartPolicy); // what a failure policy asks for
        Assert.Empty(CommandLine.Root().Parse([.. container.Command.Skip(1)]).Errors);
    }

    private static IReadOnlyList<RunRecord> RunsOf(string results) =>
        [.. Directory.GetFiles(results, "*.json").Order(StringComparer.Ordinal).Select(RunRecord.Read)];

    // Records by their file, without what measures time or says who else was there.
    private static Dictionary<string, string> Records(string results) => Directory.GetFiles(results, "*.json")
        .ToDictionary(file => Path.GetFileName(file), file =>
        {
            var record = RunRecord.Read(file);
            return (record with
            {
                Seconds = 0,
                ExamplesPerSecond = new(0, 0),
                Jobs = null,
                Machine = record.Machine with { Threads = 1 },
                History = [.. record.History.Select(epoch => epoch with { Seconds = 0 })],
            }).ToJson();
        });

    [GeneratedRegex(@"^\d+/\d+ (\S+ \S+ seed \d+): test .*reviews/s$", RegexOptions.Multiline)]
    private static partial Regex Trained();

    [GeneratedRegex(@"^(\d+/\d+ )?\S+ \S+ seed \d+: (left to another process|.*recorded before$)", RegexOptions.Multiline)]
    private static partial Regex Others();
}
