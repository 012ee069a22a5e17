namespace Electra.Lessons;

/// <summary>The exercises of lesson 06, Question answering.</summary>
public static class Lesson06
{
    /// <summary>How many tokens of a question and its context belong to the context.</summary>
    public static void Exercise1(int? contextTokens, TokenEncoding row) => Check.Exercise("Exercise 1",
        ["special tokens belong to neither", "SequenceIds tells three kinds apart; which number stands for the context?"],
        () => contextTokens == row.TokenTypeIds.Sum() ? Verdict.Wrong($"found {contextTokens}: the last [SEP] is among them")
            : Verdict.Equal(contextTokens, row.SequenceIds.Count(s => s == 1)));

    /// <summary>First and last token of the best span of at most three tokens.</summary>
    /// <param name="best">The learner's span.</param>
    /// <param name="startLogits">The start logits, one for each token.</param>
    /// <param name="endLogits">The end logits, one for each token.</param>
    public static void Exercise2((int First, int Last)? best, double[] startLogits, double[] endLogits) => Check.Exercise("Exercise 2",
        ["an answer ends where it begins, or later, and has at most three tokens",
            "of the pairs that are allowed, the one with the greatest sum of both logits",
            "the greatest start and the greatest end do not go together here"],
        () =>
        {
            double Score((int First, int Last) span) => startLogits[span.First] + endLogits[span.Last];
            var allowed = Enumerable.Range(0, startLogits.Length).SelectMany(first =>
                Enumerable.Range(first, Math.Min(3, startLogits.Length - first)).Select(last => (first, last)));
            return best is not { } mine ? Verdict.ToDo
                : mine.First < 0 || mine.Last >= startLogits.Length ? Verdict.Wrong("there is no such token")
                : mine.Last < mine.First ? Verdict.Wrong("it ends before it begins")
                : mine.Last - mine.First > 2 ? Verdict.Wrong($"it has {mine.Last - mine.First + 1} tokens, more than three")
                : Verdict.That(Score(mine) >= allowed.Max(Score),
                    $"its sum is {Verdict.Text(Score(mine))}, and there is a span with a greater one");
        });

    /// <summary>A function from a given and a known answer to their F1 over characters.</summary>
    public static void Exercise3(Func<string, string, double> characterF1) => Check.Exercise("Exercise 3",
        ["take the blanks out first", "a character that is twice in both is shared twice; one that is twice in one, once",
            "precision: shared over the given one's length; recall: over the known one's; F1 = 2 p r / (p + r)"],
        () => Verdict.Cases(Samples.SelectMany(a => Samples.Select(b => (
            $"given \"{a}\" and known \"{b}\"",
            (Func<Verdict>)(() => Verdict.That(
                Math.Abs(characterF1(a, b) - AnswerScore.Of(a, [b]).F1) < 1e-9, $"it gives {Verdict.Text(characterF1(a, b))}")))))));

    /// <summary>A function from a context's tokens, a window's room and the stride to the number of windows.</summary>
    /// <param name="windows">The learner's function.</param>
    /// <param name="tokenizer">The lesson's tokenizer.</param>
    /// <param name="example">A question with a context of some length.</param>
    public static void Exercise4(Func<int, int, int, int> windows, ElectraTokenizer tokenizer, Question example) =>
        Check.Exercise("Exercise 4",
        ["how many tokens are left after the first window?",
            "how many steps of room - stride do they take? Round up",
            "there is at least one window, also where nothing is left"],
        () =>
        {
            int tokens = tokenizer.Tokenize(example.Context).Count;
            int others = tokenizer.Tokenize(example.Text).Count + 3;   // the question, [CLS] and two [SEP]
            return Verdict.Cases(Enumerable.Range(30, 150).SelectMany(room => Enumerable.Range(0, 10).Select(stride => (
                $"{tokens} tokens, room for {room} and a stride of {stride}",
                (Func<Verdict>)(() =>
                {
                    var options = new QuestionOptions { MaxTokens = room + others, Stride = stride };
                    int found = windows(tokens, room, stride);
                    return Verdict.That(found == QuestionWindows.Of(tokenizer, example, options).Count, $"it gives {found}");
                })))));
        });

    private static readonly string[] Samples = ["도경하", "도경하 감독", "강원도 삼척", "삼척", "도도하다", "31만 명", "1만 3천 명"];
}
