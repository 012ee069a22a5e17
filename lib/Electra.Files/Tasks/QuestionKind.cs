namespace Electra;

/// <summary>The piece of a text that answers a question. Source: transformers, <c>ElectraForQuestionAnswering</c>.</summary>
internal sealed class QuestionKind() : TaskKind("qa", "ElectraForQuestionAnswering", "qa_outputs", TokenHeads.Registry)
{
    public override int? Outputs => QuestionAnswerer.Outputs;

    public override TaskModel Create(ElectraEncoder encoder, string head, HeadVariant variant, int outputs) =>
        new QuestionAnswerer(encoder, TokenHeads.Create(head, encoder.Config, outputs, variant));

    public override string? HeadOf(IReadOnlySet<string> names) => names.Contains("weight") ? "linear" : null;

    public override IReadOnlyList<TextPrediction> Predict(Predictor model, IReadOnlyList<string> texts, Action<int>? progress,
        CancellationToken cancellation) =>
        throw new InvalidOperationException("The model answers questions; call Answer with a question and a context.");
}
