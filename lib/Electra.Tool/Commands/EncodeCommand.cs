using System.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra.Tool.Commands;

internal static class EncodeCommand
{
    private const int BatchSize = 32;

    public static Command Create()
    {
        var encoder = new Option<string>("--encoder", "--model")
        {
            Description = "Checkpoint folder, or owner/name[@revision] on the hub.",
            Required = true,
        };
        var input = new TextInput(TextInput.Rows);
        var output = new Option<string>("--output")
        {
            Description = "The .safetensors file to write: input_ids, attention_mask, token_type_ids, last_hidden_state.",
            Required = true,
        };
        var all = new Option<bool>("--all") { Description = "Also write hidden_states.N and attentions.N of every layer." };
        var precision = TrainingOptionSet.PrecisionOption("of the encoder, whose results are written as fp32", "fp32");
        var command = new Command("encode",
            "Writes the hidden states of texts, padded to the longest row.") { encoder, output, all, precision };
        input.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            Place.CheckFile(parsed.GetValue(output)!);
            string folder = parsed.GetValue(encoder)!;
            if (!Directory.Exists(folder) && HubClient.IsId(folder))
            {
                folder = ModelCommand.Download(folder, cancellation);
            }

            using var checkpoint = Checkpoint.Open(folder);
            var tokenizer = checkpoint.ReadTokenizer();
            var source = input.Open(parsed, TextInput.Rows, otherwise: false)
                ?? throw new InputException("There is nothing to encode; give a file with --input, or - for standard input.");
            var rows = source.Read().Select(row => row.Encode(tokenizer)).ToList();
            if (rows.Count == 0)
            {
                throw new InputException($"{source.Name} has no rows; write one JSON object a line, or one text a line with " +
                    $"--input-format {TextInput.Plain}.");
            }

            using var model = checkpoint.CreateEncoder();
            model.to(Devices.Best);
            model.eval();
            foreach (string note in checkpoint.Notes)
            {
                Terminal.Note(note);
            }

            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var inPrecision = TrainingOptionSet.Use(parsed.GetValue(precision)!);
            using var weights = new FixedWeights(model);
            var tensors = Encode(model, rows, tokenizer.PadId, parsed.GetValue(all), cancellation);
            string file = parsed.GetValue(output)!;
            try
            {
                SafetensorsFile.Write(file, tensors);
            }
            catch (InputException e)
            {
                throw new InputException(Place.Elsewhere(e, "output",
                    another => SafetensorsFile.Write(Path.Combine(another, Path.GetFileName(file)), tensors)).Problem, e);
            }

            var shape = tensors["last_hidden_state"].shape;
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new
                {
                    output = file,
                    rows = shape[0],
                    tokens = shape[1],
                    hidden_size = shape[2],
                    tensors = tensors.Keys
                });
            }
            else
            {
                Terminal.Print(
                    $"{file}: {tensors.Count} tensors, last_hidden_state {shape[0]} × {shape[1]} × {shape[2]}.");
            }

            return 0;
        }
    }

    private static Dictionary<string, Tensor> Encode(ElectraEncoder model, List<TokenEncoding> rows, int padId, bool all,
        CancellationToken cancellation)
    {
        int length = rows.Max(row => row.Length);
        var parts = new Dictionary<string, List<Tensor>>();
        using var progress = new Progress("rows");
        int done = 0;
        foreach (var chunk in rows.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.From(chunk, Devices.Best, length, padId);
            var result = model.Encode(batch.InputIds, batch.AttentionMask, batch.TokenTypeIds, hiddenStates: all, attentions: all);
            Add("input_ids", batch.InputIds.clone());
            Add("attention_mask", batch.AttentionMask.clone());
            Add("token_type_ids", batch.TokenTypeIds.clone());
            Add("last_hidden_state", result.LastHiddenState);
            foreach (var (state, i) in result.HiddenStates.Select((state, i) => (state, i)))
            {
                Add($"hidden_states.{i}", state.alias());
            }

            foreach (var (attention, i) in result.Attentions.Select((attention, i) => (attention, i)))
            {
                Add($"attentions.{i}", attention);
            }

            progress.Report("encoding", done += chunk.Length, rows.Count);
        }

        return parts.ToDictionary(part => part.Key, part => cat(part.Value, 0));

        void Add(string name, Tensor tensor)
        {
            parts.TryAdd(name, []);
            parts[name].Add(tensor.cpu().MoveToOuterDisposeScope());
        }
    }
}
