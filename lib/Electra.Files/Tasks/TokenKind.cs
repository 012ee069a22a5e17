namespace Electra;

/// <summary>One label for each token, the tag of an entity. Source: transformers, <c>ElectraForTokenClassification</c>.</summary>
internal sealed class TokenKind() : TaskKind("token", "ElectraForTokenClassification", "classifier", TokenHeads.Registry)
{
    public override TaskModel Create(ElectraEncoder encoder, string head, HeadVariant variant, int outputs) =>
        new TokenClassifier(encoder, TokenHeads.Create(head, encoder.Config, outputs, variant));

    public override string? HeadOf(IReadOnlySet<string> names) => names.Contains("weight") ? "linear" : null;

    public override bool CanStand(IReadOnlyList<string> known, IReadOnlyList<string> wanted) => known.SequenceEqual(wanted);

    public override void CheckLabels(IReadOnlyList<string> labels, string file)
    {
        if (labels.FirstOrDefault(label => !EntityTags.IsTag(label)) is { } wrong)
        {
            throw new InputException($"{file} has the label {wrong} in id2label; it must be O, B-TYPE or I-TYPE.");
        }
    }

    public override IReadOnlyList<TextPrediction> Predict(Predictor model, IReadOnlyList<string> texts, Action<int>? progress,
        CancellationToken cancellation)
    {
        var rows = EntityRows.Of(model.Tokenizer, texts, model.MaxTokens);
        var tags = rows.CharacterTags(model.Logits(rows.Rows, progress, cancellation), model.Labels);
        return [.. texts.Zip(tags,
            (text, ofText) => new TextPrediction(text) { Tags = ofText, Entities = EntityTags.Entities(text, ofText) })];
    }
}
