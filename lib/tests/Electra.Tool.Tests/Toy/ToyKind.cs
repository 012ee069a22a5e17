namespace Electra.Tool.Tests.Toy;

/// <summary>A fourth task, made of new files only: how often a text says 가, none, once or more often.</summary>
internal sealed class ToyKind() : TaskKind("toy", "ElectraForToy", "toy_outputs", ToyHeads)
{
    private static readonly HeadRegistry<ClassificationHead> ToyHeads = Create();

    public override TaskModel Create(ElectraEncoder encoder, string head, HeadVariant variant, int outputs) =>
        new ToyModel(encoder, ToyHeads.Create(head, encoder.Config, outputs, variant));

    public override string? HeadOf(IReadOnlySet<string> names) => names.Contains("out_proj.weight") ? "toy" : null;

    public override IReadOnlyList<TextPrediction> Predict(Predictor model, IReadOnlyList<string> texts, Action<int>? progress,
        CancellationToken cancellation)
    {
        float[][] logits = model.Logits([.. texts.Select(text => model.Tokenizer.Encode(text))], progress, cancellation);
        return [.. texts.Zip(logits, (text, row) => new TextPrediction(text) { Label = model.Labels[Prediction.Label(row)] })];
    }

    private static HeadRegistry<ClassificationHead> Create()
    {
        var heads = new HeadRegistry<ClassificationHead>();
        heads.Register("toy", (config, labels) => new FcHead(config, labels));
        return heads;
    }

    private sealed class ToyModel(ElectraEncoder encoder, ClassificationHead head)
        : TaskModel(nameof(ToyModel), encoder, head, "toy_outputs");
}
