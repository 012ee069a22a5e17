namespace Electra;

/// <summary>
/// Answers without learning anything: the word of the context, between blanks, whose neighbours share most with the question. A head that
/// does not beat it has not learnt to read.
/// </summary>
public static class OverlapBaseline
{
    private const int Neighbours = 5; // words on either side

    /// <summary>
    /// Answers a question with one word of its context, without punctuation at its ends; of equally good words, the first.
    /// </summary>
    /// <param name="question">The question; its own answers are not looked at.</param>
    public static PredictedAnswer Answer(Question question)
    {
        var asked = Pairs(question.Text).ToHashSet();
        var words = Words(question.Context).ToList();
        int[] shared = [.. words.Select(word => Pairs(question.Context[word.Start..word.End]).Count(asked.Contains))];
        var best = (Score: -1, Start: 0, End: 0);
        foreach (var (i, word) in words.Index())
        {
            int from = Math.Max(0, i - Neighbours);
            int score = shared[from..Math.Min(words.Count, i + Neighbours + 1)].Sum();
            // the question does not ask for what it says
            best = shared[i] == 0 && score > best.Score ? (score, word.Start, word.End) : best;
        }

        return new PredictedAnswer(question.Id, question.Context[best.Start..best.End], best.Start, best.End, Math.Max(0, best.Score));
    }

    // Where words are, without the punctuation around them.
    private static IEnumerable<(int Start, int End)> Words(string text)
    {
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            for (end = start; end < text.Length && !char.IsWhiteSpace(text[end]); end++)
            {
            }

            int from = start;
            int to = end;
            while (from < to && char.IsPunctuation(text[from]))
            {
                from++;
            }

            while (to > from && char.IsPunctuation(text[to - 1]))
            {
                to--;
            }

            if (to > from)
            {
                yield return (from, to);
            }
        }
    }

    private static IEnumerable<string> Pairs(string text) =>
        Enumerable.Range(0, Math.Max(0, text.Length - 1)).Select(i => text.Substring(i, 2)).Where(pair => !pair.Any(char.IsWhiteSpace));
}
