using System.Text.Json;
using Electra.Tests;
using TorchSharp;

namespace Electra.Tool.Tests;

/// <summary><c>electra bench</c> on a tiny encoder. How fast it is, is no test's business.</summary>
public class BenchTests
{
    private static readonly string[] Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "가", "나", "다"];

    private static readonly string[] RunFields = ["batch", "encoder", "examples_per_second", "head", "mode", "peak_mb", "precision",
        "tokens", "utilization"];

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
    public async Task The_report_has_the_fields_that_programs_read()
    {
        using var folder = new TemporaryFolder();
        SaveEncoder(folder);
        using var report = await Bench("--encoder", folder.Path, "--heads", "fc,cnn", "--batch-size", "2,3", "--tokens", "5", "--precision",
            "fp32,bf16", "--steps", "1");
        Assert.Equal(["baseline_ratio", "gemm", "runs"], Names(report.RootElement));
        Assert.Equal(["bf16", "fp32"], Names(report.RootElement.GetProperty("gemm")));
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("baseline_ratio").ValueKind);
        var runs = report.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.All(runs, run => Assert.Equal(RunFields, Names(run)));
        Assert.All(runs, run => Assert.Equal(5, run.GetProperty("tokens").GetDouble()));
        Assert.All(runs,
            run => Assert.True(run.GetProperty("examples_per_second").GetDouble() > 0 && run.GetProperty("utilization").GetDouble() > 0
                && run.GetProperty("peak_mb").GetDouble() > 0));

        // By hand: a token of a row of 5 needs 2 × (4·8² + 2·8·16) = 1,024 weights, twice as many operations, and 2 × 4·5·8 = 320 for
        // attention: 11,840 a row, three times that in training.
        var gemm = report.RootElement.GetProperty("gemm");
        Assert.All(runs, run => Assert.Equal(
            Text(run, "mode") == "train" ? 35_520 : 11_840,
            run.GetProperty("utilization").GetDouble() * gemm.GetProperty(Text(run, "precision")).GetDouble() * 1e9 / run
                .GetProperty("examples_per_second").GetDouble(),
            1));
        (int, string, string, string)[] expected =
        [
            (2, "fc", "train", "fp32"), (2, "fc", "train", "bf16"), (2, "fc", "inference", "fp32"), (2, "fc", "inference", "bf16"),
            (2, "cnn", "train", "fp32"), (2, "cnn", "train", "bf16"), (2, "cnn", "inference", "fp32"), (2, "cnn", "inference", "bf16"),
            (3, "fc", "train", "fp32"), (3, "fc", "train", "bf16"), (3, "fc", "inference", "fp32"), (3, "fc", "inference", "bf16"),
            (3, "cnn", "train", "fp32"), (3, "cnn", "train", "bf16"), (3, "cnn", "inference", "fp32"), (3, "cnn", "inference", "bf16"),
        ];
        Assert.Equal(expected,
            runs.Select(run => (run.GetProperty("batch").GetInt32(), Text(run, "head"), Text(run, "mode"), Text(run, "precision"))));
    }

    [Fact]
    public async Task The_ratio_is_that_of_the_default_recipe_to_the_originals_on_rows_padded_as_the_original_pads()
    {
        using var folder = new TemporaryFolder();
        SaveEncoder(folder);
        string[] rows = ["id\tdocument\tlabel", "1\t가 나\t0", "2\t가 다\t1", "3\t나 다\t0", "4\t다 나\t1"]; // four tokens each
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
        using var report = await Bench("--encoder", folder.Path, "--data", folder.Path, "--batch-size", "2", "--precision", "fp32",
            "--steps", "2", "--baseline");
        var runs = report.RootElement.GetProperty("runs").EnumerateArray().ToList();
        var original = runs.Single(run => Text(run, "mode") == "train-original");
        Assert.Equal("fp32", Text(original, "precision"));
        Assert.Equal(Config.MaxPositionEmbeddings, original.GetProperty("tokens").GetDouble()); // 128, or all positions that there are
        string auto = runs.Any(run => Text(run, "precision") == "bf16") ? "bf16" : "fp32"; // only auto could have asked for bf16
        var own = runs.Single(run => Text(run, "mode") == "train" && Text(run, "precision") == auto);
        Assert.Equal(4, own.GetProperty("tokens").GetDouble());
        double ratio = own.GetProperty("examples_per_second").GetDouble() / original.GetProperty("examples_per_second").GetDouble();
        Assert.Equal(ratio, report.RootElement.GetProperty("baseline_ratio").GetDouble(), 1e-9 * ratio);
    }

    [Theory]
    [InlineData("--tokens", "0", "--tokens is \"0\"")]
    [InlineData("--batch-size", "two", "--batch-size is \"two\"")]
    [InlineData("--tokens", "17", "more than the 16 positions")]
    [InlineData("--heads", "mlp", "mlp")]
    [InlineData("--precision", "fp16", "fp16")]
    [InlineData("--steps", "0", "--steps is 0")]
    public async Task An_option_that_makes_no_sense_is_refused_with_its_name(string option, string value, string reason)
    {
        using var folder = new TemporaryFolder();
        SaveEncoder(folder);
        Assert.Contains(reason, await Refusal("--encoder", folder.Path, option, value), StringComparison.Ordinal);
    }

    private static async Task<JsonDocument> Bench(params string[] arguments)
    {
        var (code, output, errors) = await ToolProcess.Run(["bench", "--json", .. arguments]);
        Assert.True(code == 0, output + errors);
        return JsonDocument.Parse(output);
    }

    private static async Task<string> Refusal(params string[] arguments)
    {
        var (code, output, errors) = await ToolProcess.Run(["bench", "--json", .. arguments]);
        Assert.True(code == 2, output + errors);
        using var error = JsonDocument.Parse(output);
        return error.RootElement.GetProperty("error").GetString()!;
    }

    private static string[] Names(JsonElement element) =>
        [.. element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];

    private static string Text(JsonElement run, string name) => run.GetProperty(name).GetString()!;

    private static void SaveEncoder(TemporaryFolder folder)
    {
        torch.set_num_threads(1);
        torch.random.manual_seed(1);
        using var encoder = new ElectraEncoder(Config);
        Checkpoint.Save(folder.Path, encoder, Config, ElectraTokenizer.FromTokens(Vocabulary));
    }
}
