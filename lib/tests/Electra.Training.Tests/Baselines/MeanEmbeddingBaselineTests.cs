using static TorchSharp.torch;

namespace Electra.Tests;

public class MeanEmbeddingBaselineTests
{
    [Fact]
    public void It_learns_from_the_encoders_own_embeddings_and_from_nothing_else()
    {
        string[] stems = ["재미", "최고", "지루", "최악"];
        Review[] rows = [.. Enumerable.Range(0, 240).Select(i =>
            new Review($"{i}", $"{stems[i % 4]} 영화 {(char)('가' + (i % 7))}", i % 4 < 2 ? 1 : 0))];
        using var folder = new TemporaryFolder();
        var encoder = Shipped();
        var train = LabeledEncodings.Of(encoder.Tokenizer, rows[..160], 32);
        var dev = LabeledEncodings.Of(encoder.Tokenizer, rows[160..200], 32);
        var token = TestContext.Current.CancellationToken;
        var baseline = MeanEmbeddingBaseline.Train(encoder, train, dev, ["negative", "positive"], token);
        var test = LabeledEncodings.Of(encoder.Tokenizer, rows[200..], 32);
        Assert.All(test.Rows.Zip(test.Labels), row =>
        {
            double[] probabilities = baseline.Probabilities(row.First);
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            Assert.Equal(row.Second, Array.IndexOf(probabilities, probabilities.Max()));
        });

        // A mean knows no order, and neither [CLS] nor [SEP].
        int[] ids = test.Rows[0].InputIds;
        int[] turned = [ids[^1], .. ids[1..^1].Reverse(), ids[0]];
        double[] straight = baseline.Probabilities(test.Rows[0]);
        Assert.Equal(straight[0], baseline.Probabilities(TokenEncoding.FromIds(turned))[0], 1e-9);
        Assert.NotEqual(straight[0], baseline.Probabilities(test.Rows[2])[0]);
    }

    [Fact]
    public void Its_features_are_the_means_that_libtorch_computes()
    {
        var encoder = Shipped();
        Review[] rows = [new("1", "재미있는 영화", 1), new("2", "지루", 0), new("3", "배우들 연기가 정말 좋았다", 1)];
        var train = LabeledEncodings.Of(encoder.Tokenizer, rows, 32);
        var baseline = MeanEmbeddingBaseline.Train(encoder, train, train, ["negative", "positive"], TestContext.Current.CancellationToken);
        using var scope = NewDisposeScope();
        using var model = encoder.CreateSequenceClassifier("fc", HeadVariant.Published, ["negative", "positive"], 1).Model;
        var weight = model.named_parameters().Single(one => one.name.EndsWith("word_embeddings.weight", StringComparison.Ordinal))
            .parameter.detach().to(float64); // V × E
        var means = stack(train.Rows.Select(row =>
            weight[tensor(row.InputIds[1..^1].Select(id => (long)id).ToArray())].mean([0]))); // 3 × E
        var expected = means / means.std(0, unbiased: true);
        Assert.All(train.Rows.Index(), row => Assert.All(
            baseline.Features(row.Item).Zip(expected[row.Index].data<double>().ToArray()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-9 * Math.Max(1, Math.Abs(pair.Second)))));
        Assert.All(baseline.Features(encoder.Tokenizer.Encode("")), value => Assert.Equal(0, value));
    }

    private static EncoderSource Shipped() => EncoderSource.Open(
        Path.Combine(Reference.Root, EncoderSource.Shipped), [], TestContext.Current.CancellationToken);
}
