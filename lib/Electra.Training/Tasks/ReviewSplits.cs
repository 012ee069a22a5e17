using static TorchSharp.torch;

namespace Electra;

/// <summary>Sentence classification: reviews tokenized for one encoder and cut into train, dev and test.</summary>
public sealed class ReviewSplits : LearningTask
{
    private readonly ReviewData _data;

    /// <summary>Cuts and tokenizes.</summary>
    /// <param name="data">The reviews.</param>
    /// <param name="encoder">Gives the vocabulary and the longest possible row.</param>
    /// <param name="maxTokens">Cut longer rows to this many tokens; never more than the encoder can read.</param>
    public ReviewSplits(ReviewData data, EncoderSource encoder, int maxTokens = 128)
        : base(encoder, maxTokens)
    {
        _data = data;
        (TrainReviews, DevReviews) = data.Split(DevSeed);
        Train = LabeledEncodings.Of(encoder.Tokenizer, TrainReviews, MaxTokens);
        Dev = LabeledEncodings.Of(encoder.Tokenizer, DevReviews, MaxTokens);
        Test = LabeledEncodings.Of(encoder.Tokenizer, data.Test, MaxTokens);
        Labels = data.Labels;
        Data = new(data.Name, data.Hash, TrainReviews.Count, DevReviews.Count, data.Test.Count);
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKinds.Sequence;

    /// <inheritdoc/>
    public override string Metric => LabelMetrics.Name;

    /// <inheritdoc/>
    public override string Unit => "reviews";

    /// <inheritdoc/>
    public override RunRecord.DataRecord Data { get; }

    /// <summary>Rows to train on.</summary>
    public LabeledEncodings Train { get; }

    /// <summary>Rows to choose the checkpoint on.</summary>
    public LabeledEncodings Dev { get; }

    /// <summary>Rows to test on, once.</summary>
    public LabeledEncodings Test { get; }

    /// <summary>The reviews of <see cref="Train"/>.</summary>
    public IReadOnlyList<Review> TrainReviews { get; }

    /// <summary>The reviews of <see cref="Dev"/>.</summary>
    public IReadOnlyList<Review> DevReviews { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> TrainLengths => Train.Lengths;

    /// <inheritdoc/>
    public override int Truncated => Train.Truncated + Dev.Truncated + Test.Truncated;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        Truncated > 0 ? [$"{Truncated:N0} rows are longer than {MaxTokens} tokens and cut; raise --max-tokens to keep them whole."] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines =>
    [
        new("majority", (_, _) => ByText(MajorityBaseline.Train(TrainReviews, Labels.Count).Probabilities)),
        new("bag-of-words",
            (_, cancellation) => ByText(BagOfWordsBaseline.Train(TrainReviews, DevReviews, Labels.Count, cancellation).Probabilities)),
        new("n-grams", (onNote, cancellation) =>
            ByText(NgramBaseline.Train(TrainReviews, DevReviews, Labels.Count, onNote, cancellation).Probabilities)),
        .. Encoder.IsRandom ? [] : new Baseline[]
        {
            new("mean-embedding", (_, cancellation) => ByRow(
                MeanEmbeddingBaseline.Train(Encoder, Train, Dev, Labels, cancellation).Probabilities), ReadsEncoder: true),
        },
    ];

    /// <inheritdoc/>
    public override Tensor Loss(TaskModel model, int[] batch) => Train.Loss(model, batch, Encoder.Tokenizer.PadId);

    /// <inheritdoc/>
    public override double DevScore(TaskModel model, CancellationToken cancellation = default) =>
        Measure(Dev, Probabilities(model, Dev, cancellation)).Accuracy;

    /// <inheritdoc/>
    public override TestResult TestModel(TaskModel model, CancellationToken cancellation = default) =>
        Measure(Test, Probabilities(model, Test, cancellation)).Result;

    private IEnumerable<double[]> Probabilities(TaskModel model, LabeledEncodings rows, CancellationToken cancellation) =>
        Prediction.Logits(model, rows.Rows, Encoder.Tokenizer.PadId, cancellation: cancellation).Select(Prediction.Probabilities);

    private TrainedBaseline ByText(Func<string, double[]> probabilities) => new(
        Measure(Dev, DevReviews.Select(review => probabilities(review.Document))).Accuracy,
        () => Measure(Test, _data.Test.Select(review => probabilities(review.Document))).Result);

    private TrainedBaseline ByRow(Func<TokenEncoding, double[]> probabilities) => new(
        Measure(Dev, Dev.Rows.Select(probabilities)).Accuracy,
        () => Measure(Test, Test.Rows.Select(probabilities)).Result);

    private static LabelMetrics Measure(LabeledEncodings rows, IEnumerable<double[]> probabilities) =>
        LabelMetrics.Of(rows.Labels, [.. probabilities]);
}
