namespace Electra;

/// <summary>Questions cut into windows with the positions of their answers: what question answering is trained on.</summary>
public sealed record QuestionEncodings
{
    private QuestionEncodings(IReadOnlyList<TokenEncoding> rows, IReadOnlyList<(int First, int Last)> positions,
        IReadOnlyDictionary<AnswerFit, int> fits)
    {
        (Rows, Positions, Fits, Lengths) = (rows, positions, fits, [.. rows.Select(row => row.Length)]);
    }

    /// <summary>The windows of all questions whose answer fits at least one; ids only, without tokens and offsets.</summary>
    public IReadOnlyList<TokenEncoding> Rows { get; }

    /// <summary>First and last token of the answer in each row; (0, 0), which is [CLS], in a window that does not have all of it.</summary>
    public IReadOnlyList<(int First, int Last)> Positions { get; }

    /// <summary>
    /// How many questions have a first answer that fits so well. Those of <see cref="AnswerFit.NoWindow"/> and
    /// <see cref="AnswerFit.NoToken"/> have no rows: nothing right can be learnt from them.
    /// </summary>
    public IReadOnlyDictionary<AnswerFit, int> Fits { get; }

    /// <summary>Length of each row, in tokens.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Cuts questions into windows.</summary>
    /// <param name="tokenizer">The encoder's vocabulary.</param>
    /// <param name="questions">Questions with an answer.</param>
    /// <param name="options">The windows' size and what they share.</param>
    /// <exception cref="InputException">A question leaves no room for its context.</exception>
    public static QuestionEncodings Of(ElectraTokenizer tokenizer, IReadOnlyList<Question> questions, QuestionOptions options)
    {
        var rows = new List<TokenEncoding>();
        var places = new List<(int, int)>();
        var fits = Enum.GetValues<AnswerFit>().ToDictionary(fit => fit, _ => 0);
        foreach (var question in questions)
        {
            var windows = QuestionWindows.Of(tokenizer, question, options);
            var fit = QuestionWindows.Locate(windows, question.Answers[0], out var positions);
            fits[fit]++;
            if (fit is AnswerFit.Exact or AnswerFit.Wider)
            {
                // two thirds of the memory
                rows.AddRange(windows.Select(window => window with { Tokens = [], Offsets = [], SequenceIds = [] }));
                places.AddRange(positions.Select(found => found ?? (0, 0)));
            }
        }

        return new QuestionEncodings(rows, places, fits);
    }
}
