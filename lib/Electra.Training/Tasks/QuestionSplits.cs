using static TorchSharp.torch;

namespace Electra;

/// <summary>Question answering: questions cut into train, dev and test, those to train on tokenized in windows for one encoder.</summary>
public sealed class QuestionSplits : LearningTask
{
    private readonly QuestionData _data;
    private readonly QuestionOptions _options;

    /// <summary>Cuts and tokenizes.</summary>
    /// <param name="data">The questions.</param>
    /// <param name="encoder">Gives the vocabulary and the longest possible window.</param>
    /// <param name="options">Windows and answers.</param>
    /// <exception cref="InputException">A question leaves no room for its context, or no answer can be learnt from.</exception>
    public QuestionSplits(QuestionData data, EncoderSource encoder, QuestionOptions options)
        : base(encoder, options.For(encoder.Config).MaxTokens)
    {
        (_data, _options) = (data, options.For(encoder.Config));
        (TrainQuestions, DevQuestions) = data.Split(DevSeed);
        Train = QuestionEncodings.Of(encoder.Tokenizer, TrainQuestions, _options);
        if (Train.Rows.Count == 0)
        {
            throw new InputException($"None of the {TrainQuestions.Count} training answers of {data.Name} fits a window of {MaxTokens} " +
                "tokens; raise --max-tokens.");
        }

        TestFits = QuestionEncodings.Of(encoder.Tokenizer, data.Test, _options).Fits;
        Data = new(data.Name, data.Hash, TrainQuestions.Count, DevQuestions.Count, data.Test.Count);
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKinds.Question;

    /// <inheritdoc/>
    public override string Metric => AnswerMetrics.Name;

    /// <inheritdoc/>
    public override string Unit => "questions";

    /// <inheritdoc/>
    public override RunRecord.DataRecord Data { get; }

    /// <summary>The windows to train on.</summary>
    public QuestionEncodings Train { get; }

    /// <summary>How well tokens can give the test questions' first answers.</summary>
    public IReadOnlyDictionary<AnswerFit, int> TestFits { get; }

    /// <summary>The questions of <see cref="Train"/>.</summary>
    public IReadOnlyList<Question> TrainQuestions { get; }

    /// <summary>The questions to choose the checkpoint on.</summary>
    public IReadOnlyList<Question> DevQuestions { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => [];

    /// <inheritdoc/>
    public override IReadOnlyList<int> TrainLengths => Train.Lengths;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        [.. NotesOf("training", Train.Fits, "left out"), .. NotesOf("test", TestFits, "never found")];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines =>
    [
        new("overlap", (_, _) => new(
            AnswerMetrics.Of(DevQuestions, DevQuestions.Select(OverlapBaseline.Answer)).Mean.F1,
            () => AnswerMetrics.Of(_data.Test, _data.Test.Select(OverlapBaseline.Answer)).Result)),
    ];

    /// <inheritdoc/>
    public override Tensor Loss(TaskModel model, int[] batch)
    {
        using var input = Batch.From([.. batch.Select(i => Train.Rows[i])], Devices.Best, padId: Encoder.Tokenizer.PadId);
        using var starts = tensor(batch.Select(i => (long)Train.Positions[i].First).ToArray(), device: Devices.Best); // B
        using var ends = tensor(batch.Select(i => (long)Train.Positions[i].Last).ToArray(), device: Devices.Best); // B
        return QuestionAnswerer.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), starts, ends);
    }

    /// <inheritdoc/>
    public override double DevScore(TaskModel model, CancellationToken cancellation = default) =>
        Measure(model, DevQuestions, cancellation).Mean.F1;

    /// <inheritdoc/>
    public override TestResult TestModel(TaskModel model, CancellationToken cancellation = default) =>
        Measure(model, _data.Test, cancellation).Result;

    private AnswerMetrics Measure(TaskModel model, IReadOnlyList<Question> questions, CancellationToken cancellation) =>
        AnswerMetrics.Of(questions,
            QuestionPrediction.Answers(model, Encoder.Tokenizer, questions, _options with { Best = 1 }, cancellation: cancellation)
                .Select(answers => answers[0]));

    private IEnumerable<string> NotesOf(string part, IReadOnlyDictionary<AnswerFit, int> fits, string fate)
    {
        int all = fits.Values.Sum();
        if (fits[AnswerFit.Wider] > 0)
        {
            yield return $"{fits[AnswerFit.Wider]:N0} of {all:N0} {part} answers begin or end inside a word piece; the pieces that " +
                "cover them stand for them.";
        }

        if (fits[AnswerFit.NoWindow] + fits[AnswerFit.NoToken] > 0)
        {
            yield return $"{fits[AnswerFit.NoWindow]:N0} of {all:N0} {part} answers fit no window of {MaxTokens} tokens and " +
                $"{fits[AnswerFit.NoToken]:N0} have no token at all; they are {fate}.";
        }
    }
}
