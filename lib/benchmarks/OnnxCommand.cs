using System.CommandLine;
using Electra.Tool;
using Electra.Tool.Benchmarks;

namespace Electra.Benchmarks;

/// <summary>The command line of the comparison with ONNX Runtime.</summary>
internal static class OnnxCommand
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code, as of <c>electra</c>.</returns>
    public static Task<int> RunAsync(params string[] args)
    {
        var file = new Argument<string>("onnx") { Description = "Export of the encoder (last_hidden_state) or of a classifier (logits)." };
        var encoder = new Option<string?>("--encoder") { Description = "The checkpoint that was exported. Default: the shipped encoder." };
        var head = new Option<string>("--head")
        {
            Description = "For logits: the head that was exported.",
            DefaultValueFactory = _ => "fc",
        };
        var batch = new Option<int>("--batch-size") { Description = "Rows a batch.", DefaultValueFactory = _ => 32 };
        var tokens = new Option<int?>("--tokens")
        {
            Description = "Rows of this length, of random tokens. Default: the real lengths of --data.",
        };
        var data = new Option<string>("--data")
        {
            Description = "Texts to measure on: reviews, nsmc, or a folder.",
            DefaultValueFactory = _ => "reviews",
        };
        var steps = new Option<int>("--steps")
        {
            Description = $"Batches a round; there are {Rounds.Count} rounds.",
            DefaultValueFactory = _ => 20,
        };
        var root = new RootCommand("Runs an export under ONNX Runtime on the CPU beside this project's encoder: examples a second, and " +
            "the greatest difference of their numbers.")
        {
            file, encoder, head, batch, tokens, data, steps,
        };
        root.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return CommandLine.RunAsync(root, args);

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            InputException.Require(parsed.GetValue(steps) >= 1, "number of steps", parsed.GetValue(steps), "at least 1");
            InputException.Require(parsed.GetValue(batch) >= 1, "batch size", parsed.GetValue(batch), "at least 1");
            Heads.Registry.Check(parsed.GetValue(head)!);
            using var onnx = new OnnxModel(parsed.GetValue(file)!);
            var rounds = new Rounds();
            var source = EncoderSource.Open(parsed.GetValue(encoder), [], cancellation);
            var texts = parsed.GetValue(tokens) is { } length
                ? BenchTexts.Fixed(source, length, parsed.GetValue(batch), parsed.GetValue(steps))
                : BenchTexts.Real(source, ReviewData.Open(parsed.GetValue(data)!, BenchTexts.Limit(parsed.GetValue(batch))),
                    parsed.GetValue(batch), parsed.GetValue(steps));
            using var comparison = new OnnxComparison(source, parsed.GetValue(head)!, texts, onnx);
            double difference = comparison.Difference();
            BenchRun[] runs = [.. rounds.Measure(comparison.Measurements(cancellation)).Select(rounds.WithUtilization)];
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { rounds.Gemm, runs, onnx_difference = difference });
                return 0;
            }

            Rounds.Print(rounds.Gemm, runs, "");
            Terminal.Print($"{onnx.Output} of ONNX Runtime differs from ours by at most {difference:0.0e+0}.");
            return 0;
        }
    }
}
