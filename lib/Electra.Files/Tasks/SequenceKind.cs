namespace Electra;

/// <summary>One label for each text. Source: transformers, <c>ElectraForSequenceClassification</c>.</summary>
internal sealed class SequenceKind() : TaskKind("sequence", "ElectraForSequenceClassification", "classifier", Electra.Heads.Registry)
{
    public override TaskModel Create(ElectraEncoder encoder, string head, HeadVariant variant, int outputs) =>
        new SequenceClassifier(encoder, Electra.Heads.Create(head, encoder.Config, outputs, variant));

    public override string? HeadOf(IReadOnlySet<string> names) =>
        !names.Contains("out_proj.weight") ? null
        : names.Contains("layer1.0.weight") ? "cnn"
        : names.Contains("LSTM.weight_ih_l0") ? "bilstm"
        : "fc";

    // The layer of the original's BiLSTM head that no data passes.
    public override bool IsUnused(string head, string name) => head == "bilstm" && name.StartsWith("dense.", StringComparison.Ordinal);

    public override IReadOnlyList<TextPrediction> Predict(Predictor model, IReadOnlyList<string> texts, Action<int>? progress,
        CancellationToken cancellation)
    {
        TokenEncoding[] rows = [.. texts.Select(text => model.Tokenizer.Encode(text, maxLength: model.MaxTokens))];
        float[][] logits = model.Logits(rows, progress, cancellation);
        return [.. texts.Index().Select(text => new TextPrediction(text.Item)
        {
            Label = model.Labels[Prediction.Label(logits[text.Index])],
            Probabilities = [.. model.Labels.Zip(Prediction.Probabilities(logits[text.Index]),
                (label, probability) => new LabelProbability(label, probability))],
            Logits = logits[text.Index],
            UnreadTokens = rows[text.Index].TruncatedTokens,
        })];
    }
}
