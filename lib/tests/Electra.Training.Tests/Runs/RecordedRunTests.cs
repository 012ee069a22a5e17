using System.Text.Json.Nodes;

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
        var options = new TrainingOptions { LearningRate = 3e-4, Precision = Precision.Fp32, Threads = 1 };
        HeadVariant[] variants = [HeadVariant.Published, HeadVariant.MaskAware];
        var comparison = new Comparison(task, ["fc", "cnn", "bilstm"], variants, [1, 2, 3], options, Recorded);
        Assert.All(comparison.Plan, run => Assert.True(run.IsRecorded, run.Path));
        Assert.Equal(Names(Directory.GetFiles(Recorded, "*.json")), Names(comparison.Plan.Select(run => run.Path)));
    }

    [Fact]
    public void The_runs_of_the_template_are_those_that_lesson_10_asks_for()
    {
        string shipped = Path.Combine(Reference.Root, EncoderSource.Shipped), folder = Path.Combine(Recorded, "template");
        var task = new ReviewSplits(ReviewData.Open("template"), EncoderSource.Open(shipped, [], TestContext.Current.CancellationToken));
        Assert.Equal(["question", "request", "complaint"], task.Labels);
        var options = new TrainingOptions { Epochs = 15, LearningRate = 3e-4, Precision = Precision.Fp32, Threads = 1 };
        var comparison = new Comparison(task, ["fc", "cnn", "bilstm"], [HeadVariant.MaskAware], [1, 2, 3], options, folder);
        Assert.Equal(Names(Directory.GetFiles(folder, "*.json")), Names(comparison.Plan.Select(run => run.Path)));
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
        var json = JsonNode.Parse(File.ReadAllText(Named("reviews-fc-seed1-*.json")))!;
        foreach (string name in (string[])["accumulation", "max_gradient_norm", "precision", "method", "threads"])
        {
            Assert.True(json["options"]!.AsObject().Remove(name));
        }

        File.WriteAllText(folder.File("run.json"), json.ToJsonString());
        Assert.Equal(new TrainingOptions { LearningRate = 3e-4, Method = 0 }, RunRecord.Read(folder.File("run.json")).Options);
    }

    // The name ends in a hash of the options and the encoder.
    private static string Named(string pattern) => Directory.GetFiles(Recorded, pattern).Single();

    // What can stand at any place of a record that was changed by hand, by a fault of the disk or on purpose.
    private static readonly string[] Wrong =
        ["null", "-1", "1.5", "1e999", "2147483647", "\"\"", "\"x\"", "[]", "[null]", "[[]]", "[[1]]", "{}", "true"];

    [Theory]
    [InlineData("reviews-fc-seed1-*.json")]
    [InlineData("reviews-bag-of-words-*.json")]
    [InlineData("F1")]
    public void A_record_with_anything_wrong_anywhere_is_refused_by_name_or_can_be_put_into_tables(string name)
    {
        var sound = RunRecord.Read(Named(name == "F1" ? "reviews-fc-seed1-*.json" : name));
        if (name == "F1")
        {
            sound = sound with
            {
                Data = sound.Data with { Test = 4 },
                Correct = "1101",
                Metric = new("F1", 0.8, 3, 4, [0.5, 1]),
                Metrics = new Dictionary<string, double> { ["precision"] = 0.8 },
                Scores = [[2, 2], [4, 4], [0, 2], [2, 2]],
                Confusion = [],
            };
        }

        using var folder = new TemporaryFolder();
        int refused = 0;
        foreach (string changed in Changed(JsonNode.Parse(sound.ToJson())!))
        {
            File.WriteAllText(folder.File("run.json"), changed);
            try
            {
                var run = RunRecord.Read(folder.File("run.json"));
                _ = ComparisonTable.Of([run, .. run.Data == sound.Data ? [sound] : Array.Empty<RunRecord>()]).NotWorseThanBest();
                _ = (run.AsShown(), run.DevScore, run.ToJson());
            }
            catch (InputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Assert.Fail($"{e.GetType().Name}: {e.Message}\n{changed[..Math.Min(changed.Length, 3000)]}");
            }
        }

        Assert.InRange(refused, 200, 100_000);
    }

    // Every value replaced by each wrong one, and left out; of long lists the first values only.
    private static IEnumerable<string> Changed(JsonNode root)
    {
        foreach (var node in Inner(root).ToList())
        {
            var parent = node.Parent!;
            string key = parent is JsonObject ? node.GetPropertyName() : "";
            int index = parent is JsonArray ? node.GetElementIndex() : 0;
            foreach (string wrong in Wrong)
            {
                Set(JsonNode.Parse(wrong));
                yield return root.ToJsonString();
            }

            if (parent is JsonObject fields)
            {
                fields.Remove(key);
                yield return root.ToJsonString();
            }

            Set(node);

            void Set(JsonNode? value)
            {
                if (parent is JsonObject one)
                {
                    one[key] = value;
                }
                else
                {
                    parent.AsArray()[index] = value;
                }
            }
        }

        static IEnumerable<JsonNode> Inner(JsonNode node) => node switch
        {
            JsonObject one => one.Where(field => field.Value is not null)
                .SelectMany(field => Inner(field.Value!).Prepend(field.Value!)),
            JsonArray list => list.Take(3).OfType<JsonNode>().SelectMany(item => Inner(item).Prepend(item)),
            _ => [],
        };
    }

    [Theory]
    [InlineData("correct", "\"012\"")] // not right or wrong
    [InlineData("options", "null")]
    [InlineData("encoder", "null")]
    [InlineData("history", "[null]")]
    [InlineData("data", """{"name": null, "hash": "a", "train": 1, "dev": 1, "test": 1}""")]
    [InlineData("data", """{"hash": "a", "train": 1, "dev": 1, "test": 1}""")]
    [InlineData("machine", """{"cpu": null, "cores": 1, "threads": 1, "device": "cpu", "system": "Linux"}""")]
    [InlineData("confusion", "[[1, 2], [3]]")]
    [InlineData("confusion", "[[1, 2], [3, -4]]")]
    [InlineData("confusion", "[[2147483647, 2147483647], [3, 4]]")]
    [InlineData("metric", """{"name": "accuracy", "value": 1.5, "right": 1, "total": 1, "interval": [0, 1]}""")]
    [InlineData("seconds", "1e999")]
    public void What_no_run_records_is_refused_with_the_file_and_the_reason(string name, string value)
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(File.ReadAllText(Named("reviews-fc-seed1-*.json")))!;
        json[name] = JsonNode.Parse(value);
        File.WriteAllText(folder.File("run.json"), json.ToJsonString());
        string message = Assert.Throws<InputException>(() => RunRecord.Read(folder.File("run.json"))).Message;
        Assert.Contains(folder.File("run.json"), message, StringComparison.Ordinal);
        Assert.Contains("(", message, StringComparison.Ordinal);
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
            "MaxGradientNorm":1,"Patience":2,"Precision":"fp32","Seed":1,"Method":3}
            """;
        string identity = $$"""{"Name":"sequence","Data":"{{data.Hash}}","Train":10,"Hash":"{{task.Encoder.Hash}}",""" + """
            "MaxTokens":128,"Head":"cnn","Variant":"mask-aware"}
            """;
        Assert.Equal($"{Options} 3 {identity}", metadata["settings"]);
        const string Progress =
            """^\{"Step":1,"LossSum":[0-9.]+,"Seconds":[0-9.E-]+,"Epochs":\[\],"BestEpoch":-1,"StoppedEarly":false\}$""";
        Assert.Matches(Progress, metadata["progress"]);
    }

    private static string[] Names(IEnumerable<string> files) =>
        [.. files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
