using TorchSharp;

namespace Electra;

/// <summary>
/// A trained model from a folder, ready to answer: the label of a text, the entities in it, or the answer to a question about it. It
/// computes in the precision that is in use, see <see cref="MixedPrecision.Use"/>: fp32 where nothing is said.
/// </summary>
/// <example><c>using var model = Predictor.Open("my-model"); Console.WriteLine(model.Predict("시간이 아깝다").Label);</c></example>
public sealed class Predictor : IDisposable
{
    private readonly TaskModel _model;

    private Predictor(TaskKind kind, TaskModel model, ElectraTokenizer tokenizer, IReadOnlyList<string> labels,
        IReadOnlyList<string> notes) =>
        (Kind, _model, Tokenizer, Labels, Notes) = (kind, model, tokenizer, labels, notes);

    /// <summary>What the model was trained for.</summary>
    public TaskKind Kind { get; }

    /// <summary>Splits texts as the model was trained on them.</summary>
    public ElectraTokenizer Tokenizer { get; }

    /// <summary>The names of the labels, or of the tags of characters, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What of the checkpoint was not used, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The longest row that the encoder reads, in tokens.</summary>
    public int MaxTokens => _model.Encoder.Config.MaxPositionEmbeddings;

    private const int ManyRows = 64; // as of a batch: fewer are not worth a copy of the weights

    // As many batches at the same time as libtorch has threads.
    private static int Workers => torch.get_num_threads();

    /// <summary>
    /// Opens what <c>electra train</c>, or Python's <c>save_pretrained</c>, has written, for the task that it was trained for.
    /// </summary>
    /// <param name="folder">A Hugging Face folder with a head.</param>
    /// <exception cref="InputException">The folder is no checkpoint, has no head, or its files contradict each other.</exception>
    public static Predictor Open(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return Open(checkpoint, checkpoint.Kind ?? TaskKinds.Sequence);
    }

    /// <summary>Opens a checkpoint for a task.</summary>
    /// <param name="checkpoint">The checkpoint; it may be disposed afterwards.</param>
    /// <param name="kind">The task.</param>
    /// <exception cref="InputException">There is no head for it, or the files contradict each other.</exception>
    public static Predictor Open(Checkpoint checkpoint, TaskKind kind)
    {
        var tokenizer = checkpoint.ReadTokenizer();
        var model = checkpoint.CreateTaskModel(kind);
        try
        {
            kind.CheckLabels(checkpoint.Labels, Path.Combine(checkpoint.Folder, ElectraConfig.FileName));
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.to(Devices.Best);
        return new Predictor(kind, model, tokenizer, checkpoint.Labels, [.. checkpoint.Notes]);
    }

    /// <summary>Answers to a text.</summary>
    /// <param name="text">Any text; what the encoder cannot read of a long one is said in <see cref="TextPrediction.UnreadTokens"/>, except
    /// for entities, which are found by windows.</param>
    /// <exception cref="InvalidOperationException">The model answers questions, not texts.</exception>
    public TextPrediction Predict(string text) => Predict([text])[0];

    /// <summary>Answers to texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>One answer a text, in their order.</returns>
    /// <exception cref="InvalidOperationException">The model answers questions, not texts.</exception>
    public IReadOnlyList<TextPrediction> Predict(IReadOnlyList<string> texts, Action<int>? progress = null,
        CancellationToken cancellation = default) =>
        Kind.Predict(this, texts, progress, cancellation);

    /// <summary>Answers a question about a text.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The text that has the answer, of any length.</param>
    /// <returns>The best answers, the best first, at least one.</returns>
    /// <exception cref="InvalidOperationException">The model answers no questions.</exception>
    public IReadOnlyList<PredictedAnswer> Answer(string question, string context) =>
        Answer([new Question("1", "", context, question, [])])[0];

    /// <summary>Answers questions.</summary>
    /// <param name="questions">The questions with their contexts; answers that they have are not looked at.</param>
    /// <param name="options">Windows and answers; null: the defaults.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each question its best answers, the best first, at least one.</returns>
    /// <exception cref="InvalidOperationException">The model answers no questions.</exception>
    public IReadOnlyList<IReadOnlyList<PredictedAnswer>> Answer(
        IReadOnlyList<Question> questions, QuestionOptions? options = null, Action<int>? progress = null,
        CancellationToken cancellation = default) =>
        _model is QuestionAnswerer
            ? Fast(questions.Count, () =>
                QuestionPrediction.Answers(_model, Tokenizer, questions, options ?? new QuestionOptions(), progress, Workers, cancellation))
            : throw new InvalidOperationException("The model answers no questions; call Predict with a text.");

    /// <summary>The logits of rows, see <see cref="Prediction.Logits"/>.</summary>
    /// <param name="rows">Encodings by <see cref="Tokenizer"/>.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public float[][] Logits(IReadOnlyList<TokenEncoding> rows, Action<int>? progress = null, CancellationToken cancellation = default) =>
        Fast(rows.Count, () =>
            Prediction.Logits(_model, rows, Tokenizer.PadId, progress: progress, workers: Workers, cancellation: cancellation));

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _model.Dispose();

    private T Fast<T>(int rows, Func<T> run)
    {
        using var weights = rows >= ManyRows ? new FixedWeights(_model) : null;
        return run();
    }
}
