using System.CommandLine;
using Electra.Tool.Report;
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
        var margin = new Option<double>("--margin")
        {
            Description = "Heads whose difference is surely smaller than this, by its 95 % interval, are called the same.",
            DefaultValueFactory = _ => ComparisonTable.DefaultMargin,
        };
        var jobs = new Option<int?>("--jobs")
        {
            Description = "Runs that are trained at the same time, each in a process of its own. Default: what cores and memory allow.",
        };
        var member = new Option<string?>("--member")
        {
            Description = "Make one planned run only, by its number from 0, for arrays of a cluster; auto takes the number that the " +
                $"scheduler gave ({string.Join(", ", ClusterMember.Variables)}).",
        };
        var members = new Option<bool>("--members") { Description = "Print how many planned runs there are, the number alone." };
        var texts = ChartsCommand.TextsOption();
        var worker = new Option<bool>(RunWorkers.Option) { Hidden = true };
        var options = new TrainingOptionSet();
        var command = new Command("compare",
            "Trains heads × variants × seeds, records each run, prints the table and writes charts. " +
            "Recorded runs are not repeated.") { heads, variants, seeds, results, margin, jobs, member, members, texts, worker };
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

            var task = options.Open(parsed, soft: null, cancellation);
            var training = options.Options(parsed, task.Encoder, seedNumbers.FirstOrDefault(), defaultThreads: 1);
            var comparison = Plan(training);
            var otherwise = training with { Precision = training.Precision == Precision.Bf16 ? Precision.Fp32 : Precision.Bf16 };
            if (MixedPrecision.Parse(parsed.GetValue(options.Precision)!) == Precision.Auto && !comparison.IsBegun
                && Plan(otherwise) is { IsBegun: true } begun)
            {
                (training, comparison) = (otherwise, begun); // auto was answered differently before: one table has one precision
            }

            new TestTexts(parsed.GetValue(texts)).CheckNamed([(task.Name, task.Data)]); // before hours of training
            if (parsed.GetValue(members))
            {
                Count(json, comparison);
                return 0;
            }

            if (parsed.GetValue(worker))
            {
                RunWorkers.Serve(comparison, Console.In, Console.Out, cancellation);
                return 0;
            }

            if (parsed.GetValue(member) is { } number)
            {
                int index = ClusterMember.Parse(number, comparison.Plan.Count);
                var run = comparison.Plan[index];
                using var alone = new RunDisplay(comparison, task, training);
                var record = Make(comparison, run, alone, cancellation);
                if (json)
                {
                    Terminal.WriteJson(new { member = index, run = record });
                }
                else
                {
                    Terminal.Print(record is null
                        ? $"{index}: {run.Name} is left to another process, which is making it."
                        : $"{index}: {run.Name}, {task.Metric} {record.Metric.Value:0.0000}, is recorded in {run.Path}.");
                }

                return 0;
            }

            var missing = comparison.Plan.Where(run => !run.IsRecorded).ToList();
            int atOnce = JobCount.Of(parsed.GetValue(jobs), training.Threads ?? 1, task, missing.Count);
            string side = atOnce > 1 ? $", {atOnce} at a time" : "";
            Terminal.Note($"{Terminal.Count(comparison.Plan.Count, "run")} of {Terminal.Count(training.Epochs, "epoch")}, baselines " +
                $"among them, learning rate {training.LearningRate:0.######}, {MixedPrecision.NameOf(training.Precision)} products, "
                + $"{Terminal.Count(training.Threads ?? 1, "thread")} each{side}; "
                + $"{comparison.Plan.Count - missing.Count} are recorded already");
            using (var display = new RunDisplay(comparison, task, training))
            {
                if (atOnce > 1)
                {
                    // The last heads are the slowest as a rule, baselines the fastest.
                    missing = [.. missing.Where(run => !run.IsBaseline).Reverse(), .. missing.Where(run => run.IsBaseline)];
                    RunWorkers.Make(comparison, missing, atOnce, Repeated(parsed, training), training.Threads ?? 1, display, cancellation);
                }
                else
                {
                    comparison.Jobs = 1;
                    foreach (var run in missing)
                    {
                        Make(comparison, run, display, cancellation);
                    }
                }
            }

            List<RunRecord> runs =
                [.. MeasuredSpeed.Added(folder, comparison.Plan.Where(run => run.IsRecorded).Select(run => RunRecord.Read(run.Path)))];
            int left = comparison.Plan.Count - runs.Count;
            if (runs.Count == 0)
            {
                throw new InputException($"Another process is making every run of this comparison in {folder}; wait until it has ended, " +
                    "or give this one another folder by --results.");
            }

            if (left > 0)
            {
                Terminal.Note($"{Terminal.Count(left, "run")} of this comparison {(left == 1 ? "is" : "are")} being made by another " +
                    "process and not in this table; run the same command again when it has ended.");
            }

            Print(json, comparison, runs, task, parsed.GetValue(margin), folder);
            ChartsCommand.Write(Path.Combine(folder, "charts"), runs, Terminal.Note, parsed.GetValue(texts), parsed.GetValue(margin));
            return 0;

            Comparison Plan(TrainingOptions with) => new(task, headNames, headVariants, seedNumbers, with, folder)
            {
                Jobs = parsed.GetValue(worker) ? parsed.GetValue(jobs) : null,
            };
        }

        // What a worker is asked: the same, with auto answered.
        List<string> Repeated(ParseResult parsed, TrainingOptions training)
        {
            List<string> arguments = [.. parsed.Tokens.Select(token => token.Value)];
            foreach (string name in (string[])[options.Precision.Name, jobs.Name])
            {
                while (arguments.IndexOf(name) is >= 0 and int place)
                {
                    arguments.RemoveRange(place, 2);
                }
            }

            arguments.RemoveAll(argument => argument == Terminal.Json.Name);
            return [.. arguments, options.Precision.Name, MixedPrecision.NameOf(training.Precision)];
        }
    }

    private static RunRecord? Make(Comparison comparison, Comparison.PlannedRun run, RunDisplay display, CancellationToken cancellation)
    {
        display.Begin(run);
        var record = comparison.Run(run, step => display.Step(run, step), onNote: display.Note, cancellation: cancellation);
        display.Done(run, record);
        return record;
    }

    private static void Count(bool json, Comparison comparison)
    {
        if (json)
        {
            Terminal.WriteJson(new { members = comparison.Plan.Count });
        }
        else
        {
            Terminal.Print($"{comparison.Plan.Count}");
        }
    }

    private static void Print(bool json, Comparison comparison, List<RunRecord> runs, LearningTask task, double margin, string folder)
    {
        if (json)
        {
            // A head without variants was trained once; its row stands for every variant that was asked for, its tests for itself.
            var inAllVariants = runs.SelectMany(run => run.In(comparison.Variants)).ToList();
            Terminal.WriteJson(new
            {
                runs,
                table = ComparisonTable.Of(inAllVariants).Rows,
                tests = ComparisonTable.Of(runs, margin).Tests,
            });
            return;
        }

        var shown = ComparisonTable.Of([.. runs.Select(run => run.AsShown())], margin);
        bool speeds = shown.Rows.Any(row => row.Parameters > 0 && row.ExamplesPerSecond is not null);
        string[] columns = ["head", "variant", "runs", task.Metric, "± seeds", "95 % interval", "parameters", $"{task.Unit}/s"];
        var table = new ResultTable(speeds ? columns : columns[..^1]) { Optional = speeds ? 2 : 1 };
        foreach (var row in shown.Rows)
        {
            string[] cells =
            [
                row.Head, row.Variant, $"{row.Runs}", $"{row.Mean:0.0000}", row.Std is { } std ? $"{std:0.0000}" : "",
                $"{row.Interval[0]:0.0000} – {row.Interval[1]:0.0000}",
                row.Parameters > 0 ? $"{row.Parameters:N0}" : "", $"{row.ExamplesPerSecond:N0}",
            ];
            table.AddRow(speeds ? cells : cells[..^1]);
        }

        Terminal.PrintTable(table);
        Terminal.Print("");
        if (shown.Tests.Count > 0)
        {
            var tests = new ResultTable("pair", "points", "95 % interval", "adjusted p", "verdict", "could find") { Optional = 2 };
            foreach (var test in shown.Tests)
            {
                tests.AddRow(
                    shown.NameOf(test), Points(test.Difference), $"{Points(test.Interval[0])} to {Points(test.Interval[1])}",
                    ComparisonTable.Chance(test.AdjustedP), test.Verdict, $"{100 * test.Smallest:0.00}");
            }

            Terminal.PrintTable(tests);
            Terminal.Print("");
        }

        Terminal.Print(
            $"{task.Data.Test:N0} test {task.Unit} of {task.Data.Name}, encoder {task.Encoder.Name}. {Method(shown, task, folder)}");
        Terminal.Print(Findings.Of(shown, task.Metric));
    }

    private static string Points(double difference) => $"{100 * difference:+0.00;−0.00;0.00}";

    // How the intervals and tests come about.
    private static string Method(ComparisonTable table, LearningTask task, string folder)
    {
        var heads = table.Rows.Where(row => !row.IsBaseline).ToList();
        string alone = heads.Any(row => row.Runs == 1)
            ? $" Of a single run the noise of the test {task.Unit} alone is known: seeds are not in it."
            : "";
        return (heads.Any(row => row.Runs > 1)
            ? $"Intervals and tests have the noise of test {task.Unit} and seeds in them; ± is the standard deviation over seeds."
            : $"± is the standard deviation over seeds.") + alone
            + " p is adjusted for the number of tests (Holm); \"could find\" is the smallest difference that this comparison would find in "
            + "80 of 100 repetitions."
            + (heads.Any(row => row.ExamplesPerSecond is not null) || task is not ReviewSplits
                ? ""
                : $" Runs side by side tell no speed: electra bench --results {folder} measures and records it.");
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
