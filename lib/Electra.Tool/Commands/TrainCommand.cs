using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var head = new Option<string?>("--head") { Description = $"The head. {CompareCommand.HeadsHelp}. Default: the first." };
        var variant = new Option<string>("--variant")
        {
            Description = "Its variant: published or mask-aware.",
            DefaultValueFactory = _ => "mask-aware",
        };
        var seed = new Option<int>("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--output")
        {
            Description = "Folder for the trained model, in Hugging Face's form.",
            Required = true,
        };
        var softLabels = new Option<string?>("--soft-labels")
        {
            Description = "Files of what predict --json prints for texts without labels, such as a.jsonl.gz,b.jsonl: the texts are trained "
                + "on too, each with the mean of the models' answers (distillation; sequence alone).",
        };
        var savedType = TrainingOptionSet.SaveAsOption();
        var resume = new Option<bool>("--resume") { Description = "Go on from where an interrupted training of the same options stopped." };
        var options = new TrainingOptionSet();
        var command = new Command("train", "Trains one head once and writes the model.")
        {
            head, variant, seed, softLabels, output, savedType, resume,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            string folder = parsed.GetValue(output)!;
            string state = Path.Combine(folder, TrainingFolder.StateName);
            bool goOn = parsed.GetValue(resume);
            using var taken = TrainingFolder.Lock(folder, folder); // an unwritable folder, too, fails before the work and not after it
            TrainingFolder.Check(folder, folder, goOn);
            Place.CheckFolder(folder);

            var chosenVariant = Heads.VariantOf(parsed.GetValue(variant)!);
            string headName = parsed.GetValue(head) ?? options.TaskOf(parsed).Heads.Names.First();
            options.TaskOf(parsed).Heads.Check(headName);
            string[]? files = parsed.GetValue(softLabels)
                ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var task = options.Open(parsed, files, cancellation);
            var training = options.Options(parsed, task.Encoder, parsed.GetValue(seed), goOn ? state : null);
            using var progress = new Progress(task.Unit);
            long? done = null;
            InputException? unsaved = null;
            var run = new TrainingRun(task, headName, chosenVariant, training)
            {
                StateFile = state,
                OnNote = progress.Line,
                OnTrained = Save,
                OnStep = step =>
                {
                    long total = (long)task.TrainLengths.Count * training.Epochs;
                    if (done is null)
                    {
                        progress.Skip(total * step.Step / step.TotalSteps); // a resumed training does not begin at 0 %
                    }

                    done = total * (step.Step + 1) / step.TotalSteps;
                    progress.Report($"epoch {step.Epoch + 1}/{training.Epochs}, loss {step.Loss:0.000}", done.Value, total);
                },
                OnEpoch = epoch => progress.Line($"epoch {epoch.Epoch + 1}/{training.Epochs}: loss {epoch.Loss:0.0000}, dev " +
                    $"{task.Metric} {epoch.DevScore:0.0000}, {epoch.Seconds:0} s"),
            };
            var (model, config, record) = run.Train(goOn, cancellation);
            using var _ = model;
            if (record is null || unsaved is not null)
            {
                Save(model, config); // again: there may be room now
            }

            var (place, problem) = unsaved is null
                ? (folder, null)
                : Place.Elsewhere(unsaved, "model", another => Write(another, model, config));
            if (record is null)
            {
                throw File.Exists(state)
                    ? new Interruption($"Interrupted; {folder} has the best model so far, and the same command with --resume goes on.")
                    : new InputException($"Interrupted, without room for a state to go on from; " +
                        $"{problem ?? $"{folder} has the best model so far."}");
            }

            try
            {
                record.Write(Path.Combine(place ?? folder, "training.json"));
            }
            catch (InputException e)
            {
                problem ??= $"{e.Message.TrimEnd('.')}; the model is in {folder} all the same.";
            }

            Report(parsed.GetValue(Terminal.Json), place, record); // the score is a result too, and needs no room
            InputException.ThrowUnless(problem is null, problem ?? "");
            File.Delete(state);
            return 0;

            void Save(TaskModel model, ElectraConfig config)
            {
                try
                {
                    Write(folder, model, config);
                    unsaved = null;
                }
                catch (InputException e)
                {
                    unsaved = !File.Exists(state) ? e : throw new InputException(
                        $"{e.Message.TrimEnd('.')}; the training is kept, and the same command with --resume goes on from there.", e);
                }
            }

            void Write(string into, TaskModel model, ElectraConfig config) => Checkpoint.Save(into, model, config, task.Encoder.Tokenizer,
                TrainingOptionSet.SavedType(parsed.GetValue(savedType)!));
        }
    }

    private static void Report(bool json, string? folder, RunRecord record)
    {
        if (json)
        {
            Terminal.WriteJson(new { output = folder, run = record });
        }
        else
        {
            Terminal.Print(
                $"Test {record.Metric.Name} {record.Metric.Value:0.0000} [{record.Metric.Interval[0]:0.0000}, " +
                $"{record.Metric.Interval[1]:0.0000}] after epoch {record.BestEpoch + 1}" +
                (folder is null ? "." : $"; the model is in {folder}."));
        }
    }
}
