using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra.Tool.Commands;

/// <summary>Measures speed on real texts, beside the machine's own rate of matrix products in the same process.</summary>
internal static class BenchCommand
{
    private const int PaddedTokens = 128; // what the original pads every row to
    private const int GemmSize = 2048;

    public static Command Create()
    {
        var encoder = new Option<string?>("--encoder") { Description = "Checkpoint folder, hub id, random, or random:FOLDER. Default: as for compare." };
        var heads = new Option<string>("--heads") { Description = "Heads to measure, mask-aware.", DefaultValueFactory = _ => "fc" };
        var data = new Option<string>("--data") { Description = "Texts to measure on: reviews, nsmc, or a folder.", DefaultValueFactory = _ => "reviews" };
        var batch = new Option<int>("--batch-size") { Description = "Rows a batch.", DefaultValueFactory = _ => 32 };
        var steps = new Option<int>("--steps") { Description = "Batches measured, after three to warm up.", DefaultValueFactory = _ => 40 };
        var baseline = new Option<bool>("--baseline") { Description = $"Also train as the original does, every row padded to {PaddedTokens} tokens and attention spelled out, and give the ratio." };
        var command = new Command(
            "bench",
            "Measures examples a second in training and inference. Utilization is model FLOP/s over the machine's fp32 rate of matrix products: for each padded token 2 FLOP a weight of "
            + "the layers and 4·L·H a layer for attention over L tokens, three times that in training (forward, and two products backward).") { encoder, heads, data, batch, steps, baseline };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            int count = parsed.GetValue(steps);
            if (count < 1 || parsed.GetValue(batch) < 1)
            {
                throw new InputException("--steps and --batch-size must be at least 1.");
            }

            var reviews = ReviewData.Open(parsed.GetValue(data)!, limit: parsed.GetValue(batch) * (count + 3) * 20);
            var source = EncoderSource.Open(parsed.GetValue(encoder), reviews.Train.Select(review => review.Document), cancellation);
            var rows = LabeledEncodings.Of(source.Tokenizer, reviews.Train, Math.Min(PaddedTokens, source.Config.MaxPositionEmbeddings));
            var batches = LengthBatches.Shuffled(rows.Lengths, parsed.GetValue(batch), seed: 1, epoch: 0).Take(count + 3).ToList();
            var gemm = new GemmRates(Gemm(ScalarType.Float32), Gemm(ScalarType.BFloat16));
            var runs = new List<BenchRun>();
            foreach (string head in parsed.GetValue(heads)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var bench = new Bench(source, head, rows, batches, gemm.Fp32, cancellation);
                runs.Add(bench.Measure("train", padded: false));
                runs.Add(bench.Measure("inference", padded: false));
                if (parsed.GetValue(baseline))
                {
                    runs.Add(bench.Measure("train, original recipe", padded: true));
                }
            }

            double? ratio = parsed.GetValue(baseline) ? runs[0].ExamplesPerSecond / runs[2].ExamplesPerSecond : null;
            Print(parsed.GetValue(Terminal.Json), gemm, runs, ratio, reviews.Name);
            return 0;
        }
    }

    private static void Print(bool json, GemmRates gemm, List<BenchRun> runs, double? ratio, string data)
    {
        if (json)
        {
            Terminal.WriteJson(new { gemm, runs, baseline_ratio = ratio });
            return;
        }

        var table = Terminal.Table("encoder", "head", "batch", "tokens", "precision", "mode", "examples/s", "tokens/s", "utilization", "peak MB");
        foreach (var run in runs)
        {
            table.AddRow(
                run.Encoder, run.Head, $"{run.Batch}", $"{run.Tokens:0.0}", run.Precision, run.Mode, $"{run.ExamplesPerSecond:N0}", $"{run.TokensPerSecond:N0}", $"{run.Utilization:P0}", $"{run.PeakMb:N0}");
        }

        Terminal.Print($"Matrix products (up to {GemmSize}³): fp32 {gemm.Fp32:N0} GF/s, bf16 {gemm.Bf16:N0} GF/s. Texts: {data}; tokens is the mean length of a padded row.");
        Terminal.PrintTable(table);
        if (ratio is { } value)
        {
            Terminal.Print($"Training is {value:0.0} times as fast as the original's recipe on the same texts.");
        }
    }

    // GF/s, the best of five: what the machine can do when nothing disturbs it. Sizes double up to 2048 unless a product takes too long, as bf16 does without hardware for it.
    private static double Gemm(ScalarType type)
    {
        double rate = 0;
        for (int size = GemmSize / 8; size <= GemmSize; size *= 2)
        {
            using var scope = NewDisposeScope();
            var a = randn(size, size, device: Devices.Best).to(type);
            var b = randn(size, size, device: Devices.Best).to(type);
            double best = double.MaxValue;
            for (int i = 0; i < 5; i++)
            {
                var watch = Stopwatch.StartNew();
                a.matmul(b)[0, 0].to(ScalarType.Float32).item<float>(); // reading a number waits for the GPU
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
            }

            rate = 2 * Math.Pow(size, 3) / best / 1e9;
            if (best > 0.1)
            {
                break;
            }
        }

        return rate;
    }

    private sealed record GemmRates(double Fp32, double Bf16);

    private sealed record BenchRun(
        string Encoder, string Head, int Batch, double Tokens, string Precision, string Mode, double ExamplesPerSecond, double TokensPerSecond, double Utilization, double PeakMb);

    private sealed class Bench(EncoderSource source, string head, LabeledEncodings rows, List<int[]> batches, double gemm, CancellationToken cancellation)
    {
        private const int WarmUp = 3;

        public BenchRun Measure(string mode, bool padded)
        {
            var (model, _) = source.CreateSequenceClassifier(head, HeadVariant.MaskAware, ["negative", "positive"], seed: 1);
            using (model)
            {
                model.to(Devices.Best);
                bool train = mode != "inference";
                model.train(train);
                using var optimizer = optim.AdamW(model.parameters(), 1e-5);
                var watch = new Stopwatch();
                long tokens = 0;
                long examples = 0;
                double flops = 0;
                using var progress = new Progress("batches");
                foreach (var (batch, i) in batches.Select((batch, i) => (batch, i)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (i == WarmUp)
                    {
                        watch.Start();
                    }

                    int length = Step(model, optimizer, batch, train, padded);
                    if (i >= WarmUp)
                    {
                        examples += batch.Length;
                        tokens += (long)batch.Length * length;
                        flops += (double)batch.Length * length * FlopsPerToken(length) * (train ? 3 : 1);
                    }

                    progress.Report($"{head}, {mode}", i + 1, batches.Count);
                }

                double seconds = watch.Elapsed.TotalSeconds;
                double peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
                return new BenchRun(
                    source.Name, head, batches[0].Length, (double)tokens / examples, "fp32", mode, examples / seconds, tokens / seconds, flops / seconds / 1e9 / gemm, peak);
            }
        }

        private int Step(SequenceClassifier model, TorchSharp.Modules.AdamW optimizer, int[] batch, bool train, bool padded)
        {
            using var scope = NewDisposeScope();
            using var grad = set_grad_enabled(train);
            int? length = padded ? Math.Min(PaddedTokens, source.Config.MaxPositionEmbeddings) : null;
            using var input = Batch.From([.. batch.Select(i => rows.Rows[i])], Devices.Best, length, source.Tokenizer.PadId);
            Tensor logits;
            if (padded)
            {
                var hidden = model.Encoder.Encode(input.InputIds, input.AttentionMask, input.TokenTypeIds, attentions: true).LastHiddenState; // B × L × H
                logits = model.Head.forward(hidden, input.AttentionMask); // B × C
            }
            else
            {
                logits = model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds); // B × C
            }

            if (train)
            {
                optimizer.zero_grad();
                var loss = SequenceClassifier.Loss(logits, tensor(batch.Select(i => (long)rows.Labels[i]).ToArray(), device: Devices.Best));
                loss.backward();
                nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                optimizer.step();
                loss.item<float>();
            }
            else
            {
                logits.cpu();
            }

            return (int)input.InputIds.shape[1];
        }

        private double FlopsPerToken(int length)
        {
            var config = source.Config;
            double weights = config.NumHiddenLayers * ((4.0 * config.HiddenSize * config.HiddenSize) + (2.0 * config.HiddenSize * config.IntermediateSize));
            return (2 * weights) + (4.0 * length * config.HiddenSize * config.NumHiddenLayers);
        }
    }
}
