namespace Electra.Tests;

/// <summary>From sentences with entities to a record, with an encoder of random weights.</summary>
public class EntitySplitsTests
{
    private static readonly EntityData Data = Made();

    private static readonly EncoderSource Encoder = EncoderSource.Open("random", Data.Train.Select(sentence => sentence.Text));

    private static readonly EntitySplits Splits = new(Data, Encoder);

    private static readonly TrainingOptions Options = new() { Epochs = 16, BatchSize = 8, LearningRate = 2e-3, Seed = 3 };

    [Theory]
    [InlineData("linear", HeadVariant.MaskAware)]
    [InlineData("cnn", HeadVariant.Published)]
    [InlineData("bilstm", HeadVariant.MaskAware)]
    public void A_tiny_set_is_learnt_and_a_saved_model_answers_as_its_record_says(string head, HeadVariant variant)
    {
        using var folder = new TemporaryFolder();
        var (model, config, record) = new TrainingRun(Splits, head, variant,
            Options).Train(cancellation: TestContext.Current.CancellationToken);
        using (model)
        {
            Checkpoint.Save(folder.Path, model, config, Encoder.Tokenizer);
        }

        Assert.NotNull(record);
        Assert.Equal(("token", head, "f1", Data.Test.Count), (record.Task, record.Head, record.Metric.Name, record.Metric.Total));
        Assert.True(record.Metric.Value > 0.8, $"F1 {record.Metric.Value}");

        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["ElectraForTokenClassification"], checkpoint.Config.Architectures);
        Assert.Equal(["O", "B-LC", "I-LC", "B-PS", "I-PS"], checkpoint.Labels);
        using var opened = checkpoint.CreateTokenClassifier();
        var rows = EntityRows.Of(ElectraTokenizer.FromFolder(folder.Path), [.. Data.Test.Select(sentence => sentence.Text)], 128);
        var answers = rows.CharacterTags(Prediction.Logits(opened, rows.Rows, 0, cancellation: TestContext.Current.CancellationToken),
            checkpoint.Labels);
        var metrics = EntityMetrics.Of([.. Data.Test.Select(sentence => sentence.Tags)], answers);
        Assert.Equal(metrics.Micro.F1, record.Metric.Value);
        Assert.Equal(metrics.Micro.Precision, record.Metrics!["precision"]);
        Assert.Equal(metrics.CharacterAccuracy, record.Metrics["character_accuracy"]);
        Assert.Equal(record.Metric.Value, record.Scores!.Sum(score => score[0]) / record.Scores!.Sum(score => score[1]), 1e-12);
        Assert.Equal(string.Concat(answers.Zip(Data.Test, (tags, sentence) => tags.SequenceEqual(sentence.Tags) ? '1' : '0')),
            record.Correct);
        Assert.InRange(record.Metric.Value, record.Metric.Interval[0], record.Metric.Interval[1]);
        Assert.Equal(Data.Test.Sum(sentence => sentence.Tags.Count), record.Confusion.Sum(row => row.Sum()));

        record.Write(folder.File("run.json"));
        Assert.Equal(record.ToJson(), RunRecord.Read(folder.File("run.json")).ToJson());
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another_one()
    {
        var (first, second, other) = (Train(Options with { Epochs = 1 }), Train(Options with { Epochs = 1 }),
            Train(Options with { Epochs = 1, Seed = 4 }));
        Assert.Equal(first.Scores, second.Scores);
        Assert.Equal(first.History.Select(epoch => epoch with { Seconds = 0 }), second.History.Select(epoch => epoch with { Seconds = 0 }));
        Assert.NotEqual(first.History[0].Loss, other.History[0].Loss);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("cnn")]
    [InlineData("bilstm")]
    public void Padding_changes_no_answer_of_a_mask_aware_head(string head)
    {
        var (model, _) = Splits.CreateModel(head, HeadVariant.MaskAware, seed: 1);
        using (model)
        {
            string[] texts = [.. Data.Test.Select(sentence => sentence.Text), "서",
                string.Concat(Data.Test.Select(sentence => sentence.Text))];
            var rows = EntityRows.Of(Encoder.Tokenizer, texts, 256);
            float[][] together = Prediction.Logits(model, rows.Rows, 0, cancellation: TestContext.Current.CancellationToken);
            float[][] alone = [
                .. rows.Rows.Select(row => Prediction.Logits(model, [row], 0, cancellation: TestContext.Current.CancellationToken)[0])];
            Assert.Equal(rows.CharacterTags(alone, Splits.Labels), rows.CharacterTags(together, Splits.Labels));
            Assert.All(rows.Rows.Zip(together), row => Assert.Equal(row.First.Length * Splits.Labels.Count, row.Second.Length));
        }
    }

    [Fact]
    public void Long_sentences_are_read_in_windows_and_reported_and_none_is_cut()
    {
        var splits = new EntitySplits(Data, Encoder, maxTokens: 6);
        Assert.Contains(splits.Notes, note => note.Contains("overlapping windows", StringComparison.Ordinal));
        Assert.Equal(0, splits.Truncated);
        Assert.True(splits.TrainLengths.Count > Splits.TrainLengths.Count);
        Assert.All(splits.TrainLengths, length => Assert.InRange(length, 3, 6));
        Assert.Equal(Splits.Ceiling, splits.Ceiling);
        var (model, _, record) = new TrainingRun(splits, "linear", HeadVariant.MaskAware,
            Options with { Epochs = 1 }).Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.Equal(Data.Test.Count, record!.Correct.Length);
    }

    [Fact]
    public void A_comparison_makes_each_run_once_and_tests_the_heads_by_the_bootstrap()
    {
        using var folder = new TemporaryFolder();
        var comparison = new Comparison(Splits, ["linear", "cnn"], [HeadVariant.Published, HeadVariant.MaskAware], [1],
            Options with { Epochs = 1 }, folder.Path);
        Assert.Equal(["linear", "cnn", "cnn", "dictionary"], comparison.Plan.Select(run => run.Head));
        Assert.False(comparison.IsBegun);
        using (var source = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(
                () => comparison.Run(comparison.Plan[0], onStep: _ => source.Cancel(), cancellation: source.Token));
        }

        Assert.True(comparison.IsBegun); // interrupted
        Assert.All(comparison.Plan, run => Assert.False(run.IsRecorded));
        List<RunRecord> runs =
            [.. comparison.Plan.Select(run => comparison.Run(run, cancellation: TestContext.Current.CancellationToken)!)];
        Assert.All(comparison.Plan, run => Assert.True(run.IsRecorded && !File.Exists(run.StateFile)));
        Assert.Equal("dictionary", runs[^1].Head);
        var table = ComparisonTable.Of(runs);
        Assert.Equal(4, table.Rows.Count);
        Assert.All(table.Rows.Zip(runs),
            pair => Assert.Equal(Electra.Statistics.Bootstrap([pair.Second.Scores!]), (pair.First.Interval[0], pair.First.Interval[1])));
        Assert.Equal(
            Electra.Statistics.PairedBootstrap(runs[0].Scores!, runs[3].Scores!),
            Assert.Single(table.Tests, test => test.IsOf(table.Rows[0], table.Rows[3])).P);
    }

    [Fact]
    public void Data_without_entities_and_heads_of_other_tasks_are_errors_before_the_training()
    {
        var empty = new EntityData("empty",
            [.. Data.Train.Select(sentence => sentence with { Tags = [.. sentence.Tags.Select(_ => "O")] })], Data.Test, "hash");
        Assert.Contains("no entity", Assert.Throws<InputException>(() => new EntitySplits(empty, Encoder)).Message,
            StringComparison.Ordinal);
        Assert.Contains("linear, cnn, bilstm",
            Assert.Throws<InputException>(() => new TrainingRun(Splits, "fc", HeadVariant.MaskAware, Options)).Message,
            StringComparison.Ordinal);
    }

    private static RunRecord Train(TrainingOptions options)
    {
        var (model, _, record) = new TrainingRun(Splits, "bilstm", HeadVariant.MaskAware,
            options).Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        return record!;
    }

    // Names before 감독 or 배우 are persons, before 에서 places; no name of the test sentences is told by itself.
    private static EntityData Made()
    {
        string[] names = ["한 도율", "서 리안", "강 무진", "민 하라", "백 시우", "달빛 마을", "은하 항구", "솔 고개"];
        EntitySentence Make(int i)
        {
            string name = names[i * 7 % names.Length];
            bool person = i % 2 == 0;
            string before = (i % 3) switch { 0 => "어제 ", 1 => "그리고 오늘 ", _ => "" };
            string text = $"{before}{name} {(person ? "감독이 왔다" : "에서 찍었다")}";
            return new EntitySentence($"{i}", text,
                EntityTags.OfCharacters(text, [(before.Length, before.Length + name.Length, person ? "B-PS" : "B-LC")]));
        }

        return new EntityData("made-up", [.. Enumerable.Range(0, 64).Select(Make)], [.. Enumerable.Range(100, 16).Select(Make)], "hash");
    }
}
