namespace Electra;

/// <summary>
/// From a window's start and end logits to answers. Every span of context tokens counts that is not longer than the longest answer; a span
/// never touches the question, a special token or padding, and never ends before it starts.
/// </summary>
/// <remarks>
/// A span's score is the start logit of its first token plus the end logit of its last, minus both of [CLS], to which training points in a
/// window that has no answer. It is the logarithm of how much more probable the span is than "no answer here", softmax's denominators
/// cancel, and so the scores of different windows compare. A span that several windows have keeps its best score. Where windows share at
/// least the longest answer's tokens but one, each span is whole in some window: then only the logits themselves decide, not how the
/// context was cut. Source: Devlin et al. 2019, section 4.3 (the score of no answer).
/// </remarks>
public static class AnswerDecoder
{
    // The greater score first; of equals the earlier, then the shorter: the order of windows and batches changes nothing.
    private static readonly Comparer<AnswerSpan> Better = Comparer<AnswerSpan>.Create(
        (a, b) => (b.Score, a.Start, a.End).CompareTo((a.Score, b.Start, b.End)));

    /// <summary>The best spans of a window, the best first.</summary>
    /// <param name="window">The window, with its offsets; L tokens.</param>
    /// <param name="logits">2 · L numbers, start and end of each token in turn: a row of <see cref="Prediction.Logits"/>.</param>
    /// <param name="options">How many spans, and the longest.</param>
    /// <returns>Fewer, or none, where the window has not so many.</returns>
    public static IReadOnlyList<AnswerSpan> Best(TokenEncoding window, IReadOnlyList<float> logits, QuestionOptions options)
    {
        double none = Score(0, 0); // [CLS]
        var best = new List<AnswerSpan>();
        for (int first = 0; first < window.Length; first++)
        {
            for (int last = first; last < window.Length && window.SequenceIds[first] == 1 && window.SequenceIds[last] == 1
                && last - first < options.LongestAnswer; last++)
            {
                Insert(best,
                    new AnswerSpan(window.Offsets[first].Start, window.Offsets[last].End, Score(first, last) - none), options.Best);
            }
        }

        return best;

        double Score(int first, int last) => (double)logits[2 * first] + logits[(2 * last) + 1];
    }

    /// <summary>Adds a window's spans to those of the windows before.</summary>
    /// <param name="best">The best spans so far, the best first; changed.</param>
    /// <param name="spans">The spans of one window.</param>
    /// <param name="options">How many are kept.</param>
    public static void Merge(List<AnswerSpan> best, IEnumerable<AnswerSpan> spans, QuestionOptions options)
    {
        foreach (var span in spans)
        {
            int same = best.FindIndex(other => other.Start == span.Start && other.End == span.End);
            if (same < 0 || span.Score > best[same].Score)
            {
                if (same >= 0)
                {
                    best.RemoveAt(same);
                }

                Insert(best, span, options.Best);
            }
        }
    }

    private static void Insert(List<AnswerSpan> best, AnswerSpan span, int count)
    {
        if (best.Count == count && Better.Compare(best[^1], span) <= 0)
        {
            return;
        }

        int place = best.BinarySearch(span, Better);
        best.Insert(place < 0 ? ~place : place, span);
        if (best.Count > count)
        {
            best.RemoveAt(count);
        }
    }
}
