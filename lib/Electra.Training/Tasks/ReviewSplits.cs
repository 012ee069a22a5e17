using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Sentence classification: reviews tokenized for one encoder and cut into train, dev and test, and perhaps texts with soft labels
/// behind the rows to train on.
/// </summary>
public sealed class ReviewSplits : LearningTask
{
    private readonly ReviewData _data;
    private readonly SoftEncodings? _soft;

    /// <summary>Cuts and tokenizes.</summary>
    /// <param name="data">The reviews.</param>
    /// <param name="encoder">Gives the vocabulary and the longest possible row.</param>
    /// <param name="maxTokens">Cut longer rows to this many tokens; never more than the encoder can read.</param>
    /// <param name="soft">Further texts to train on, with the probabilities of their labels; those with the letters and
    /// digits of dev or test rows are left out.</param>
    /// <param name="cancellation">Stops reading <paramref name="soft"/>.</param>
    /// <exception cref="InputException">The soft labels cannot be used.</exception>
    public ReviewSplits(
        ReviewData data, EncoderSource encoder, int maxTokens = 128, SoftLabels? soft = null, CancellationToken cancellation = default)
        : base(encoder, maxTokens)
    {
        _data = data;
        (TrainReviews, DevReviews) = data.Split(DevSeed);
        Train = LabeledEncodings.Of(encoder.Tokenizer, TrainReviews, MaxTokens);
        Dev = LabeledEncodings.Of(encoder.Tokenizer, DevReviews, MaxTokens);
        Test = LabeledEncodings.Of(encoder.Tokenizer, data.Test, MaxTokens);
        Labels = data.Labels;
        _soft = soft is null ? null
            : SoftEncodings.Of(soft, Labels, [.. DevReviews, .. data.Test], encoder.Tokenizer, MaxTokens, cancellation);
        TrainLengths = _soft is null ? Train.Lengths : [.. Train.Lengths, .. _soft.Rows.Select(row => row.Length)];
        Data = new(data.Name, data.Hash, TrainReviews.Count, DevReviews.Count, data.Test.Count, _soft?.Rows.Count, _soft?.Hash);
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKinds.Sequence;

    /// <inheritdoc/>
    public override string Metric => LabelMetrics.Name;

    /// <inheritdoc/>
    public override string Unit => "reviews";

    /// <inheritdoc/>
    public override RunRecord.DataRecord Data { get; }

    /// <summary>Rows to train on, without those that have soft labels.</summary>
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
    public override IReadOnlyList<int> TrainLengths { get; }

    /// <inheritdoc/>
    public override int Truncated => Train.Truncated + Dev.Truncated + Test.Truncated + (_soft?.Truncated ?? 0);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        .. Truncated > 0
            ? [$"{Truncated:N0} rows are longer than {MaxTokens} tokens and cut; raise --max-tokens to keep them whole."]
            : Array.Empty<string>(),
        .. _soft?.LeftOut > 0
            ? [$"{_soft.LeftOut:N0} texts with soft labels have the letters of dev or test rows and are left out."]
            : Array.Empty<string>(),
    ];

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
    public override Tensor Loss(TaskModel model, int[] batch) => Array.TrueForAll(batch, IsHard)
        ? Train.Loss(model, batch, Encoder.Tokenizer.PadId)
        : SoftLoss(model, batch);

    /// <inheritdoc/>
    public override double DevScore(TaskModel model, CancellationToken cancellation = default) =>
        Measure(Dev, Probabilities(model, Dev, cancellation)).Accuracy;

    /// <inheritdoc/>
    public override TestResult TestModel(TaskModel model, CancellationToken cancellation = default) =>
        Measure(Test, Probabilities(model, Test, cancellation)).Result;

    private bool IsHard(int row) => row < Train.Rows.Count; // the others follow

    // The mean of −Σ q log p over the rows, where q is 1 for the label of a hard row.
    private Tensor SoftLoss(TaskModel model, int[] batch)
    {
        int first = Train.Rows.Count;
        using var input = Batch.From(
            [.. batch.Select(i => IsHard(i) ? Train.Rows[i] : _soft!.Rows[i - first])], Devices.Best, padId: Encoder.Tokenizer.PadId);
        float[] shares = [.. batch.SelectMany(i => IsHard(i)
            ? Enumerable.Range(0, Labels.Count).Select(label => label == Train.Labels[i] ? 1f : 0f)
            : _soft!.Targets[i - first])];
        using var targets = tensor(shares, [batch.Length, Labels.Count], device: Devices.Best); // B × C
        return SequenceClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), targets);
    }

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
