using System.CommandLine;
using Spectre.Console;

namespace Electra.Tool.Commands;

internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var input = new Option<string?>("--input") { Description = "A file with one text a line." };
        var texts = new Argument<string[]>("texts") { Description = "Texts to classify.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("predict", "Says a trained model's label and probabilities for texts.") { model, input, texts };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            string[] rows = [.. parsed.GetValue(texts)!, .. parsed.GetValue(input) is { } file ? InputLines.Read(file) : []];
            if (rows.Length == 0)
            {
                throw new InputException("There is no text to classify; give texts as arguments, or a file with --input.");
            }

            using var classifier = TrainedClassifier.Open(parsed.GetValue(model)!);
            TokenEncoding[] encodings = [.. rows.Select(text => classifier.Tokenizer.Encode(text, maxLength: classifier.MaxTokens))];
            foreach (var (encoding, i) in encodings.Select((encoding, i) => (encoding, i)).Where(row => row.encoding.TruncatedTokens > 0))
            {
                Terminal.Note($"text {i + 1} is longer than the encoder's {classifier.MaxTokens} tokens; its last {encoding.TruncatedTokens} tokens were not read.");
            }

            float[][] logits = classifier.Logits(encodings, "texts", cancellation);
            foreach (var (text, row) in rows.Zip(logits))
            {
                double[] probabilities = Prediction.Probabilities(row);
                string label = classifier.Labels[Prediction.Label(row)];
                if (parsed.GetValue(Terminal.Json))
                {
                    Terminal.WriteJson(new { text, label, probabilities, logits = row });
                }
                else
                {
                    string shares = string.Join("  ", classifier.Labels.Zip(probabilities, (name, probability) => $"{name} {probability:0.000}"));
                    Terminal.Out.MarkupLine($"[bold]{Markup.Escape(label)}[/]  {Markup.Escape(shares)}  {Markup.Escape(text)}");
                }
            }

            return 0;
        }
    }
}
