using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Logistic regression on the mean of the encoder's own word embeddings, which stay as they are: what the vocabulary of a pre-trained
/// encoder is worth without its layers.
/// </summary>
/// <remarks>
/// A text is the mean of the E numbers of its pieces, [CLS] and [SEP] left out; each of the E numbers is divided by its standard deviation
/// over the training texts, so that one strength fits all. The strength of the fit is chosen on the dev rows.
/// </remarks>
public sealed class MeanEmbeddingBaseline
{
    private static readonly double[] Strengths = [0.01, 0.1, 1, 10];

    private readonly float[] _embeddings; // V × E, row by row
    private readonly double[] _scales; // E
    private readonly LinearClassifier _classifier;

    private MeanEmbeddingBaseline(float[] embeddings, double[] scales, LinearClassifier classifier) =>
        (_embeddings, _scales, _classifier) = (embeddings, scales, classifier);

    /// <summary>Fits the weights to the training rows.</summary>
    /// <param name="encoder">Whose embeddings are taken.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="dev">Rows to choose the strength on.</param>
    /// <param name="labels">Names of the labels.</param>
    /// <param name="cancellation">Stops the fit.</param>
    public static MeanEmbeddingBaseline Train(
        EncoderSource encoder, LabeledEncodings train, LabeledEncodings dev, IReadOnlyList<string> labels,
        CancellationToken cancellation = default)
    {
        float[] embeddings = EmbeddingsOf(encoder, labels);
        int size = encoder.Config.EmbeddingSize;
        double[][] means = [.. train.Rows.Select(row => Mean(row, embeddings, size))]; // rows × E
        double[] scales = [.. Enumerable.Range(0, size).Select(i =>
            Statistics.MeanAndStandardDeviation([.. means.Select(mean => mean[i])]).StandardDeviation is > 0 and double deviation
                ? 1 / deviation
                : 1)];
        var classifier = LinearClassifier.Fit(
            Rows(means.Select(mean => Scaled(mean, scales))), train.Labels,
            Rows(dev.Rows.Select(row => Scaled(Mean(row, embeddings, size), scales))), dev.Labels,
            size, labels.Count, Strengths, cancellation);
        return new MeanEmbeddingBaseline(embeddings, scales, classifier);
    }

    /// <summary>The probability of each label of a text.</summary>
    public double[] Probabilities(TokenEncoding row) =>
        _classifier.Probabilities(Rows([Features(row)]), 0);

    /// <summary>The E numbers of a text.</summary>
    internal double[] Features(TokenEncoding row) => Scaled(Mean(row, _embeddings, _scales.Length), _scales);

    private static float[] EmbeddingsOf(EncoderSource encoder, IReadOnlyList<string> labels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = encoder.CreateSequenceClassifier("fc", HeadVariant.Published, labels, seed: 1).Model;
        var weight = model.named_parameters().Single(named => named.name.EndsWith("word_embeddings.weight", StringComparison.Ordinal));
        return weight.parameter.to(CPU).data<float>().ToArray(); // V × E
    }

    // The mean over the pieces between [CLS] and [SEP]; of none, 0.
    private static double[] Mean(TokenEncoding row, float[] embeddings, int size)
    {
        double[] sum = new double[size];
        int pieces = Math.Max(1, row.Length - 2);
        for (int token = 1; token < row.Length - 1; token++)
        {
            var embedding = embeddings.AsSpan(row.InputIds[token] * size, size);
            for (int i = 0; i < size; i++)
            {
                sum[i] += embedding[i] / pieces;
            }
        }

        return sum;
    }

    private static double[] Scaled(double[] mean, double[] scales) => [.. mean.Zip(scales, (value, scale) => value * scale)];

    private static SparseRows Rows(IEnumerable<double[]> texts) =>
        SparseRows.Of(texts.Select(text => text.Select((value, i) => (i, (float)value))));
}
