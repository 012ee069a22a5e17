using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Generator and discriminator compute what the paper says, under Hugging Face's names.</summary>
public class ReplacedTokenDetectionTests
{
    [Fact]
    public void The_discriminators_logits_equal_the_reference()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        string folder = Reference.Golden("electra-projected");
        using var checkpoint = Checkpoint.Open(folder);
        using var model = checkpoint.CreateDiscriminator();
        model.eval();
        var golden = SafetensorsFile.Read(Path.Combine(folder, "forward.safetensors"));
        string[] cases = [.. golden.Keys.Where(key => key.EndsWith(".logits", StringComparison.Ordinal)).Select(key => key.Split('.')[0])];
        Assert.NotEmpty(cases);
        foreach (string id in cases)
        {
            var logits = model.forward(golden[$"{id}.input_ids"], golden.GetValueOrDefault($"{id}.attention_mask"),
                golden.GetValueOrDefault($"{id}.token_type_ids"));
            Close.To(golden[$"{id}.logits"].view(logits.shape), logits, 1e-5, id); // Python's squeeze() leaves no axis of a single token
        }
    }

    [Fact]
    public void The_discriminators_names_and_shapes_are_those_of_Hugging_Face()
    {
        string folder = Reference.Golden("electra-projected");
        using var model = new Discriminator(ElectraConfig.Read(folder));
        var expected = SafetensorsFile.ReadHeader(Path.Combine(folder, "model.safetensors")).Entries
            .Where(entry => !entry.Name.EndsWith("position_ids", StringComparison.Ordinal))
            .Select(entry => $"{entry.Name} {string.Join('×', entry.Shape)}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), Names(model));
    }

    [Fact]
    public void The_generators_names_are_those_of_Hugging_Face_with_the_tied_weight_stored_once()
    {
        using var encoder = Small.Encoder();
        using var model = new Generator(Small.Config);
        string[] head =
        [
            "generator_lm_head.bias 50", "generator_predictions.LayerNorm.bias 8", "generator_predictions.LayerNorm.weight 8",
            "generator_predictions.dense.bias 8", "generator_predictions.dense.weight 8×12",
        ];
        Assert.Equal(Names(encoder).Select(name => "electra." + name).Concat(head).Order(StringComparer.Ordinal), Names(model));
    }

    [Fact]
    public void The_generators_output_layer_is_the_word_embeddings()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = new Generator(Small.Config);
        model.eval();
        var ids = randint(5, Small.Config.VocabSize, [2, 6], ScalarType.Int64);
        var parameters = model.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        var dense = model.Encoder.forward(ids, null, null).matmul(parameters["generator_predictions.dense.weight"].t()) +
            parameters["generator_predictions.dense.bias"];
        var normed = nn.functional.layer_norm(
            nn.functional.gelu(dense), [8], parameters["generator_predictions.LayerNorm.weight"],
            parameters["generator_predictions.LayerNorm.bias"], Small.Config.LayerNormEps);
        var expected = normed.matmul(parameters["electra.embeddings.word_embeddings.weight"].t()).flatten(0, 1); // B·L × V
        Close.To(expected[tensor(new long[] { 1, 7, 11 })], model.forward(ids, null, tensor(new long[] { 1, 7, 11 })), 1e-5, "logits");
    }

    [Fact]
    public void Shared_embeddings_are_one_parameter_of_the_optimizer()
    {
        using var model = new ReplacedTokenDetection(Small.Config, 0.5);
        var groups = DecayGroups.Of(model); // which asserts that every parameter is in exactly one group
        string[] names = [.. groups.Decayed.Concat(groups.Plain).Select(named => named.Name)];
        Assert.Single(names, name => name.EndsWith("word_embeddings.weight", StringComparison.Ordinal));
        Assert.Single(names, name => name.EndsWith("embeddings.LayerNorm.weight", StringComparison.Ordinal));
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Same(model.Generator.Encoder.Embeddings, model.Discriminator.Encoder.Embeddings);
        // each has its own projection
        Assert.Equal(2, names.Count(name => name.EndsWith("embeddings_project.weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_discriminators_loss_teaches_the_generator_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = new ReplacedTokenDetection(Small.Config, 0.5);
        Outcome(model, Rows(length: 7)).DiscriminatorLoss.backward();
        foreach (var (name, parameter) in model.Generator.named_parameters())
        {
            bool shared = name.StartsWith("electra.embeddings.", StringComparison.Ordinal);
            Assert.True(shared || parameter.grad is null || parameter.grad.abs().max().item<float>() == 0, name);
        }

        Assert.True(model.Discriminator.Encoder.Embeddings.WordEmbeddings.grad!.abs().max().item<float>() > 0);
    }

    [Fact]
    public void Padding_changes_neither_loss_nor_measurement()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        random.manual_seed(3);
        using var model = new ReplacedTokenDetection(Small.Config, 0.5);
        model.eval();
        var (plain, padded) = (Outcome(model, Rows(length: 7)), Outcome(model, Rows(length: 11)));
        Assert.Null(plain.Attended);
        Assert.NotNull(padded.Attended);
        Close.To(plain.Loss, padded.Loss, 1e-5, "loss");
        var (a, b) = (DetectionMetrics.Of([plain]), DetectionMetrics.Of([padded]));
        Assert.Equal(a.Accuracy, b.Accuracy, 1e-9);
        Assert.Equal(a.MajorityRate, b.MajorityRate, 1e-9);
        Assert.Equal(a.Precision, b.Precision, 1e-9);
    }

    [Fact]
    public void Losses_are_the_papers_formulas()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = new ReplacedTokenDetection(Small.Config, 0.5);
        model.eval();
        var outcome = Outcome(model, Rows(length: 11));
        var p = outcome.Guesses.softmax(-1);
        double generator = -Enumerable.Range(0, (int)outcome.Hidden.numel())
            .Average(i => Math.Log(p[i, outcome.Hidden[i].item<long>()].item<float>()));
        var (d, y, m) = (outcome.Judgements.sigmoid().data<float>().ToArray(), outcome.Replaced.data<float>().ToArray(),
            outcome.Attended!.data<long>().ToArray());
        double discriminator = Enumerable.Range(0, d.Length).Where(i => m[i] == 1)
            .Average(i => y[i] == 1 ? -Math.Log(d[i]) : -Math.Log(1 - d[i]));
        Assert.Equal(generator, outcome.GeneratorLoss.item<float>(), 1e-4);
        Assert.Equal(discriminator, outcome.DiscriminatorLoss.item<float>(), 1e-4);
        Assert.Equal(generator + (50 * discriminator), outcome.Loss.item<float>(), 1e-2);
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_probable()
    {
        using var scope = NewDisposeScope();
        const int Draws = 20_000;
        float[] probabilities = [0.5f, 0, 0.3f, 0.15f, 0.05f, 0];
        var logits = tensor(probabilities).log().expand(Draws, probabilities.Length); // log 0 is −∞
        var counts = ReplacedTokenDetection.Draw(logits, new Random(1)).bincount(null, probabilities.Length).data<long>().ToArray();
        foreach (var (probability, count) in probabilities.Zip(counts))
        {
            double deviation = Math.Sqrt(Draws * probability * (1 - probability));
            // and never what is impossible
            Assert.InRange(count, (Draws * probability) - (4 * deviation), (Draws * probability) + (4 * deviation));
        }
    }

    // Two rows of seven tokens, padded to a length.
    private static MaskedRows Rows(int length)
    {
        long[][] original = [[2, 10, 11, 12, 13, 14, 3], [2, 20, 21, 22, 23, 24, 3]];
        long[][] masked = [[2, 10, 4, 12, 13, 4, 3], [2, 20, 21, 4, 23, 24, 3]];
        return new MaskedRows(new TokenRows(Pad(original), 2, length), Pad(masked), [2, 5, length + 3]);

        long[] Pad(long[][] rows) => [.. rows.SelectMany(row => row.Concat(new long[length - row.Length]))];
    }

    private static DetectionOutcome Outcome(ReplacedTokenDetection model, MaskedRows rows) => model.Run(rows, padId: 0, new Random(5), CPU);

    private static IEnumerable<string> Names(nn.Module model) =>
        model.named_parameters().Select(named => $"{named.name} {string.Join('×', named.parameter.shape)}").Order(StringComparer.Ordinal);
}
