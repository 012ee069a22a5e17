using System.Text;

namespace Electra;

/// <summary>
/// Compares an answer with known ones exactly as KorQuAD 1.0's official scorer, <c>evaluate_v1_0.py</c>: in lower case, without ASCII
/// punctuation and a few quotation marks, blanks collapsed. F1 counts characters (code points) without blanks, not words, because Korean
/// particles are written together with their word.
/// </summary>
/// <remarks>Python writes a capital sigma at the end of a word as ς, .NET as σ: the one known difference.</remarks>
/// <param name="ExactMatch">1 where the answer is one of the known ones after that, or else 0; the mean over several questions.</param>
/// <param name="F1">Harmonic mean of the shares of characters that are right and that are found, for the best of the known ones; the mean
/// over several questions.</param>
public readonly record struct AnswerScore(double ExactMatch, double F1)
{
    private const string Quotes = "'\"《》<>〈〉()‘’"; // become blanks; other punctuation vanishes

    /// <summary>Scores one answer.</summary>
    /// <param name="prediction">The answer.</param>
    /// <param name="references">The known ones, at least one; the best of each number counts.</param>
    public static AnswerScore Of(string prediction, IEnumerable<string> references)
    {
        string given = Normalize(prediction);
        var scores = references.Select(reference => Normalize(reference))
            .Select(known => new AnswerScore(given == known ? 1 : 0, CharacterF1(given, known))).ToList();
        return new AnswerScore(scores.Max(score => score.ExactMatch), scores.Max(score => score.F1));
    }

    /// <summary>Scores each question's answer.</summary>
    /// <param name="questions">Questions with their known answers.</param>
    /// <param name="answers">The answers, in the same order.</param>
    public static IReadOnlyList<AnswerScore> OfAll(IReadOnlyList<Question> questions, IEnumerable<PredictedAnswer> answers) =>
        [.. questions.Zip(answers, (question, answer) => Of(answer.Text, question.Answers.Select(known => known.Text)))];

    /// <summary>The mean of both numbers over several questions, at least one.</summary>
    public static AnswerScore Mean(IReadOnlyList<AnswerScore> scores) =>
        new(scores.Average(score => score.ExactMatch), scores.Average(score => score.F1));

    /// <summary>
    /// For each paragraph the sum of a number over its questions, and how many they are: what a bootstrap draws, because questions about
    /// one paragraph are not independent. Paragraphs with the same title and context are one.
    /// </summary>
    /// <param name="questions">The questions.</param>
    /// <param name="scores">Their scores, in the same order.</param>
    /// <param name="number">Which number.</param>
    public static IReadOnlyList<IReadOnlyList<double>> ByParagraph(IReadOnlyList<Question> questions, IReadOnlyList<AnswerScore> scores,
        Func<AnswerScore, double> number) =>
        ByParagraph(questions.Select(question => (question.Title, question.Context)), scores, number);

    /// <summary>As the public one, for questions whose paragraphs have any kind of name.</summary>
    internal static IReadOnlyList<IReadOnlyList<double>> ByParagraph<T>(IEnumerable<T> paragraphs, IEnumerable<AnswerScore> scores,
        Func<AnswerScore, double> number) =>
    [
        .. paragraphs.Zip(scores).GroupBy(row => row.First, row => number(row.Second))
        .Select(paragraph => new[] { paragraph.Sum(), paragraph.Count() }),
    ];

    private static double CharacterF1(string given, string known)
    {
        var left = Characters(given);
        var right = Characters(known);
        int same = left.Sum(character => Math.Min(character.Value, right.GetValueOrDefault(character.Key)));
        if (same == 0)
        {
            return 0; // also of two empty answers
        }

        double precision = same / (double)left.Values.Sum();
        double recall = same / (double)right.Values.Sum();
        return 2 * precision * recall / (precision + recall);
    }

    private static Dictionary<Rune, int> Characters(string text) =>
        text.EnumerateRunes().Where(rune => rune.Value != ' ').CountBy(rune => rune).ToDictionary();

    private static string Normalize(string text)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsBlank(rune) || (rune.IsBmp && Quotes.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                kept.Append(' ');
            }
            else if (!IsAsciiPunctuation(rune))
            {
                // the only character that Python makes two of
                kept.Append(rune.Value == 'İ' ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return string.Join(' ', kept.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // What Python's split takes for a blank: also the separators U+001C to U+001F.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    private static bool IsAsciiPunctuation(Rune rune) => rune.Value is > ' ' and < 0x7F && !Rune.IsLetterOrDigit(rune);
}
