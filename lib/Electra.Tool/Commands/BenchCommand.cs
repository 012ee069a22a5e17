using System.CommandLine;
using Electra.Tool.Benchmarks;

namespace Electra.Tool.Commands;

/// <summary>Measures speed, beside the machine's own rate of matrix products in the same process.</summary>
internal static class BenchCommand
{
    private const int MostBatches = 20;
    private const double Budget = 60; // seconds, for all rounds
    private const double LikelyUtilization = 0.25; // guesses how long a batch takes

    private static readonly Option<string?> Encoder = new("--encoder")
    {
        Description = "Checkpoint folders, hub ids, random, or random:FOLDER, with commas between. Default: as for compare.",
    };

    private static readonly Option<string> HeadNames = new("--heads")
    {
        Description = "Heads to measure, mask-aware.",
        DefaultValueFactory = _ => "fc",
    };

    private static readonly Option<string> BatchSizes = new("--batch-size")
    {
        Description = "Rows a batch; several with commas between.",
        DefaultValueFactory = _ => "32",
    };

    private static readonly Option<string?> Tokens = new("--tokens")
    {
        Description = "Measure rows of these lengths, of random tokens; several with commas between. Default: the real lengths of --data.",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Texts to measure on: reviews, nsmc, or a folder.",
        DefaultValueFactory = _ => "reviews",
    };

    private static readonly Option<string> Precisions = new("--precision")
    {
        Description =
            "fp32, bf16, or auto, which measures and takes bf16 where it is at least 1.3 times as fast; several with commas between.",
        DefaultValueFactory = _ => "fp32,auto",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description =
            $"Batches a round; there are {Rounds.Count} rounds. Default: what likely takes a minute in all, at most {MostBatches}.",
    };

    private static readonly Option<string?> Results = new("--results")
    {
        Description = "Folder of recorded runs on --data and --encoder: measures training, head by head, with their batch size and "
            + "precision, and records the speeds beside them, where tables and charts of this machine's runs find them.",
    };

    private static readonly Option<bool> Baseline = new("--baseline")
    {
        Description = $"Also train as the original does (every row padded to {BenchModel.OriginalTokens} tokens, attention spelled out, " +
            "fp32), and give the ratio of the default recipe to it: batches of similar length, fused attention, precision auto.",
    };

    /// <summary>How it is measured.</summary>
    public static string Details { get; } =
        $"What is measured: examples a second in training (steps of the real trainer) and inference, the median of {Rounds.Count} " +
        $"rounds, of fewer where all takes longer than {Rounds.Patience} seconds. {ModelFlops.Help} Peak memory is the greatest resident " +
        "memory of the process during a run.";

    public static Command Create()
    {
        var command = new Command(
            "bench",
            "Measures the speed of training and inference.")
        { Encoder, HeadNames, BatchSizes, Tokens, Data, Precisions, Steps, Baseline, Results };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Results) is { } results)
        {
            return Record(parsed, results, cancellation);
        }

        string?[] encoders = parsed.GetValue(Encoder) is { } named ? Split(named) : new string?[] { null };
        string[] heads = Split(parsed.GetValue(HeadNames)!);
        int[] sizes = Numbers(BatchSizes.Name, parsed.GetValue(BatchSizes)!);
        int?[] lengths = parsed.GetValue(Tokens) is { } given ? [.. Numbers(Tokens.Name, given)] : [null];
        bool baseline = parsed.GetValue(Baseline);
        Precision[] precisions = [.. Split(parsed.GetValue(Precisions)!).Select(MixedPrecision.Parse)
            .Concat(baseline ? [Precision.Auto] : []).Select(MixedPrecision.Resolve).Distinct()];
        Check(parsed, encoders, heads, precisions);
        (string Mode, Precision Precision)[] plan =
        [
            .. precisions.Select(precision => (BenchModel.Train, precision)),
            .. baseline ? [(BenchModel.TrainOriginal, Precision.Fp32)] : Array.Empty<(string, Precision)>(),
            .. precisions.Select(precision => (BenchModel.Inference, precision)),
        ];
        var rounds = new Rounds();
        var data = lengths[0] is null || encoders.Contains(null) || encoders.Contains("random")
            ? ReviewData.Open(parsed.GetValue(Data)!, BenchTexts.Limit(sizes.Max()))
            : null;
        var runs = new List<BenchRun>();
        using var progress = new Progress("measurements");
        int total = encoders.Length * lengths.Length * sizes.Length * heads.Length * plan.Length * Rounds.Count;
        int done = 0;
        foreach (string? name in encoders)
        {
            var encoder = EncoderSource.Open(name, data?.Train.Select(review => review.Document) ?? [], cancellation);
            foreach (var (length, size) in lengths.SelectMany(length => sizes.Select(size => (length, size))))
            {
                int batches = parsed.GetValue(Steps)
                    ?? Batches(encoder, size, length, plan, rounds.Gemm.Fp32, total / (plan.Length * Rounds.Count));
                var texts = length is { } tokens
                    ? BenchTexts.Fixed(encoder, tokens, size, batches)
                    : BenchTexts.Real(encoder, data!, size, batches);
                foreach (string head in heads)
                {
                    using var model = new BenchModel(encoder, head, texts);
                    runs.AddRange(
                        rounds.Measure(
                            [.. plan.Select(entry => (Func<BenchRun>)(() => Measure(model, entry, $"{encoder.Name}, {head}")))]));
                }
            }
        }

        if (rounds.Fewest < Rounds.Count)
        {
            Terminal.Note($"Some measurements have {rounds.Fewest} instead of {Rounds.Count} rounds, because all took longer than " +
                $"{Rounds.Patience} seconds: the machine is busy, or there is much to measure; --steps makes rounds shorter.");
        }

        runs = [.. runs.Select(rounds.WithUtilization)];
        Print(parsed.GetValue(Terminal.Json), new BenchReport(rounds.Gemm, runs, baseline ? Ratio(runs) : null), data?.Name);
        return 0;

        BenchRun Measure(BenchModel model, (string Mode, Precision Precision) entry, string what)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report($"{what}, {entry.Mode}", done++, total);
            return model.Measure(entry.Mode, entry.Precision, cancellation);
        }
    }

    // Measures the heads of recorded runs, and records their speeds beside them.
    private static int Record(ParseResult parsed, string results, CancellationToken cancellation)
    {
        foreach (var option in (Option[])[HeadNames, BatchSizes, Tokens, Precisions, Baseline])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new InputException($"{option.Name} and --results exclude each other: the recorded runs say what is measured.");
            }
        }

        var recorded = ChartsCommand.Records(results).Select(RunRecord.Read)
            .Where(run => run.Task == TaskKinds.Sequence.Name && !run.IsBaseline).ToList();
        var data = ReviewData.Open(parsed.GetValue(Data)!);
        var encoder = EncoderSource.Open(parsed.GetValue(Encoder), data.Train.Select(review => review.Document), cancellation);
        var machine = Machine.Describe(Devices.Best);
        var runs = recorded.Where(run => run.Data.Hash == data.Hash && run.Encoder?.Hash == encoder.Hash).ToList();
        var here = runs.Where(run => run.Machine with { Threads = machine.Threads, Bf16 = null } == machine)
            .DistinctBy(run => MeasuredSpeed.PathOf(results, run)).ToList();
        if (here.Count == 0)
        {
            throw new InputException(runs.Count > 0
                ? $"The runs in {results} were made on other machines, and the speeds of this one would not be theirs; "
                    + "make runs here by electra compare."
                : $"{results} has no recorded runs of {encoder.Name} on {data.Name}; say by --encoder and --data whose runs to measure.");
        }

        int ofTokens = here.RemoveAll(run => run.Options!.BatchTokens is not null);
        if (here.Count == 0)
        {
            throw new InputException($"All runs in {results} are of --batch-tokens, and bench measures batches of a number of rows only.");
        }

        if (ofTokens > 0)
        {
            Terminal.Note($"{Terminal.Count(ofTokens, "head")} trained with --batch-tokens: not measured, bench has batches of rows.");
        }

        var rounds = new Rounds();
        using var progress = new Progress("measurements");
        int done = 0;
        var texts = here.Select(run => run.Options!.BatchSize).Distinct()
            .ToDictionary(size => size, size => BenchTexts.Real(encoder, data, size, parsed.GetValue(Steps) ?? MostBatches));
        BenchModel[] models = [.. here.Select(run =>
            new BenchModel(encoder, run.Head, texts[run.Options!.BatchSize], variant: Heads.VariantOf(run.Variant)))];
        var measured = rounds.Measure([.. here.Zip(models, (run, model) => (Func<BenchRun>)(() =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report($"{run.Head}, {run.Variant}", done++, here.Count * Rounds.Count);
            return model.Measure(BenchModel.Train, run.Options!.Precision, cancellation);
        }))]).Zip(here, (speed, run) => rounds.WithUtilization(speed) with
        {
            Head = run.HasVariants ? $"{run.Head}, {run.Variant}" : run.Head,
        }).ToList();
        foreach (var (run, speed) in here.Zip(measured))
        {
            MeasuredSpeed.Write(results, run, speed.ExamplesPerSecond);
        }

        foreach (var model in models)
        {
            model.Dispose();
        }

        Print(parsed.GetValue(Terminal.Json), new BenchReport(rounds.Gemm, measured, null), data.Name);
        return 0;
    }

    // The first encoder and head: the recipe that train has by default over the original's.
    private static double Ratio(List<BenchRun> runs)
    {
        var original = runs.First(run => run.Mode == BenchModel.TrainOriginal);
        string precision = MixedPrecision.NameOf(MixedPrecision.Resolve(Precision.Auto));
        return runs.First(run => run.Mode == BenchModel.Train && run.Precision == precision).ExamplesPerSecond / original.ExamplesPerSecond;
    }

    private static int Batches(EncoderSource encoder, int size, int? length,
        (string Mode, Precision Precision)[] plan, double rate, int models)
    {
        const int LikelyTokens = 24; // of a padded review
        double flops = plan.Sum(entry => ModelFlops.Of(
            encoder.Config, size, entry.Mode == BenchModel.TrainOriginal ? BenchModel.OriginalTokens : length ?? LikelyTokens,
            training: entry.Mode is BenchModel.Train or BenchModel.TrainOriginal));
        double seconds = Rounds.Count * models * flops / (rate * 1e9 * LikelyUtilization);
        return (int)Math.Clamp(Budget / seconds, 1, MostBatches);
    }

    private static void Check(ParseResult parsed, string?[] encoders, string[] heads, Precision[] precisions)
    {
        if (encoders.Length == 0 || heads.Length == 0 || precisions.Length == 0)
        {
            throw new InputException("There is nothing to measure; give at least one encoder, one head and one precision.");
        }

        foreach (string head in heads)
        {
            Heads.Registry.Check(head);
        }

        if (parsed.GetValue(Steps) is < 1 and int steps)
        {
            throw new InputException($"--steps is {steps}; it must be at least 1.");
        }

        if (parsed.GetValue(Baseline) && parsed.GetValue(Tokens) is not null)
        {
            throw new InputException("--baseline compares recipes on real texts; leave --tokens out.");
        }
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int[] Numbers(string option, string list)
    {
        int[] numbers = [.. Split(list).Select(text => int.TryParse(text, out int number) ? number : 0)];
        return numbers.Length > 0 && numbers.Min() >= 1
            ? numbers
            : throw new InputException($"{option} is \"{list}\"; give whole numbers of at least 1, with commas between.");
    }

    private static void Print(bool json, BenchReport report, string? data)
    {
        if (json)
        {
            Terminal.WriteJson(report);
            return;
        }

        Rounds.Print(report.Gemm, report.Runs, data is null ? "" : $"Texts: {data}. ");
        if (report.BaselineRatio is { } ratio)
        {
            Terminal.Print($"Training is {ratio:0.0} times as fast as in the original's recipe on the same texts.");
        }
    }
}
