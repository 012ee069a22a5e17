using System.Text.Json;
using Electra.Tests;
using TorchSharp;

namespace Electra.Benchmarks.Tests;

/// <summary>The comparison with ONNX Runtime on a tiny encoder. How fast it is, is no test's business.</summary>
public class OnnxComparisonTests
{
    private static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "가", "나", "다"];

    private static ElectraConfig Config { get; } = new()
    {
        VocabSize = Vocabulary.Length,
        EmbeddingSize = 8,
        HiddenSize = 8,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 16,
        MaxPositionEmbeddings = 16,
    };

    [Fact]
    public async Task Onnx_runtime_gives_the_same_numbers_from_the_same_weights_and_others_from_others()
    {
        // Weights of 0 let every layer pass its input on, so that a token's last hidden state is its normalized embedding, whatever stands
        // around it: a table that Gather reads.
        using var folder = new TemporaryFolder();
        float[] embeddings = SaveEncoder(folder, onlyWordEmbeddings: true);
        float[] table = [.. embeddings.Chunk(Config.HiddenSize).SelectMany(Normalized)];
        OnnxFile.WriteGather(folder.File("same.onnx"), table, Config.HiddenSize);
        OnnxFile.WriteGather(folder.File("other.onnx"), [.. table.Select(value => value + 0.25f)], Config.HiddenSize);
        foreach (var (file, difference) in new[] { ("same.onnx", 0), ("other.onnx", 0.25) })
        {
            using var report = await Run(0, folder.File(file), "--encoder", folder.Path, "--tokens", "7",
                "--batch-size", "2", "--steps", "1");
            Assert.Equal(difference, report.RootElement.GetProperty("onnx_difference").GetDouble(), 1e-4);
            Assert.Equal(MixedPrecision.PaysOff
                    ? ["inference fp32", "inference bf16", "inference-onnx fp32"]
                    : ["inference fp32", "inference-onnx fp32"],
                report.RootElement.GetProperty("runs").EnumerateArray()
                    .Select(run => $"{run.GetProperty("mode").GetString()} {run.GetProperty("precision").GetString()}"));
        }
    }

    [Fact]
    public async Task Logits_are_compared_only_with_those_of_a_trained_head()
    {
        using var folder = new TemporaryFolder();
        SaveEncoder(folder);
        OnnxFile.WriteGather(folder.File("logits.onnx"), new float[Vocabulary.Length * 2], 2, output: "logits");
        Assert.Contains("has no trained head fc",
            await Refusal(folder.File("logits.onnx"), "--encoder", folder.Path, "--tokens", "5", "--batch-size", "2", "--steps", "1"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.onnx", "no model at all", "cannot be opened by ONNX Runtime")]
    [InlineData("input.onnx", "ids", "computes from ids (Int64) to last_hidden_state")]
    [InlineData("size.onnx", "input_ids", "not [2, 5, 8]")]
    public async Task A_file_that_is_not_an_export_of_the_encoder_is_refused(string name, string input, string reason)
    {
        using var folder = new TemporaryFolder();
        SaveEncoder(folder);
        if (name == "no.onnx")
        {
            File.WriteAllText(folder.File(name), input);
        }
        else
        {
            OnnxFile.WriteGather(folder.File(name), new float[Vocabulary.Length * 4], 4, input);
        }

        string error = await Refusal(folder.File(name), "--encoder", folder.Path, "--tokens", "5", "--batch-size", "2", "--steps", "1");
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static async Task<string> Refusal(params string[] arguments)
    {
        using var error = await Run(2, arguments);
        return error.RootElement.GetProperty("error").GetString()!;
    }

    private static async Task<JsonDocument> Run(int code, params string[] arguments)
    {
        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            Assert.Equal(code, await OnnxCommand.RunAsync([.. arguments, "--json"]));
            return JsonDocument.Parse(output.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    // (x - mean) / standard deviation, what LayerNorm computes.
    private static IEnumerable<float> Normalized(float[] row)
    {
        double mean = row.Average();
        double deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)));
        return row.Select(value => (float)((value - mean) / deviation));
    }

    private static float[] SaveEncoder(TemporaryFolder folder, bool onlyWordEmbeddings = false)
    {
        torch.set_num_threads(1);
        torch.random.manual_seed(1);
        using var encoder = new ElectraEncoder(Config);
        using var grad = torch.no_grad();
        encoder.Embeddings.WordEmbeddings.normal_(); // the row of [PAD] too, which would have no deviation
        foreach (var (name, parameter) in encoder.named_parameters().Where(_ => onlyWordEmbeddings))
        {
            if (!name.Contains("word_embeddings", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
        }

        Checkpoint.Save(folder.Path, encoder, Config, ElectraTokenizer.FromTokens(Vocabulary));
        return encoder.Embeddings.WordEmbeddings.data<float>().ToArray();
    }
}
