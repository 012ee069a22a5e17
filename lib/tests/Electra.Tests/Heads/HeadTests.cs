using System.Text.Json;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Heads equal the reference as published, and do not see padding when mask-aware.</summary>
public class HeadTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, int> Sets =>
        new() { { "fc", 2 }, { "fc", 5 }, { "cnn", 2 }, { "cnn", 5 }, { "bilstm", 2 }, { "bilstm", 5 } };

    public static TheoryData<string, HeadVariant> All => new()
    {
        { "fc", HeadVariant.Published }, { "cnn", HeadVariant.Published }, { "bilstm", HeadVariant.Published },
        { "fc", HeadVariant.MaskAware }, { "cnn", HeadVariant.MaskAware }, { "bilstm", HeadVariant.MaskAware },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Logits_and_losses_of_the_published_heads_equal_the_reference(string head, int labels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(head, labels, golden);
        model.eval();
        string set = $"{head}{labels}";
        foreach (var entry in Set(set).GetProperty("cases").EnumerateArray())
        {
            string id = entry.GetProperty("case").GetString()!;
            string input = entry.GetProperty("batch").GetString()!;
            var logits = Forward(model, golden, input);
            Close.To(golden[$"{set}/{input}/logits"], logits, Tolerance, $"{set}/{input}");
            double loss = SequenceClassifier.Loss(logits, golden[$"{set}/{id}/labels"]).item<float>();
            double expected = entry.GetProperty("loss").GetDouble();
            Assert.InRange(loss, expected - Tolerance * Math.Max(1, expected), expected + Tolerance * Math.Max(1, expected));
        }
    }

    [Theory]
    [InlineData("fc")]
    [InlineData("cnn")]
    [InlineData("bilstm")]
    public void The_gradient_of_every_parameter_equals_the_reference(string head)
    {
        using var scope = NewDisposeScope();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(head, 2, golden);
        model.eval(); // no dropout
        SequenceClassifier.Loss(Forward(model, golden, "batch"), golden[$"{head}2/gradient/labels"]).backward();
        string prefix = $"{head}2/gradient/of/";
        var expected = golden.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[prefix.Length..], named => named.Value);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal),
            model.named_parameters().Select(named => named.name).Order(StringComparer.Ordinal));
        foreach (var (name, parameter) in model.named_parameters())
        {
            Close.To(expected[name], parameter.grad!, 1e-4, name);
        }

        Assert.Equal(0, model.get_parameter("electra.embeddings.word_embeddings.weight")!.grad![0].abs().sum().item<float>()); // [PAD]
    }

    [Theory]
    [InlineData("fc", HeadVariant.MaskAware, true)]
    [InlineData("cnn", HeadVariant.MaskAware, true)]
    [InlineData("bilstm", HeadVariant.MaskAware, true)]
    [InlineData("fc", HeadVariant.Published, true)]
    [InlineData("cnn", HeadVariant.Published, false)]
    [InlineData("bilstm", HeadVariant.Published, false)]
    public void Padding_changes_the_logits_of_published_cnn_and_bilstm_only(string head, HeadVariant variant, bool same)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = Small.Classifier(head, variant);
        model.eval();
        double worst = 0;
        foreach (int length in new[] { 1, 2, 3, 9 })
        {
            var ids = randint(5, Small.Config.VocabSize, [4, length], dtype: ScalarType.Int64);
            var alone = model.forward(ids, ones_like(ids), null);
            foreach (int padding in new[] { 1, 2, 15 })
            {
                var padded = model.forward(nn.functional.pad(ids, [0, padding]), nn.functional.pad(ones_like(ids), [0, padding]), null);
                worst = Math.Max(worst, (alone - padded).abs().max().item<float>());
            }
        }

        Assert.True(same ? worst <= Tolerance : worst > 1e-3, $"largest difference {worst}");
    }

    [Fact]
    public void The_mask_aware_cnn_equals_a_maximum_written_out_over_windows_of_tokens()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var head = new CnnHead(Small.Config, 3);
        head.eval();
        var hidden = randn(2, 6, Small.Config.HiddenSize);
        int[] lengths = [4, 6];
        using var mask = tensor(new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1 }, [2, 6]);
        var logits = head.forward(hidden, mask);
        var weight = head.get_parameter("layer1.0.weight")!; // 128 × 1 × 2 × H
        var bias = head.get_parameter("layer1.0.bias")!;
        var x = nn.functional.gelu(hidden);
        for (int row = 0; row < 2; row++)
        {
            var answers = Enumerable.Range(0, lengths[row] - 1)
                .Select(i => (weight.squeeze(1) * x[row, i..(i + 2)]).sum([1, 2]) + bias) // 128
                .ToArray();
            var strongest = stack(answers).amax([0]).clamp(min: 0);
            var expected = head.get_parameter("out_proj.weight")!.mv(strongest) + head.get_parameter("out_proj.bias")!;
            Close.To(expected, logits[row], Tolerance, $"row {row}");
        }
    }

    [Fact]
    public void The_mask_aware_bilstm_reads_a_row_and_its_mirror_image_alike()
    {
        // With the same weights in both directions, reading a text backwards swaps the two halves of what goes into out_proj.
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var head = new BiLstmHead(Small.Config, 2);
        head.eval();
        foreach (var (name, parameter) in head.named_parameters().Where(named => named.name.EndsWith("_reverse", StringComparison.Ordinal)))
        {
            parameter.copy_(head.get_parameter(name[..^"_reverse".Length])!);
        }

        var output = head.get_parameter("out_proj.weight")!;
        output.copy_(cat([output[.., ..Small.Config.HiddenSize], output[.., ..Small.Config.HiddenSize]], 1));
        var hidden = randn(1, 5, Small.Config.HiddenSize);
        using var mask = ones([1, 5], ScalarType.Int64);
        Close.To(head.forward(hidden, mask), head.forward(hidden.flip(1), mask), Tolerance, "mirror image");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_length_number_of_labels_and_hidden_size_works(string head, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (length, labels, hiddenSize) in new[] { (1, 1, 4), (2, 3, 20), (31, 7, 12) })
        {
            using var module = Electra.Heads.Create(head,
                Small.Config with { HiddenSize = hiddenSize, NumAttentionHeads = 1 }, labels, variant);
            var logits = module.forward(randn(2, length, hiddenSize), ones([2, length], ScalarType.Int64));
            Assert.Equal([2, labels], logits.shape);
        }
    }

    [Fact]
    public void An_unknown_head_or_variant_is_an_error_that_lists_the_known_ones()
    {
        Assert.Contains("fc, cnn, bilstm", Assert.Throws<InputException>(() => Electra.Heads.Registry.Check("mlp")).Message,
            StringComparison.Ordinal);
        Assert.Contains("published, mask-aware", Assert.Throws<InputException>(() => Electra.Heads.VariantOf("masked")).Message,
            StringComparison.Ordinal);
    }

    internal static SequenceClassifier GoldenModel(string head, int labels, IReadOnlyDictionary<string, Tensor> golden)
    {
        using var checkpoint = Checkpoint.Open(Reference.Golden("electra-projected"));
        var model = checkpoint.CreateSequenceClassifier(head, HeadVariant.Published, [.. Enumerable.Range(0, labels).Select(i => $"{i}")]);
        using var grad = no_grad();
        foreach (var (name, parameter) in model.Head.named_parameters())
        {
            parameter.copy_(golden[$"{head}{labels}/weights/classifier.{name}"]);
        }

        return model;
    }

    private static Tensor Forward(SequenceClassifier model, IReadOnlyDictionary<string, Tensor> golden, string input) =>
        model.forward(golden[$"input/{input}/input_ids"], golden[$"input/{input}/attention_mask"], golden[$"input/{input}/token_type_ids"]);

    private static JsonElement Set(string name) =>
        JsonDocument.Parse(File.ReadAllText(Reference.Golden("heads.json"))).RootElement.GetProperty("sets").EnumerateArray()
            .Single(set => set.GetProperty("name").GetString() == name);
}
