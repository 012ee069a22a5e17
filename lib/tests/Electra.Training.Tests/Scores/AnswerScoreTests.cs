using System.Text.Json;

namespace Electra.Tests;

/// <summary>Exact match and F1 are those of KorQuAD's official scorer.</summary>
public class AnswerScoreTests
{
    [Fact]
    public void Scores_of_answers_and_their_mean_equal_the_official_scorer()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Reference.Golden("metrics", "qa.json")));
        var scores = new List<AnswerScore>();
        foreach (var row in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string prediction = row.GetProperty("prediction").GetString()!;
            var score = AnswerScore.Of(prediction,
                row.GetProperty("references").EnumerateArray().Select(reference => reference.GetString()!));
            Assert.True(row.GetProperty("exact_match").GetDouble() == score.ExactMatch, $"exact match of {row}");
            Assert.True(Math.Abs(row.GetProperty("f1").GetDouble() - score.F1) <= 1e-12, $"F1 of {row}");
            scores.Add(score);
        }

        var overall = golden.RootElement.GetProperty("overall");
        var mean = AnswerScore.Mean(scores);
        Assert.Equal(200, scores.Count);
        Assert.Equal(overall.GetProperty("exact_match").GetDouble(), 100 * mean.ExactMatch, 1e-10);
        Assert.Equal(overall.GetProperty("f1").GetDouble(), 100 * mean.F1, 1e-10);
    }

    [Theory]
    [InlineData("서울\u001C역", "서울 역", 1, 1)] // a blank to Python, a control character to .NET
    [InlineData("\u1112\u1161\u11AB", "한", 0, 0)] // decomposed Hangul is other characters
    [InlineData("İ", "i\u0307", 1, 1)]
    [InlineData("가", "가 나", 0, 2 / 3.0)]
    public void Rules_that_the_reference_values_do_not_show(string prediction, string reference, double exactMatch, double f1) =>
        Assert.Equal(new AnswerScore(exactMatch, f1), AnswerScore.Of(prediction, [reference]));
}
