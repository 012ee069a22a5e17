using System.CommandLine;
using Electra.Tool.Tasks;

namespace Electra.Tool.Commands;

internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var task = TaskCommands.Option("What it was trained for. Default: what its folder says");
        var input = new TextInput(string.Join(", ", TaskCommands.All.GroupBy(each => each.UnnamedInput)
            .Select(same => $"{same.Key} ({string.Join(", ", same.Select(each => each.Name))})")));
        var precision = TrainingOptionSet.PrecisionOption("of the model");
        var texts = new Argument<string[]>("texts") { Description = "The texts.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("predict",
            "Says a trained model's answer to texts: label and probabilities, or entities or the answer in place.")
        { model, task, precision, texts };
        input.AddTo(command);
        foreach (var option in TaskCommands.All.SelectMany(each => each.PredictOptions))
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            using var checkpoint = Checkpoint.Open(parsed.GetValue(model)!);
            var commands = TaskCommands.Of(checkpoint, parsed.GetValue(task));
            foreach (var (other, option) in TaskCommands.All.Except([commands])
                .SelectMany(other => other.PredictOptions.Select(option => (other, option))))
            {
                if (parsed.GetResult(option) is { Implicit: false })
                {
                    throw new InputException($"{option.Name} is for --task {other.Name}, but {checkpoint.Folder} was trained for " +
                        $"{commands.Name}; leave it out, or give another --model.");
                }
            }

            string[] given = parsed.GetValue(texts)!;
            var source = input.Open(parsed, commands.UnnamedInput, otherwise: given.Length > 0 || commands.IsAskedBy(parsed));
            using var inPrecision = MixedPrecision.Use(MixedPrecision.Parse(parsed.GetValue(precision)!));
            commands.Predict(new(checkpoint, given, source, parsed, parsed.GetValue(Terminal.Json), cancellation));
            return 0;
        }
    }
}
