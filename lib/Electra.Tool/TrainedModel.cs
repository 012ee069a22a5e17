using TorchSharp;

namespace Electra.Tool;

/// <summary>A trained model from a folder, ready to answer.</summary>
internal sealed class TrainedModel : IDisposable
{
    private readonly TaskModel _model;

    private TrainedModel(TaskModel model, ElectraTokenizer tokenizer, IReadOnlyList<string> labels)
    {
        (_model, Tokenizer, Labels) = (model, tokenizer, labels);
    }

    public ElectraTokenizer Tokenizer { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The longest row that the encoder reads.</summary>
    public int MaxTokens => _model.Encoder.Config.MaxPositionEmbeddings;

    /// <summary>Makes the model of a checkpoint and says what was ignored in it.</summary>
    public static TrainedModel Open(Checkpoint checkpoint, Func<Checkpoint, TaskModel> create)
    {
        var tokenizer = ElectraTokenizer.FromFolder(checkpoint.Folder);
        if (tokenizer.VocabularySize > checkpoint.Config.VocabSize)
        {
            throw new InputException($"{checkpoint.Folder}: vocab.txt has {tokenizer.VocabularySize} tokens, but {ElectraConfig.FileName} says vocab_size is {checkpoint.Config.VocabSize}; they do not belong together.");
        }

        var model = create(checkpoint);
        foreach (string note in checkpoint.Notes)
        {
            Terminal.Note(note);
        }

        model.to(Devices.Best);
        return new TrainedModel(model, tokenizer, checkpoint.Labels);
    }

    public float[][] Logits(IReadOnlyList<TokenEncoding> rows, string unit, CancellationToken cancellation)
    {
        using var progress = new Progress(unit);
        return Prediction.Logits(_model, rows, Tokenizer.PadId, progress: done => progress.Report("predicting", done, rows.Count), cancellation: cancellation);
    }

    public IReadOnlyList<IReadOnlyList<PredictedAnswer>> Answers(IReadOnlyList<Question> questions, QuestionOptions options, CancellationToken cancellation)
    {
        using var progress = new Progress("questions");
        return QuestionPrediction.Answers(_model, Tokenizer, questions, options, done => progress.Report("answering", done, questions.Count), cancellation);
    }

    public void Dispose() => _model.Dispose();
}
