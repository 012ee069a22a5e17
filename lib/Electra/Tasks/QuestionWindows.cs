namespace Electra;

/// <summary>
/// Cuts a context that is too long for the encoder into windows, <c>[CLS] question [SEP] part of the context [SEP]</c>, and says where in
/// them an answer lies. Source: Devlin et al. 2019, run_squad; transformers, run_qa.
/// </summary>
public static class QuestionWindows
{
    /// <summary>The windows over a context, in order: together they have all of its tokens.</summary>
    /// <param name="tokenizer">The encoder's vocabulary.</param>
    /// <param name="question">The question, whole in every window.</param>
    /// <param name="options">The longest window, and how many tokens neighbouring windows share.</param>
    /// <exception cref="InputException">The question leaves no room for the context.</exception>
    public static IReadOnlyList<TokenEncoding> Of(ElectraTokenizer tokenizer, Question question, QuestionOptions options)
    {
        const int special = 3; // [CLS], and [SEP] after each text
        int length = tokenizer.Tokenize(question.Text).Count;
        int room = options.MaxTokens - special - length;
        int stride = options.Stride ?? options.MaxTokens / 3;
        return room > 0
            ? tokenizer.EncodeWindows(question.Text, question.Context, options.MaxTokens, Math.Min(stride, room / 2), Truncation.OnlySecond)
            : throw new InputException(
                $"Question \"{question.Id}\" has {length} tokens, which leave no room for its context in a window of " +
                $"{options.MaxTokens}; shorten it, or allow longer windows.");
    }

    /// <summary>The answer in tokens: the fewest that have all its characters.</summary>
    /// <param name="windows">All windows of the question.</param>
    /// <param name="answer">The answer in its context.</param>
    /// <param name="positions">For each window the first and last token of the answer, counted in the window, or null where it does not
    /// have all of them.</param>
    /// <returns>How well tokens can give the answer.</returns>
    public static AnswerFit Locate(IReadOnlyList<TokenEncoding> windows, Answer answer, out IReadOnlyList<(int First, int Last)?> positions)
    {
        // A token's range in the context is its name here: the same token has it in every window.
        var overlapping = windows.Select(window => Overlapping(window, answer)).ToList();
        int start = int.MaxValue;
        int end = -1;
        foreach (var (window, found) in windows.Zip(overlapping))
        {
            if (found is var (first, last))
            {
                start = Math.Min(start, window.Offsets[first].Start);
                end = Math.Max(end, window.Offsets[last].End);
            }
        }

        positions = [.. windows.Zip(overlapping, (window, found) =>
            found is var (first, last) && window.Offsets[first].Start == start && window.Offsets[last].End == end ? found : null)];
        return end < 0 ? AnswerFit.NoToken
            : positions.All(found => found is null) ? AnswerFit.NoWindow
            : start < answer.Start || end > answer.End ? AnswerFit.Wider
            : AnswerFit.Exact;
    }

    /// <summary>The first and last of a window's context tokens that have characters of an answer.</summary>
    private static (int First, int Last)? Overlapping(TokenEncoding window, Answer answer)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < window.Length; i++)
        {
            if (window.SequenceIds[i] == 1 && window.Offsets[i].End > answer.Start && window.Offsets[i].Start < answer.End)
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        return first < 0 ? null : (first, last);
    }
}
