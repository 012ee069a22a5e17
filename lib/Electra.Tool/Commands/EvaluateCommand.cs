using System.CommandLine;
using System.Text;

namespace Electra.Tool.Commands;

internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var data = new Option<string>("--data") { Description = "reviews, nsmc, a folder with train.tsv and test.tsv (the test rows are used), or a .tsv or .tsv.gz file.", DefaultValueFactory = _ => "reviews" };
        var predictions = new Option<string?>("--predictions") { Description = "Write the answer to every row into this file (tab-separated)." };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Cut longer rows to this many tokens. Default: the encoder's longest." };
        var command = new Command("evaluate", "Measures a trained model on test rows.") { model, data, predictions, maxTokens };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            using var classifier = TrainedClassifier.Open(parsed.GetValue(model)!);
            string source = parsed.GetValue(data)!;
            var reviews = File.Exists(source) ? ReviewFile.Read(source) : ReviewData.Open(source).Test;
            int row = reviews.ToList().FindIndex(review => review.Label >= classifier.Labels.Count);
            if (reviews.Count == 0 || row >= 0)
            {
                throw new InputException(reviews.Count == 0
                    ? $"{source} has no rows; there is nothing to evaluate."
                    : $"{source}, row with id {reviews[row].Id}: label {reviews[row].Label}, but the model knows labels 0 to {classifier.Labels.Count - 1} only.");
            }

            var encodings = LabeledEncodings.Of(classifier.Tokenizer, reviews, parsed.GetValue(maxTokens) ?? classifier.MaxTokens);
            if (encodings.Truncated > 0)
            {
                Terminal.Note($"{encodings.Truncated:N0} rows are longer than the limit of tokens and cut.");
            }

            float[][] logits = classifier.Logits(encodings.Rows, "reviews", cancellation);
            int right = logits.Zip(reviews).Count(pair => Prediction.Label(pair.First) == pair.Second.Label);
            var (low, high) = Statistics.Wilson(right, reviews.Count);
            if (parsed.GetValue(predictions) is { } file)
            {
                WritePredictions(file, reviews, logits);
            }

            double accuracy = (double)right / reviews.Count;
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { task = "sequence", data = source, examples = reviews.Count, accuracy, interval = new[] { low, high }, truncated = encodings.Truncated });
            }
            else
            {
                Terminal.Print($"Accuracy {accuracy:0.0000} on {reviews.Count:N0} rows; 95 % interval {low:0.0000} – {high:0.0000} (Wilson).");
            }

            return 0;
        }
    }

    private static void WritePredictions(string file, IReadOnlyList<Review> reviews, float[][] logits)
    {
        var text = new StringBuilder("id\tlabel\tprediction\tprobability\n");
        foreach (var (review, row) in reviews.Zip(logits))
        {
            int answer = Prediction.Label(row);
            text.Append(review.Id).Append('\t').Append(review.Label).Append('\t').Append(answer).Append('\t').Append($"{Prediction.Probabilities(row)[answer]:0.######}").Append('\n');
        }

        AtomicFile.WriteText(file, text.ToString());
    }
}
