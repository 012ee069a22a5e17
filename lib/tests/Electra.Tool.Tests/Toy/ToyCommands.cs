using Electra.Tool.Tasks;

namespace Electra.Tool.Tests.Toy;

/// <summary>What the commands do differently for it.</summary>
internal sealed class ToyCommands : TaskCommands
{
    public override TaskKind Kind { get; } = new ToyKind();

    public override string DefaultData => "toys";

    public override string DataHelp => "toys";

    public override (int PreTrained, int Random) DefaultEpochs => (1, 1);

    public override LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation) =>
        new ToyTask(EncoderSource.Open(encoder, ToyTask.Texts, cancellation), maxTokens);

    public override void Evaluate(Evaluation evaluation)
    {
        using var model = OpenModel(evaluation.Checkpoint);
        int right = model.Predict(ToyTask.Texts).Count(answer => answer.Label == ToyTask.AllLabels[ToyTask.LabelOf(answer.Text)]);
        Terminal.WriteJson(new { task = Name, right });
    }

    public override void Predict(Request request)
    {
        using var model = OpenModel(request.Checkpoint);
        Predictions(model, request, "toys", (_, answer) => Terminal.WriteJson(new { answer.Text, answer.Label }));
    }
}
