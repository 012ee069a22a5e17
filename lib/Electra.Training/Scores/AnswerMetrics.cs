using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Electra;

/// <summary>
/// How well questions were answered, each scored by <see cref="AnswerScore"/>. Of a question its score is kept, and a number that stands
/// for its paragraph, but no text: there may be more questions than memory has room for.
/// </summary>
public sealed class AnswerMetrics
{
    /// <summary>What the metric is called in records.</summary>
    public const string Name = "f1";

    private readonly List<UInt128> _paragraphs = [];
    private readonly List<AnswerScore> _scores = [];

    /// <summary>The score of each question.</summary>
    public IReadOnlyList<AnswerScore> Scores => _scores;

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
    public static AnswerMetrics Of(IReadOnlyList<Question> questions, IEnumerable<PredictedAnswer> answers)
    {
        var metrics = new AnswerMetrics();
        foreach (var (question, answer) in questions.Zip(answers))
        {
            metrics.Add(question, answer);
        }

        return metrics;
    }

    /// <summary>Scores one more answer.</summary>
    /// <param name="question">A question with its known answers, at least one.</param>
    /// <param name="answer">The answer.</param>
    public void Add(Question question, PredictedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        _scores.Add(AnswerScore.Of(answer.Text, question.Answers.Select(known => known.Text)));
        byte[] paragraph = Encoding.Unicode.GetBytes($"{question.Title.Length} {question.Title}{question.Context}");
        _paragraphs.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(paragraph)));
    }

    private IReadOnlyList<IReadOnlyList<double>> ByParagraph(Func<AnswerScore, double> number) =>
        AnswerScore.ByParagraph(_paragraphs, _scores, number);
}
