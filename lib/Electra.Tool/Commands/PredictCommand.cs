using System.CommandLine;
using Electra.Tool.Tasks;

namespace Electra.Tool.Commands;

internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var task = TaskCommands.Option("What it was trained for. Default: what its folder says");
        var input = new Option<string?>("--input") { Description = "A file with one text a line." };
        var texts = new Argument<string[]>("texts") { Description = "The texts.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("predict", "Says a trained model's answer to texts: label and probabilities, or entities in place.") { model, task, input, texts };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            string[] rows = [.. parsed.GetValue(texts)!, .. parsed.GetValue(input) is { } file ? InputLines.Read(file) : []];
            if (rows.Length == 0)
            {
                throw new InputException("There is no text to answer to; give texts as arguments, or a file with --input.");
            }

            using var checkpoint = Checkpoint.Open(parsed.GetValue(model)!);
            TaskCommands.Of(checkpoint, parsed.GetValue(task)).Predict(new(checkpoint, rows, parsed.GetValue(Terminal.Json), cancellation));
            return 0;
        }
    }
}
