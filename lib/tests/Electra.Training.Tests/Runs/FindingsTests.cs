namespace Electra.Tests;

public class FindingsTests
{
    [Fact]
    public void The_sentences_name_the_best_head_what_it_cannot_be_told_from_and_the_baseline()
    {
        string good = new string('1', 90) + new string('0', 10);
        string bad = new string('1', 40) + new string('0', 60);
        var table = ComparisonTable.Of([Run("fc", good), Run("cnn", good[1..] + "0"), Run("bilstm", bad), Run("n-grams", bad, true)]);
        string text = Findings.Of(table, "accuracy");
        Assert.StartsWith("Best: fc/published, accuracy 0.9000. Not told apart from it: cnn/published (adjusted p", text,
            StringComparison.Ordinal);
        Assert.Contains("Above the baseline n-grams, by more than noise: fc/published, cnn/published.", text,
            StringComparison.Ordinal);
        Assert.Contains("Not above the baseline n-grams, inside the noise: bilstm/published.", text,
            StringComparison.Ordinal);
        Assert.Contains("It is told apart from every other head",
            Findings.Of(ComparisonTable.Of([Run("fc", good), Run("bilstm", bad)]), "accuracy"), StringComparison.Ordinal);
        Assert.Equal("Best: fc/published, accuracy 0.9000. The same within ± 0.1: cnn/published.",
            Findings.Of(ComparisonTable.Of([Run("fc", good), Run("cnn", good[1..] + "0")], 0.1), "accuracy"));
    }

    private static RunRecord Run(string head, string correct, bool baseline = false)
    {
        int right = correct.Count(digit => digit == '1');
        var run = baseline ? Records.All[^1] : Records.All[0];
        return run with
        {
            Head = head,
            Correct = correct,
            Data = run.Data with { Test = correct.Length },
            Metric = new("accuracy", right / (double)correct.Length, right, correct.Length, [0, 1]),
        };
    }
}
