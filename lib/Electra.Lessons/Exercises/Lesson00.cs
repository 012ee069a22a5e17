using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 00, Start here.</summary>
public static class Lesson00
{
    /// <summary>A tensor of ones for 4 reviews and 3 labels.</summary>
    public static void Exercise1(torch.Tensor? mine) => Check.Exercise("Exercise 1",
        ["the first axis is the one that is counted first in the text: reviews, then labels",
            "section 2 makes ones of another size: ones(…)"],
        () => Verdict.Close(mine, torch.ones(4, 3), 1e-6));

    /// <summary>How many test reviews are positive and have more than 30 characters.</summary>
    public static void Exercise2(int? longPositive) => Check.Exercise("Exercise 2",
        ["LINQ's Count takes a condition, and a condition may have two parts",
            "review.Label == 1 && …; a text's Length is its characters"],
        () => Verdict.Equal(longPositive, ReviewData.Open("reviews").Test.Count(one => one.Label == 1 && one.Document.Length > 30)));

    /// <summary>A Korean review that the model takes for negative with a probability above 0.9.</summary>
    /// <param name="review">The learner's text.</param>
    /// <param name="probabilities">The lesson's function: probabilities of negative and positive.</param>
    public static void Exercise3(string? review, Func<string, double[]> probabilities) => Check.Exercise("Exercise 3",
        ["say it twice, in different words", "단어: 지루하다 (boring), 아깝다 (a waste), 최악 (the worst)"],
        () => review is null ? Verdict.ToDo
            : !review.Any(letter => letter is >= '가' and <= '힣') ? Verdict.Wrong("there is no Korean in it")
            : Verdict.That(probabilities(review)[0] > 0.9, $"negative has the probability {Verdict.Text(probabilities(review)[0])} only"));

    /// <summary>The share of the first 50 test reviews that the model gets right.</summary>
    /// <param name="share">The learner's share, 0 to 1.</param>
    /// <param name="rightRows">Of each test review in order, whether the model was right: <c>record.CorrectRows</c>.</param>
    public static void Exercise4(double? share, IEnumerable<bool> rightRows) => Check.Exercise("Exercise 4",
        ["compare each answer with the review's Label",
            "data.Test.Take(50) are the first 50; divide by 50.0, for 50 would cut off what is behind the point"],
        () => Verdict.Number(share, rightRows.Take(50).Count(right => right) / 50.0, 1e-6));
}
