using Spectre.Console;

namespace Electra.Tool.Tasks;

/// <summary>Sentence classification.</summary>
internal sealed class ReviewCommands : TaskCommands
{
    private const int PoolSize = 2048; // rows of similar length share batches within one

    public override TaskKind Kind => TaskKinds.Sequence;

    public override string DefaultData => "reviews";

    public override string DataHelp =>
        "reviews (the project's own), hard-reviews (ironic ones), confirm (trained on reviews, tested on the confirmation set), " +
        "template (messages to a cinema, a pattern for a set of your own), nsmc, or a folder with train.tsv and test.tsv";

    public override string DefaultVariants => "published,mask-aware";

    public override (int PreTrained, int Random) DefaultEpochs => (3, 4);

    public override IReadOnlyList<string> OwnData => ["reviews", "confirm", "hard-reviews", "template"];

    public override TestPart Test(string data, int? limit)
    {
        var reviews = ReviewData.Open(data, limit);
        return new(reviews.Hash, [.. reviews.Test.Select(review => (review.Document, (int?)review.Label))],
            reviews.Labels);
    }

    public override LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation) =>
        Open(data, limit, encoder, maxTokens, null, cancellation);

    public override LearningTask Open(
        string data, int? limit, string? encoder, int maxTokens, IReadOnlyList<string>? soft, CancellationToken cancellation)
    {
        var reviews = ReviewData.Open(data, limit);
        using var progress = new Progress("texts");
        var labels = soft is null ? null : new SoftLabels(soft) { OnLine = line => progress.Report("reading soft labels", line, null) };
        return new ReviewSplits(reviews,
            EncoderSource.Open(encoder, reviews.Train.Select(review => review.Document), cancellation), maxTokens, labels, cancellation);
    }

    public override void Evaluate(Evaluation evaluation)
    {
        using var classifier = OpenModel(evaluation.Checkpoint);
        string source = evaluation.Data;
        string test = File.Exists(source) ? source : ReviewData.TestFile(source);
        int rows = Count(test, classifier.Labels.Count); // read twice rather than kept: what is wrong is said before the work
        var labels = new List<int>();
        var answers = new List<int>();
        int truncated = 0;
        Measure(evaluation, file =>
        {
            if (file is null)
            {
                Answer(TextWriter.Null);
                return;
            }

            AtomicFile.Write(file, stream =>
            {
                using var writer = new StreamWriter(stream, InputFile.StrictUtf8, leaveOpen: true);
                Answer(writer);
            });
        }, () => labels.Count == rows, Report);

        void Report()
        {
            if (truncated > 0)
            {
                Terminal.Note($"{truncated:N0} rows are longer than the limit of tokens and cut.");
            }

            var metrics = LabelMetrics.Of(labels, answers, classifier.Labels.Count);
            var (low, high) = metrics.Interval;
            if (evaluation.Json)
            {
                Terminal.WriteJson(new
                {
                    task = Name,
                    data = source,
                    examples = labels.Count,
                    accuracy = metrics.Accuracy,
                    interval = new[] { low, high },
                    truncated,
                });
            }
            else
            {
                Terminal.Print(
                    $"Accuracy {metrics.Accuracy:0.0000} on {labels.Count:N0} rows; 95 % interval {low:0.0000} – {high:0.0000} (Wilson).");
            }
        }

        // Some rows at a time, of which labels and answers alone are kept.
        void Answer(TextWriter predictions)
        {
            using var progress = new Progress("reviews");
            predictions.Write("id\tlabel\tprediction\tprobability\tdocument\n");
            foreach (var reviews in ReviewFile.Rows(test).Chunk(PoolSize))
            {
                var encodings = LabeledEncodings.Of(classifier.Tokenizer, reviews, evaluation.MaxTokens ?? classifier.MaxTokens);
                float[][] logits = classifier.Logits(encodings.Rows, done => progress.Report("predicting", labels.Count + done, rows),
                    evaluation.Cancellation);
                truncated += encodings.Truncated;
                foreach (var (review, row) in reviews.Zip(logits))
                {
                    int answer = Prediction.Label(row);
                    labels.Add(review.Label);
                    answers.Add(answer);
                    predictions.Write(
                        $"{review.Id}\t{review.Label}\t{answer}\t{Prediction.Probabilities(row)[answer]:0.######}\t{review.Document}\n");
                }
            }
        }
    }

    public override void Predict(Request request)
    {
        using var classifier = OpenModel(request.Checkpoint);
        int empty = 0;
        Predictions(classifier, request, "texts", (number, answer) =>
        {
            if (answer.UnreadTokens > 0)
            {
                Terminal.Note($"text {number} is longer than the encoder's {classifier.MaxTokens} tokens; its last " +
                    $"{answer.UnreadTokens} tokens were not read.");
            }

            bool nothing = TextInput.IsEmpty(answer.Text); // the model has a label for that too, which says nothing
            empty += nothing ? 1 : 0;
            if (request.Json)
            {
                Terminal.WriteJson(new
                {
                    answer.Text,
                    label = nothing ? null : answer.Label,
                    probabilities = nothing ? [] : answer.Probabilities.Select(label => label.Probability),
                    logits = nothing ? [] : answer.Logits,
                    labels = classifier.Labels,
                    precision = PrecisionInUse,
                });
            }
            else if (nothing)
            {
                Terminal.Print("(no text)");
            }
            else
            {
                string shares = string.Join("  ", answer.Probabilities.Select(label => $"{label.Label} {label.Probability:0.000}"));
                Terminal.Out.MarkupLine($"[bold]{Markup.Escape(answer.Label!)}[/]  {Markup.Escape(shares)}  {Markup.Escape(answer.Text)}");
            }
        });
        if (empty > 0)
        {
            Terminal.Note(empty == 1 ? "1 row has no text and got no label." : $"{empty:N0} rows have no text and got no label.");
        }
    }

    private static int Count(string file, int classes)
    {
        int rows = 0;
        foreach (var review in ReviewFile.Rows(file))
        {
            rows++;
            if (review.Label >= classes)
            {
                throw new InputException($"{file}, row with id {review.Id}: label {review.Label}, but the model knows labels 0 to " +
                    $"{classes - 1} only.");
            }
        }

        return rows > 0 ? rows : throw new InputException($"{file} has no rows; there is nothing to evaluate.");
    }
}
