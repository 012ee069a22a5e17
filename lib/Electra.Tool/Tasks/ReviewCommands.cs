using System.Text;
using Spectre.Console;

namespace Electra.Tool.Tasks;

/// <summary>Sentence classification.</summary>
internal sealed class ReviewCommands : TaskCommands
{
    public override TaskKind Kind => TaskKinds.Sequence;

    public override string DefaultData => "reviews";

    public override string DataHelp =>
        "reviews (the project's own), hard-reviews (ironic ones), nsmc, or a folder with train.tsv and test.tsv";

    public override string DefaultVariants => "published,mask-aware";

    public override (int PreTrained, int Random) DefaultEpochs => (3, 4);

    public override LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation)
    {
        var reviews = ReviewData.Open(data, limit);
        return new ReviewSplits(reviews,
            EncoderSource.Open(encoder, reviews.Train.Select(review => review.Document), cancellation), maxTokens);
    }

    public override void Evaluate(Evaluation evaluation)
    {
        using var classifier = OpenModel(evaluation.Checkpoint);
        string source = evaluation.Data;
        var reviews = File.Exists(source) ? ReviewFile.Read(source) : ReviewData.Open(source).Test;
        int row = reviews.ToList().FindIndex(review => review.Label >= classifier.Labels.Count);
        if (reviews.Count == 0 || row >= 0)
        {
            throw new InputException(reviews.Count == 0
                ? $"{source} has no rows; there is nothing to evaluate."
                : $"{source}, row with id {reviews[row].Id}: label {reviews[row].Label}, but the model knows labels 0 to " +
                    $"{classifier.Labels.Count - 1} only.");
        }

        var encodings = LabeledEncodings.Of(classifier.Tokenizer, reviews, evaluation.MaxTokens ?? classifier.MaxTokens);
        if (encodings.Truncated > 0)
        {
            Terminal.Note($"{encodings.Truncated:N0} rows are longer than the limit of tokens and cut.");
        }

        using var progress = new Progress("reviews");
        float[][] logits = classifier.Logits(encodings.Rows, done => progress.Report("predicting", done, reviews.Count),
            evaluation.Cancellation);
        var metrics = LabelMetrics.Of([.. reviews.Select(review => review.Label)], [.. logits.Select(Prediction.Label)],
            classifier.Labels.Count);
        var (low, high) = metrics.Interval;
        if (evaluation.Predictions is { } file)
        {
            WritePredictions(file, reviews, logits);
        }

        if (evaluation.Json)
        {
            Terminal.WriteJson(new
            {
                task = Name,
                data = source,
                examples = reviews.Count,
                accuracy = metrics.Accuracy,
                interval = new[] { low, high },
                truncated = encodings.Truncated
            });
        }
        else
        {
            Terminal.Print(
                $"Accuracy {metrics.Accuracy:0.0000} on {reviews.Count:N0} rows; 95 % interval {low:0.0000} – {high:0.0000} (Wilson).");
        }
    }

    public override void Predict(Request request)
    {
        using var classifier = OpenModel(request.Checkpoint);
        var answers = Predictions(classifier, request, "texts");
        foreach (var (i, answer) in answers.Index().Where(answer => answer.Item.UnreadTokens > 0))
        {
            Terminal.Note($"text {i + 1} is longer than the encoder's {classifier.MaxTokens} tokens; its last " +
                $"{answer.UnreadTokens} tokens were not read.");
        }

        foreach (var answer in answers)
        {
            if (request.Json)
            {
                Terminal.WriteJson(new
                {
                    answer.Text,
                    answer.Label,
                    probabilities = answer.Probabilities.Select(label => label.Probability),
                    answer.Logits,
                    labels = classifier.Labels,
                });
            }
            else
            {
                string shares = string.Join("  ", answer.Probabilities.Select(label => $"{label.Label} {label.Probability:0.000}"));
                Terminal.Out.MarkupLine($"[bold]{Markup.Escape(answer.Label!)}[/]  {Markup.Escape(shares)}  {Markup.Escape(answer.Text)}");
            }
        }
    }

    private static void WritePredictions(string file, IReadOnlyList<Review> reviews, float[][] logits)
    {
        var text = new StringBuilder("id\tlabel\tprediction\tprobability\n");
        foreach (var (review, row) in reviews.Zip(logits))
        {
            int answer = Prediction.Label(row);
            text.Append(review.Id).Append('\t').Append(review.Label).Append('\t').Append(answer).Append('\t')
                .Append($"{Prediction.Probabilities(row)[answer]:0.######}").Append('\n');
        }

        AtomicFile.WriteText(file, text.ToString());
    }
}
