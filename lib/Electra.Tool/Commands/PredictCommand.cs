using System.CommandLine;
using Electra.Tool.Tasks;

namespace Electra.Tool.Commands;

internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a trained model.", Required = true };
        var task = TaskCommands.Option("What it was trained for. Default: what its folder says");
        var input = new Option<string?>("--input") { Description = "A file with one text a line; for qa, one with questions in SQuAD's format." };
        var question = new Option<string[]>("--question") { Description = "For qa: a question; may be given several times.", DefaultValueFactory = _ => [] };
        var context = new Option<string?>("--context") { Description = "For qa: the text that has the answer, or a file with it." };
        var texts = new Argument<string[]>("texts") { Description = "The texts.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("predict", "Says a trained model's answer to texts: label and probabilities, or entities or the answer in place.") { model, task, input, question, context, texts };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            using var checkpoint = Checkpoint.Open(parsed.GetValue(model)!);
            TaskCommands.Of(checkpoint, parsed.GetValue(task)).Predict(new(
                checkpoint, parsed.GetValue(texts)!, parsed.GetValue(input), parsed.GetValue(question)!, parsed.GetValue(context), parsed.GetValue(Terminal.Json), cancellation));
            return 0;
        }
    }
}
