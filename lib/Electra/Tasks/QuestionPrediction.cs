namespace Electra;

/// <summary>Answers many questions, and questions about long texts, in bounded memory: a few batches of windows at a time.</summary>
public static class QuestionPrediction
{
    private const int BatchSize = 16;
    private const int BatchesPerPool = 16; // windows of similar length share a batch; more of them would save little more padding

    /// <summary>The answers to every question, in the questions' order.</summary>
    /// <param name="model">A <see cref="QuestionAnswerer"/>; it is put into evaluation mode.</param>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="questions">The questions; their own answers are not looked at.</param>
    /// <param name="options">Windows and answers.</param>
    /// <param name="progress">Told how many questions are done.</param>
    /// <param name="workers">Batches at the same time, see <see cref="Prediction.Logits"/>.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each question up to <see cref="QuestionOptions.Best"/> answers, the best first, and at least one.</returns>
    /// <exception cref="InputException">A question leaves no room for its context, or an option makes no sense.</exception>
    public static IReadOnlyList<IReadOnlyList<PredictedAnswer>> Answers(
        TaskModel model, ElectraTokenizer tokenizer, IReadOnlyList<Question> questions, QuestionOptions options,
        Action<int>? progress = null, int workers = 1, CancellationToken cancellation = default)
    {
        options = options.For(model.Encoder.Config);
        var best = questions.Select(_ => new List<AnswerSpan>()).ToList();
        var pool = new List<(int Question, TokenEncoding Window)>();
        for (int i = 0; i < questions.Count; i++)
        {
            foreach (var window in QuestionWindows.Of(tokenizer, questions[i], options))
            {
                pool.Add((i, window));
                if (pool.Count == BatchSize * BatchesPerPool)
                {
                    Flush();
                    progress?.Invoke(i);
                }
            }
        }

        Flush();
        progress?.Invoke(questions.Count);
        return [.. questions.Zip(best, Cut)];

        void Flush()
        {
            var logits = Prediction.Logits(model, [.. pool.Select(row => row.Window)], tokenizer.PadId, BatchSize,
                workers: workers, cancellation: cancellation);
            foreach (var ((question, window), row) in pool.Zip(logits))
            {
                AnswerDecoder.Merge(best[question], AnswerDecoder.Best(window, row, options), options);
            }

            pool.Clear();
        }
    }

    private static IReadOnlyList<PredictedAnswer> Cut(Question question, List<AnswerSpan> spans) => spans.Count == 0
        ? [new PredictedAnswer(question.Id, "", 0, 0, 0)]
        : [.. spans.Select(
            span => new PredictedAnswer(question.Id, question.Context[span.Start..span.End], span.Start, span.End, span.Score))];
}
