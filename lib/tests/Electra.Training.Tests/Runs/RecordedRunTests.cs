namespace Electra.Tests;

/// <summary>
/// What is on disk stays valid: recorded runs are found again under their fingerprints, and every text that one is made of is as it was.
/// </summary>
public class RecordedRunTests
{
    private static readonly string Recorded = Path.Combine(Reference.Root, "data", "results", "recorded");

    [Fact]
    public void The_runs_that_the_readme_shows_are_those_that_a_comparison_of_the_shipped_data_asks_for()
    {
        var data = ReviewData.Open("reviews");
        string shipped = Path.Combine(Reference.Root, EncoderSource.Shipped);
        var task = new ReviewSplits(data, EncoderSource.Open(shipped, [], TestContext.Current.CancellationToken));
        var options = new TrainingOptions { LearningRate = 3e-4, Precision = Precision.Bf16 };
        HeadVariant[] variants = [HeadVariant.Published, HeadVariant.MaskAware];
        var comparison = new Comparison(task, ["fc", "cnn", "bilstm"], variants, [1, 2, 3], options, Recorded);
        Assert.All(comparison.Plan, run => Assert.True(run.IsRecorded, run.Path));
        using var folder = new TemporaryFolder();
        new Comparison(task, ["fc"], [HeadVariant.Published], [1], options, folder.Path).Baselines(TestContext.Current.CancellationToken);
        Assert.Equal(
            Names(Directory.GetFiles(Recorded)),
            Names(comparison.Plan.Select(run => run.Path).Concat(Directory.GetFiles(folder.Path))));

        static string[] Names(IEnumerable<string> files) => [.. files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_recorded_run_is_written_again_byte_for_byte()
    {
        string[] files = Directory.GetFiles(Recorded, "*.json", SearchOption.AllDirectories);
        Assert.True(files.Length > 20);
        using var folder = new TemporaryFolder();
        foreach (string file in files)
        {
            RunRecord.Read(file).Write(folder.File("again.json"));
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File("again.json"))), file);
        }
    }

    [Fact]
    public void An_option_that_a_record_lacks_has_its_default()
    {
        using var folder = new TemporaryFolder();
        string[] lines = File.ReadAllLines(Path.Combine(Recorded, "reviews-fc-seed1-3f29551c.json"));
        string[] dropped = ["\"accumulation\"", "\"max_gradient_norm\"", "\"precision\""];
        string[] left = [.. lines.Where(line => !dropped.Any(name => line.Contains(name, StringComparison.Ordinal)))];
        Assert.Equal(lines.Length - 3, left.Length);
        File.WriteAllLines(folder.File("run.json"), left);
        Assert.Equal(new TrainingOptions { LearningRate = 3e-4 }, RunRecord.Read(folder.File("run.json")).Options);
    }

    [Fact]
    public void The_state_of_a_training_names_data_and_options_as_it_always_did()
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 12).Select(i => $"{i}\t{(i % 2 == 0 ? "좋은" : "나쁜")} 영화 {i}\t{i % 2}");
        foreach (string name in (string[])["train.tsv", "test.tsv"])
        {
            File.WriteAllText(folder.File(name), $"id\tdocument\tlabel\n{string.Concat(rows.Select(row => row + "\n"))}");
        }

        var data = ReviewData.Open(folder.Path);
        var texts = data.Train.Select(review => review.Document);
        var task = new ReviewSplits(data, EncoderSource.Open("random", texts, TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource();
        var run = new TrainingRun(task, "cnn", HeadVariant.MaskAware, new TrainingOptions { BatchSize = 4, Patience = 2 })
        {
            StateFile = folder.File("run.state"),
            OnStep = _ => stop.Cancel(),
        };
        run.Train(cancellation: stop.Token).Model.Dispose();
        var metadata = SafetensorsFile.ReadHeader(folder.File("run.state")).Metadata;
        const string Options =
            """{"Epochs":3,"BatchSize":4,"Accumulation":1,"LearningRate":0.0005,"WarmupProportion":0.1,"WeightDecay":0.01,"""
            + """
            "MaxGradientNorm":1,"Patience":2,"Precision":"fp32","Seed":1}
            """;
        string identity = $$"""{"Name":"sequence","Data":"{{data.Hash}}","Train":10,"Hash":"{{task.Encoder.Hash}}",""" + """
            "MaxTokens":128,"Head":"cnn","Variant":"mask-aware"}
            """;
        Assert.Equal($"{Options} 3 {identity}", metadata["settings"]);
        const string Progress =
            """^\{"Step":1,"LossSum":[0-9.]+,"Seconds":[0-9.E-]+,"Epochs":\[\],"BestEpoch":-1,"StoppedEarly":false\}$""";
        Assert.Matches(Progress, metadata["progress"]);
    }
}
