using TorchSharp;

namespace Electra.Tool;

/// <summary>A trained model from a folder, ready to answer.</summary>
internal sealed class TrainedClassifier : IDisposable
{
    private readonly SequenceClassifier _model;

    private TrainedClassifier(SequenceClassifier model, ElectraTokenizer tokenizer, IReadOnlyList<string> labels)
    {
        (_model, Tokenizer, Labels) = (model, tokenizer, labels);
    }

    public ElectraTokenizer Tokenizer { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The longest row that the encoder reads.</summary>
    public int MaxTokens => _model.Encoder.Config.MaxPositionEmbeddings;

    public static TrainedClassifier Open(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var tokenizer = ElectraTokenizer.FromFolder(folder);
        if (tokenizer.VocabularySize > checkpoint.Config.VocabSize)
        {
            throw new InputException($"{folder}: vocab.txt has {tokenizer.VocabularySize} tokens, but {ElectraConfig.FileName} says vocab_size is {checkpoint.Config.VocabSize}; they do not belong together.");
        }

        var model = checkpoint.CreateSequenceClassifier();
        foreach (string note in checkpoint.Notes)
        {
            Terminal.Note(note);
        }

        model.to(Devices.Best);
        int count = (int)model.Head.named_parameters().Single(named => named.name == "out_proj.bias").parameter.numel();
        var labels = checkpoint.Config.Labels;
        return new TrainedClassifier(model, tokenizer, labels.Count == count ? labels : [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")]);
    }

    public float[][] Logits(IReadOnlyList<TokenEncoding> rows, string unit, CancellationToken cancellation)
    {
        using var progress = new Progress(unit);
        return Prediction.Logits(_model, rows, Tokenizer.PadId, progress: done => progress.Report("predicting", done, rows.Count), cancellation: cancellation);
    }

    public void Dispose() => _model.Dispose();
}
