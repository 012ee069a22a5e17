using System.CommandLine;
using System.Diagnostics;
using Electra.Tool.Tasks;
using Spectre.Console;

namespace Electra.Tool.Commands;

internal static class CompareCommand
{
    /// <summary>The heads, task by task.</summary>
    public static string HeadsHelp { get; } = string.Join("; ",
        TaskCommands.All.Select(task => $"{task.Name}: {string.Join(", ", task.Heads.Names)}"));

    public static Command Create()
    {
        var heads = new Option<string?>("--heads") { Description = $"Heads to compare. {HeadsHelp}. Default: all of the task." };
        var variants = new Option<string?>("--variants")
        {
            Description = $"Variants of each: published, mask-aware. Default: " +
                $"{string.Join("; ", TaskCommands.All.Select(task => $"{task.Name}: {task.DefaultVariants}"))}.",
        };
        var seeds = new Option<string?>("--seeds")
        {
            Description =
                $"One run a seed. Default: {string.Join("; ", TaskCommands.All.Select(task => $"{task.Name}: {task.DefaultSeeds}"))}.",
        };
        var results = new Option<string?>("--results") { Description = "Folder of recorded runs. Default: data/results in the project." };
        var options = new TrainingOptionSet();
        var command = new Command("compare",
            "Trains heads × variants × seeds, records each run, prints the table and writes charts. " +
            "Recorded runs are not repeated.") { heads, variants, seeds, results };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Interruption.KeptInParts(() => Run(parsed, cancellation))));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            bool json = parsed.GetValue(Terminal.Json);
            string folder = parsed.GetValue(results) ?? Path.Combine(ProjectFolder.Find() ?? ".", "data", "results");
            Place.CheckFolder(folder);
            var commands = options.TaskOf(parsed);
            string[] headNames = parsed.GetValue(heads) is { } named ? List(named) : [.. commands.Heads.Names];
            HeadVariant[] headVariants = [.. List(parsed.GetValue(variants) ?? commands.DefaultVariants).Select(Heads.VariantOf)];
            int[] seedNumbers = [.. List(parsed.GetValue(seeds) ?? commands.DefaultSeeds).Select(text =>
                int.TryParse(text, out int seed)
                    ? seed
                    : throw new InputException($"--seeds has \"{text}\", which is no integer; write for example 1,2,3."))];
            foreach (string head in headNames)
            {
                commands.Heads.Check(head);
            }

            var task = options.Open(parsed, cancellation);
            var training = options.Options(parsed, task.Encoder, seedNumbers.FirstOrDefault());
            var comparison = Plan(training);
            var otherwise = training with { Precision = training.Precision == Precision.Bf16 ? Precision.Fp32 : Precision.Bf16 };
            if (MixedPrecision.Parse(parsed.GetValue(options.Precision)!) == Precision.Auto && !comparison.IsBegun
                && Plan(otherwise) is { IsBegun: true } begun)
            {
                (training, comparison) = (otherwise, begun); // auto was answered differently before: one table has one precision
            }

            Terminal.Note($"{Terminal.Count(comparison.Plan.Count, "run")} of {Terminal.Count(training.Epochs, "epoch")}, " +
                $"learning rate {training.LearningRate:0.######}, {MixedPrecision.NameOf(training.Precision)} products; "
                + $"{comparison.Plan.Count(run => run.IsRecorded)} are recorded already");
            var baselines = comparison.Baselines(cancellation); // first: they take seconds, and show that the folder can be written to
            var (trained, left) = Train(comparison, task, training, cancellation);
            if (baselines.Count < task.Baselines.Count)
            {
                baselines = comparison.Baselines(cancellation); // another process was making one
            }

            List<RunRecord> runs = [.. trained, .. baselines];
            if (left > 0)
            {
                Terminal.Note($"{Terminal.Count(left, "run")} of this comparison {(left == 1 ? "is" : "are")} being trained by another " +
                    "process and not in this table; run the same command again when it has ended.");
            }

            if (runs.Count == 0)
            {
                throw new InputException($"Another process is making every run of this comparison in {folder}; wait until it has ended, " +
                    "or give this one another folder by --results.");
            }

            Print(json, comparison, runs, task);
            ChartsCommand.Write(Path.Combine(folder, "charts"), runs, Terminal.Note);
            return 0;

            Comparison Plan(TrainingOptions with) => new(task, headNames, headVariants, seedNumbers, with, folder);
        }
    }

    // What another process is training at the same time is left to it, and read at the end if it has ended by then.
    private static (List<RunRecord> Records, int Left) Train(Comparison comparison, LearningTask task, TrainingOptions training,
        CancellationToken cancellation)
    {
        var records = new RunRecord?[comparison.Plan.Count];
        var notes = new HashSet<string>();
        long perRun = (long)task.TrainLengths.Count * training.Epochs;
        long total = comparison.Plan.Count(run => !run.IsRecorded) * perRun;
        long done = 0;
        using var progress = new Progress(task.Unit);
        foreach (var (run, number) in comparison.Plan.Select((run, i) => (run, i + 1)))
        {
            string name = $"{number}/{comparison.Plan.Count} {run.Head} {Heads.NameOf(run.Variant)} seed {run.Seed}";
            bool recorded = run.IsRecorded;
            bool interrupted = File.Exists(run.StateFile);
            long before = done;
            bool first = true;
            var watch = Stopwatch.StartNew();
            var record = comparison.Run(
                run,
                step =>
                {
                    if (first)
                    {
                        progress.Skip(perRun * step.Step / step.TotalSteps); // an interrupted run goes on
                    }

                    first = false;
                    done = before + (perRun * (step.Step + 1L) / step.TotalSteps);
                    progress.Report($"{name}, epoch {step.Epoch + 1}/{training.Epochs}, loss {step.Loss:0.000}", done, total);
                },
                onNote: note =>
                {
                    if (notes.Add(note))
                    {
                        progress.Line(note);
                    }
                },
                cancellation: cancellation);
            done = recorded ? done : before + perRun;
            recorded |= first && !interrupted; // by another process, a moment ago
            records[number - 1] = record;
            progress.Line(record is null
                ? $"{name}: left to another process, which is training it"
                : $"{name}: test {task.Metric} {record.Metric.Value:0.0000} after epoch {record.BestEpoch + 1}, "
                + (recorded ? "recorded before" : $"{watch.Elapsed.TotalSeconds:0} s, {record.ExamplesPerSecond.Train:N0} {task.Unit}/s"));
        }

        foreach (int i in Enumerable.Range(0, records.Length).Where(i => records[i] is null && comparison.Plan[i].IsRecorded))
        {
            records[i] = RunRecord.Read(comparison.Plan[i].Path);
        }

        return ([.. records.OfType<RunRecord>()], records.Count(record => record is null));
    }

    private static void Print(bool json, Comparison comparison, List<RunRecord> runs, LearningTask task)
    {
        if (json)
        {
            // A head without variants was trained once; its row stands for every variant that was asked for, its tests for itself.
            var inAllVariants = runs.SelectMany(run => run.In(comparison.Variants)).ToList();
            Terminal.WriteJson(new { runs, table = ComparisonTable.Of(inAllVariants).Rows, tests = ComparisonTable.Of(runs).Tests });
            return;
        }

        var shown = ComparisonTable.Of([.. runs.Select(run => run.AsShown())]);
        var table = new ResultTable("head", "variant", "runs", task.Metric, "± seeds", "95 % interval", "parameters", $"{task.Unit}/s")
        {
            Optional = 2,
        };
        foreach (var row in shown.Rows)
        {
            table.AddRow(
                row.Head, row.Variant, $"{row.Runs}", $"{row.Mean:0.0000}", row.Std is { } std ? $"{std:0.0000}" : "",
                $"{row.Interval[0]:0.0000} – {row.Interval[1]:0.0000}",
                row.Parameters > 0 ? $"{row.Parameters:N0}" : "", $"{row.ExamplesPerSecond:N0}");
        }

        Terminal.PrintTable(table);
        Explain(shown, task, ofAccuracy: runs[0].Scores is null);
    }

    private static void Explain(ComparisonTable table, LearningTask task, bool ofAccuracy)
    {
        var best = table.Rows.MaxBy(row => row.Mean)!;
        var equals = table.NotWorseThanBest();
        Terminal.Print("");
        string test = ofAccuracy ? "McNemar's test" : "The paired bootstrap";
        Terminal.Print(
            $"{char.ToUpperInvariant(task.Metric[0])}{task.Metric[1..]} on {task.Data.Test:N0} test {task.Unit} of {task.Data.Name}, " +
            $"encoder {task.Encoder.Name}. "
            + $"The interval is {(ofAccuracy ? "Wilson's" : "the bootstrap's")}, for the test {task.Unit}; ± is the " +
            "standard deviation over seeds.");
        Terminal.Print($"Best: {best.Name}. " + (equals.Count == 0
            ? $"{test} tells it apart from every other row (adjusted p below 0.05)."
            : $"{test} does not tell it apart from {string.Join(", ", equals.Select(row => row.Name))} (adjusted p of 0.05 or more): " +
                "these differences are inside the noise."));
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
