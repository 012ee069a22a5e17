namespace Electra.Tests;

/// <summary>Question answering trains, chooses, tests, compares and records like the other tasks.</summary>
public class QuestionSplitsTests
{
    private static readonly string[] Names = ["가나", "다라", "마바", "사아", "자차", "카타", "파하", "거너", "더러", "머버"];

    [Fact]
    public void A_run_learns_to_find_a_name_and_records_what_it_takes_to_compare()
    {
        var data = new QuestionData("toy", [.. Enumerable.Range(0, 120).Select(Ask)], [.. Enumerable.Range(120, 40).Select(Ask)], "hash");
        var encoder = EncoderSource.Open("random", data.Train.SelectMany(question => new[] { question.Context, question.Text }),
            TestContext.Current.CancellationToken);
        var task = new QuestionSplits(data, encoder, new QuestionOptions { MaxTokens = 64 });
        Assert.Empty(task.Notes);
        using var folder = new TemporaryFolder();
        var comparison = new Comparison(task, ["cnn"], [HeadVariant.MaskAware], [1],
            new TrainingOptions { Epochs = 6, BatchSize = 8, LearningRate = 1e-3 }, folder.Path);
        Assert.Equal(2, comparison.Plan.Count);
        var planned = comparison.Plan[0];
        var record = comparison.Run(planned, cancellation: TestContext.Current.CancellationToken)!;
        Assert.InRange(record.Metric.Value, 0.8, 1); // one of two names by chance: about 0.5
        Assert.Equal(("qa", "f1", 40), (record.Task, record.Metric.Name, record.Metric.Total));
        Assert.Equal(record.Metric.Right / 40.0, record.Metrics!["exact_match"], 1e-12);
        Assert.Equal(40, record.Scores!.Count); // paragraphs
        Assert.Equal(record.Metric.Value, record.Scores.Sum(score => score[0]) / record.Scores.Sum(score => score[1]), 1e-12);
        Assert.InRange(record.Metric.Value, record.Metric.Interval[0], record.Metric.Interval[1]);
        Assert.True(planned.IsRecorded);
        Assert.Equal(record.ToJson(), RunRecord.Read(planned.Path).ToJson());
        var baseline = comparison.Run(comparison.Plan[1], cancellation: TestContext.Current.CancellationToken)!;
        Assert.Equal(("overlap", RunRecord.Baseline), (baseline.Head, baseline.Variant));
        Assert.InRange(baseline.DevScore, 0, 1);
        var table = ComparisonTable.Of([record, baseline]);
        Assert.Equal([record.Metric.Value, baseline.Metric.Value], table.Rows.Select(row => row.Mean));
        Assert.Single(table.Tests);
    }

    [Fact]
    public void The_projects_own_questions_make_a_task_with_its_notes()
    {
        var data = QuestionData.Open("questions");
        var encoder = EncoderSource.Open("random", data.Train.Select(question => question.Context), TestContext.Current.CancellationToken);
        var task = new QuestionSplits(data, encoder, new QuestionOptions());
        Assert.Equal((759, 279), (task.Data.Train + task.Data.Dev, task.Data.Test));
        Assert.Equal(256, task.MaxTokens);
        Assert.Contains(task.Notes, note => note.Contains("training answers begin or end inside a word piece", StringComparison.Ordinal));
        var baseline = Assert.Single(task.Baselines).Train(null, TestContext.Current.CancellationToken).Test();
        Assert.InRange(baseline.Metric.Value, 0.05, 0.5); // better than nothing, far from reading
    }

    [Fact]
    public void Answers_that_no_window_has_are_an_error_when_there_are_no_others()
    {
        var encoder = EncoderSource.Open("random", ["가나 다라"], TestContext.Current.CancellationToken);
        var data = new QuestionData("none", [Blank("a"), Blank("b")], [Blank("c")], "hash");
        Assert.Contains("None of the 1 training answers",
            Assert.Throws<InputException>(() => new QuestionSplits(data, encoder, new QuestionOptions())).Message,
            StringComparison.Ordinal);

        static Question Blank(string title) => new(title, title, "가나 \u00AD", "다라?", [new Answer("\u00AD", 3)]);
    }

    // "감독 가나 배우 다라", asked for the director: the name behind the word, wherever it stands.
    private static Question Ask(int i)
    {
        var random = new Random(i);
        string[] names = random.GetItems(Names, 2);
        string context = random.Next(2) == 0 ? $"감독 {names[0]} 배우 {names[1]} 영화" : $"영화 배우 {names[1]} 그리고 감독 {names[0]}";
        return new($"{i}", $"{i / 2}", context, "감독 누구", [new Answer(names[0], context.IndexOf("감독", StringComparison.Ordinal) + 3)]);
    }
}
