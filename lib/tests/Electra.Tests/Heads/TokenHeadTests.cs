using System.Text.Json;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>The linear token head equals the reference, and the mask-aware ones do not see padding.</summary>
public class TokenHeadTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, HeadVariant> All => new()
    {
        { "linear", HeadVariant.Published }, { "cnn", HeadVariant.Published }, { "bilstm", HeadVariant.Published },
        { "linear", HeadVariant.MaskAware }, { "cnn", HeadVariant.MaskAware }, { "bilstm", HeadVariant.MaskAware },
    };

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Logits_and_losses_equal_the_reference_whatever_labels_the_padding_has(int labels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(labels, golden);
        model.eval();
        string set = $"token{labels}";
        var cases = JsonDocument.Parse(File.ReadAllText(Reference.Golden("heads.json"))).RootElement.GetProperty("sets").EnumerateArray()
            .Single(entry => entry.GetProperty("name").GetString() == set).GetProperty("cases").EnumerateArray().ToList();
        Assert.Contains(cases, entry => entry.GetProperty("case").GetString()!.EndsWith(".padding", StringComparison.Ordinal));
        foreach (var entry in cases)
        {
            string id = entry.GetProperty("case").GetString()!;
            string input = entry.GetProperty("batch").GetString()!;
            var logits = Forward(model, golden, input);
            Close.To(golden[$"{set}/{input}/logits"], logits, Tolerance, $"{set}/{input}");
            double loss = TokenClassifier.Loss(logits, golden[$"{set}/{id}/labels"], golden[$"input/{input}/attention_mask"]).item<float>();
            double expected = entry.GetProperty("loss").GetDouble();
            Assert.InRange(loss, expected - Tolerance * Math.Max(1, expected), expected + Tolerance * Math.Max(1, expected));
        }
    }

    [Fact]
    public void The_gradient_of_every_parameter_equals_the_reference()
    {
        using var scope = NewDisposeScope();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(5, golden);
        model.eval(); // no dropout
        TokenClassifier.Loss(Forward(model, golden, "batch"), golden["token5/gradient/labels"],
            golden["input/batch/attention_mask"]).backward();
        const string Prefix = "token5/gradient/of/";
        var expected = golden.Where(named => named.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[Prefix.Length..], named => named.Value);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal),
            model.named_parameters().Select(named => named.name).Order(StringComparer.Ordinal));
        foreach (var (name, parameter) in model.named_parameters())
        {
            Close.To(expected[name], parameter.grad!, 1e-4, name);
        }
    }

    [Theory]
    [InlineData("linear", HeadVariant.MaskAware, true)]
    [InlineData("cnn", HeadVariant.MaskAware, true)]
    [InlineData("bilstm", HeadVariant.MaskAware, true)]
    [InlineData("linear", HeadVariant.Published, true)]
    [InlineData("cnn", HeadVariant.Published, false)]
    [InlineData("bilstm", HeadVariant.Published, false)]
    public void Padding_changes_the_logits_of_published_cnn_and_bilstm_only(string head, HeadVariant variant, bool same)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = Model(head, variant);
        double worst = 0;
        foreach (int length in new[] { 1, 2, 3, 9 })
        {
            var ids = randint(5, Small.Config.VocabSize, [4, length], dtype: ScalarType.Int64);
            var alone = model.forward(ids, ones_like(ids), null); // B × L × C
            foreach (int padding in new[] { 1, 2, 15 })
            {
                var padded = model.forward(nn.functional.pad(ids, [0, padding]), nn.functional.pad(ones_like(ids), [0, padding]), null);
                Assert.Equal([4, length + padding, 3], padded.shape);
                worst = Math.Max(worst, (alone - padded[.., ..length]).abs().max().item<float>());
            }
        }

        Assert.True(same ? worst <= Tolerance : worst > 1e-3, $"largest difference {worst}");
    }

    [Fact]
    public void The_mask_aware_cnn_equals_windows_written_out_token_by_token()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var head = new CnnTokenHead(Small.Config, 3);
        head.eval();
        int[] lengths = [4, 6];
        var hidden = randn(2, 6, Small.Config.HiddenSize);
        using var mask = tensor(new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1 }, [2, 6]);
        var logits = head.forward(hidden, mask);
        var weight = head.get_parameter("layer1.0.weight")!.squeeze(1); // 128 × 5 × H
        var x = nn.functional.gelu(hidden);
        for (int row = 0; row < 2; row++)
        {
            for (int token = 0; token < lengths[row]; token++)
            {
                Tensor sum = head.get_parameter("layer1.0.bias")!;
                foreach (int neighbour in Enumerable.Range(token - 2, 5).Where(i => i >= 0 && i < lengths[row]))
                {
                    sum = sum + weight[.., neighbour - token + 2].mv(x[row, neighbour]);
                }

                var expected = head.get_parameter("out_proj.weight")!.mv(sum.clamp(min: 0)) + head.get_parameter("out_proj.bias")!;
                Close.To(expected, logits[row, token], Tolerance, $"row {row}, token {token}");
            }
        }
    }

    [Fact]
    public void The_mask_aware_bilstm_gives_a_mirrored_row_the_mirrored_answers()
    {
        // With the same weights in both directions, reading a text backwards swaps the two halves of what goes into out_proj at each token.
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var head = new BiLstmTokenHead(Small.Config, 2);
        head.eval();
        foreach (var (name, parameter) in head.named_parameters().Where(named => named.name.EndsWith("_reverse", StringComparison.Ordinal)))
        {
            parameter.copy_(head.get_parameter(name[..^"_reverse".Length])!);
        }

        var output = head.get_parameter("out_proj.weight")!;
        output.copy_(cat([output[.., ..Small.Config.HiddenSize], output[.., ..Small.Config.HiddenSize]], 1));
        var hidden = randn(1, 5, Small.Config.HiddenSize);
        var logits = head.forward(hidden, ones([1, 5], ScalarType.Int64));
        Close.To(logits.flip(1), head.forward(hidden.flip(1), ones([1, 5], ScalarType.Int64)), Tolerance, "mirror image");
        Assert.True((logits[0, 0] - logits[0, 4]).abs().max().item<float>() > 1e-4); // or the order would not show
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_length_number_of_labels_and_hidden_size_works(string head, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (length, labels, hiddenSize) in new[] { (1, 1, 4), (2, 3, 20), (31, 7, 12) })
        {
            using var module = TokenHeads.Create(head,
                Small.Config with { HiddenSize = hiddenSize, NumAttentionHeads = 1 }, labels, variant);
            var logits = module.forward(randn(2, length, hiddenSize), ones([2, length], ScalarType.Int64));
            Assert.Equal([2, length, labels], logits.shape);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_saved_model_is_read_back_with_its_head_variant_and_labels(string head, HeadVariant variant)
    {
        using var folder = new TemporaryFolder();
        using var model = Model(head, variant);
        var config = (Small.Config with
        {
            Architectures = ["ElectraForTokenClassification"],
            ClassifierHead = head,
            ClassifierVariant = Electra.Heads.NameOf(variant),
            VocabSize = 50
        }).WithLabels(["O", "B-PS", "I-PS"]);
        Checkpoint.Save(folder.Path, model, config, SmallTokenizer.Cased);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal("token", checkpoint.Kind?.Name);
        Assert.Equal(["O", "B-PS", "I-PS"], checkpoint.Labels);
        using var opened = checkpoint.CreateTokenClassifier();
        opened.eval();
        Assert.Empty(checkpoint.Notes);
        Assert.IsType(model.Head.GetType(), opened.Head);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var ids = arange(5, 13).view(2, 4);
        var mask = tensor(new long[] { 1, 1, 1, 0, 1, 1, 1, 1 }, [2, 4]);
        Close.To(model.forward(ids, mask, null), opened.forward(ids, mask, null), 0, head);

        Assert.Contains("one for token", Assert.Throws<InputException>(() => checkpoint.CreateSequenceClassifier()).Message,
            StringComparison.Ordinal);
        // the same number in another order is another head
        using var other = checkpoint.CreateTokenClassifier(head, variant, ["O", "I-PS", "B-PS"]);
        Assert.Contains(checkpoint.Notes, note => note.Contains("other labels", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_from_elsewhere_needs_no_name_of_the_head_and_no_labels()
    {
        using var folder = new TemporaryFolder();
        using var model = Model("linear", HeadVariant.MaskAware);
        Checkpoint.Save(folder.Path, model, Small.Config, SmallTokenizer.Cased);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal("token", checkpoint.Kind?.Name);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], checkpoint.Labels);
        using var opened = checkpoint.CreateTokenClassifier();
        Assert.IsType<LinearTokenHead>(opened.Head);
        Assert.Equal(["electra", "classifier"], opened.named_parameters().Select(named => named.name.Split('.')[0]).Distinct());
    }

    [Fact]
    public void An_unknown_token_head_is_an_error_that_lists_the_known_ones() =>
        Assert.Contains("linear, cnn, bilstm", Assert.Throws<InputException>(() => TokenHeads.Registry.Check("fc")).Message,
            StringComparison.Ordinal);

    private static TokenClassifier Model(string head, HeadVariant variant)
    {
        var encoder = Small.Encoder();
        var model = new TokenClassifier(encoder, TokenHeads.Create(head, Small.Config, 3, variant));
        model.eval();
        return model;
    }

    private static TokenClassifier GoldenModel(int labels, IReadOnlyDictionary<string, Tensor> golden)
    {
        using var checkpoint = Checkpoint.Open(Reference.Golden("electra-projected"));
        var model = checkpoint.CreateTokenClassifier("linear", HeadVariant.MaskAware, [.. Enumerable.Range(0, labels).Select(i => $"{i}")]);
        using var grad = no_grad();
        foreach (var (name, parameter) in model.Head.named_parameters())
        {
            parameter.copy_(golden[$"token{labels}/weights/classifier.{name}"]);
        }

        return model;
    }

    private static Tensor Forward(TokenClassifier model, IReadOnlyDictionary<string, Tensor> golden, string input) =>
        model.forward(golden[$"input/{input}/input_ids"], golden[$"input/{input}/attention_mask"], golden[$"input/{input}/token_type_ids"]);
}
