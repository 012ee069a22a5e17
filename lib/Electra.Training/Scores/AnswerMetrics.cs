namespace Electra;

/// <summary>How well questions were answered, each scored by <see cref="AnswerScore"/>.</summary>
public sealed class AnswerMetrics
{
    /// <summary>What the metric is called in records.</summary>
    public const string Name = "f1";

    private readonly IReadOnlyList<Question> _questions;

    private AnswerMetrics(IReadOnlyList<Question> questions, IReadOnlyList<AnswerScore> scores) =>
        (_questions, Scores) = (questions, scores);

    /// <summary>The score of each question.</summary>
    public IReadOnlyList<AnswerScore> Scores { get; }

    /// <summary>Their mean.</summary>
    public AnswerScore Mean => AnswerScore.Mean(Scores);

    /// <summary>The 95 % interval of the mean exact match, by the bootstrap over paragraphs.</summary>
    public (double Low, double High) ExactMatchInterval => Statistics.Bootstrap([ByParagraph(score => score.ExactMatch)]);

    /// <summary>The 95 % interval of the mean F1, by the bootstrap over paragraphs.</summary>
    public (double Low, double High) F1Interval => Statistics.Bootstrap([ByParagraph(score => score.F1)]);

    /// <summary>As a record has it.</summary>
    public TestResult Result
    {
        get
        {
            bool[] correct = [.. Scores.Select(score => score.ExactMatch == 1)];
            var (low, high) = F1Interval;
            return new TestResult
            {
                Metric = new(Name, Mean.F1, correct.Count(isRight => isRight), correct.Length, [low, high]),
                Correct = TestResult.Digits(correct),
                Metrics = new Dictionary<string, double> { ["exact_match"] = Mean.ExactMatch },
                Scores = ByParagraph(score => score.F1),
                Confusion = [],
            };
        }
    }

    /// <summary>Scores answers.</summary>
    /// <param name="questions">Questions with their known answers, at least one.</param>
    /// <param name="answers">The answers, in the same order.</param>
    public static AnswerMetrics Of(IReadOnlyList<Question> questions, IEnumerable<PredictedAnswer> answers) =>
        new(questions, AnswerScore.OfAll(questions, answers));

    private IReadOnlyList<IReadOnlyList<double>> ByParagraph(Func<AnswerScore, double> number) =>
        AnswerScore.ByParagraph(_questions, Scores, number);
}
