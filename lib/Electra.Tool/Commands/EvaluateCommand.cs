using System.CommandLine;
using Electra.Tool.Tasks;

namespace Electra.Tool.Commands;

internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var task = TaskCommands.Option("What it was trained for. Default: what its folder says");
        var data = new Option<string?>("--data")
        {
            Description = $"{TrainingOptionSet.DataHelp}; of a data set the test part is used, and a single file as it is.",
        };
        var predictions = new Option<string?>("--predictions")
        {
            Description = "Write the answer to every example into this file, in the format of the task's data"
                + string.Concat(TaskCommands.All.Where(each => each.PredictionsHelp is not null)
                    .Select(each => $"; for {each.Name} {each.PredictionsHelp}")) + ".",
        };
        var maxTokens = new Option<int?>("--max-tokens")
        {
            Description = "The longest row in tokens. Default: the encoder's longest"
                + $"{string.Concat(TaskCommands.All.Where(each => each.EvaluationTokens is not null).Select(each => $"; for {each.Name} " +
                    $"{each.EvaluationTokens}, or the encoder's longest where that is less"))}.",
        };
        var precision = TrainingOptionSet.PrecisionOption("of the model", "fp32");
        var command = new Command("evaluate", "Measures a trained model on test data.")
        { model, task, data, predictions, maxTokens, precision };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            if (parsed.GetValue(data) is { } given)
            {
                Place.CheckThere(given);
            }

            if (parsed.GetValue(predictions) is { } file)
            {
                Place.CheckFile(file);
            }

            using var checkpoint = Checkpoint.Open(parsed.GetValue(model)!);
            TrainingOptionSet.CheckTokens(parsed.GetValue(maxTokens), checkpoint.Config);
            var commands = TaskCommands.Of(checkpoint, parsed.GetValue(task));
            using var inPrecision = TrainingOptionSet.Use(parsed.GetValue(precision)!);
            commands.Evaluate(new(
                checkpoint, parsed.GetValue(data) ?? commands.DefaultData, parsed.GetValue(predictions), parsed.GetValue(maxTokens),
                parsed.GetValue(Terminal.Json), cancellation));
            return 0;
        }
    }
}
