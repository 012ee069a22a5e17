using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var task = new Option<string>("--task") { Description = "What to learn.", DefaultValueFactory = _ => "sequence" };
        task.AcceptOnlyFromAmong("sequence");
        var head = new Option<string>("--head") { Description = "The head: fc, cnn or bilstm.", DefaultValueFactory = _ => "fc" };
        var variant = new Option<string>("--variant") { Description = "Its variant: published or mask-aware.", DefaultValueFactory = _ => "mask-aware" };
        var seed = new Option<int>("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--output") { Description = "Folder for the trained model, in Hugging Face's form.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on from where an interrupted training of the same options stopped." };
        var options = new TrainingOptionSet();
        var command = new Command("train", "Trains one head once and writes the model.") { task, head, variant, seed, output, resume };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            string folder = parsed.GetValue(output)!;
            string state = Path.Combine(folder, "training.state");
            bool goOn = parsed.GetValue(resume);
            if (goOn && !File.Exists(state))
            {
                throw new InputException($"{folder} has no interrupted training to resume; leave --resume out to start one.");
            }

            Heads.Check(parsed.GetValue(head)!);
            var chosenVariant = Heads.VariantOf(parsed.GetValue(variant)!);
            var splits = options.Splits(parsed, cancellation);
            var training = options.Options(parsed, splits.Encoder, parsed.GetValue(seed));
            AtomicFile.WriteText(Path.Combine(folder, ElectraConfig.FileName), splits.Encoder.Config.ToJson()); // an unwritable folder fails before the work, not after it
            using var progress = new Progress("reviews");
            long done = 0;
            var run = new ClassificationRun(splits, parsed.GetValue(head)!, chosenVariant, training)
            {
                StateFile = state,
                OnNote = progress.Line,
                OnStep = step =>
                {
                    done += step.Examples;
                    long left = (long)(step.TotalSteps - step.Step - 1) * training.BatchSize * training.Accumulation;
                    progress.Report($"epoch {step.Epoch + 1}/{training.Epochs}, loss {step.Loss:0.000}", done, done + left);
                },
                OnEpoch = epoch => progress.Line($"epoch {epoch.Epoch + 1}/{training.Epochs}: loss {epoch.Loss:0.0000}, dev accuracy {epoch.DevScore:0.0000}, {epoch.Seconds:0} s"),
            };
            var (model, config, record) = run.Train(goOn, cancellation);
            using (model)
            {
                Checkpoint.Save(folder, model, config, splits.Encoder.Tokenizer);
            }

            if (record is null)
            {
                throw new OperationCanceledException($"Interrupted; {folder} has the best model so far, and the same command with --resume goes on.");
            }

            record.Write(Path.Combine(folder, "training.json"));
            File.Delete(state);
            Report(parsed.GetValue(Terminal.Json), folder, record);
            return 0;
        }
    }

    private static void Report(bool json, string folder, RunRecord record)
    {
        if (json)
        {
            Terminal.WriteJson(new { output = folder, run = record });
        }
        else
        {
            Terminal.Print(
                $"Test accuracy {record.Metric.Value:0.0000} [{record.Metric.Interval[0]:0.0000}, {record.Metric.Interval[1]:0.0000}] after epoch {record.BestEpoch + 1}; the model is in {folder}.");
        }
    }
}
