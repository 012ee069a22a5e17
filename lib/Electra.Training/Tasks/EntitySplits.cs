using static TorchSharp.torch;

namespace Electra;

/// <summary>Token classification: sentences with entities, tokenized for one encoder and cut into train, dev and test.</summary>
public sealed class EntitySplits : LearningTask
{
    private readonly EntityData _data;
    private readonly Part _train;
    private readonly Part _dev;
    private readonly Part _test;
    private readonly (TokenEncoding Row, long[] Labels)[] _rows; // training rows in which a token has a label

    /// <summary>Cuts, tokenizes, and gives the word pieces their tags.</summary>
    /// <param name="data">The sentences.</param>
    /// <param name="encoder">Gives the vocabulary and the longest possible row.</param>
    /// <param name="maxTokens">Longer sentences are read in windows; never more than the encoder can read.</param>
    /// <exception cref="InputException">There are too few sentences, or none with an entity.</exception>
    public EntitySplits(EntityData data, EncoderSource encoder, int maxTokens = 128)
        : base(encoder, maxTokens)
    {
        if (data.Types.Count == 0)
        {
            throw new InputException($"{data.Name} has no entity in its {data.Train.Count} training sentences; mark some.");
        }

        _data = data;
        (TrainSentences, DevSentences) = data.Split(DevSeed);
        Labels = LabelsOf(data.Types);
        _train = Make(TrainSentences);
        _dev = Make(DevSentences);
        _test = Make(data.Test);
        var ids = Labels.Index().ToDictionary(label => label.Item, label => (long)label.Index);
        _rows =
        [
            .. _train.Rows.Rows.Index().Where(row => row.Item.Length > 2).Select(row => (
                row.Item, _train.Rows.PieceTags(row.Index, _train.Tags)
                    .Select(tag => tag is null ? TokenClassifier.Ignored : ids[tag]).ToArray())),
        ];
        TrainLengths = [.. _rows.Select(row => row.Row.Length)];
        Data = new(data.Name, data.Hash, TrainSentences.Count, DevSentences.Count, data.Test.Count);
        Ceiling = Measure(_test,
            _test.Rows.CharacterTags([.. _test.Rows.Rows.Index().Select(row => _test.Rows.PieceTags(row.Index, _test.Tags))])).Micro.F1;
    }

    /// <summary>The tags of entities of some types, in the order of a model's logits.</summary>
    internal static IReadOnlyList<string> LabelsOf(IReadOnlyList<string> types) =>
        [EntityTags.Outside, .. types.SelectMany(type => (string[])[$"B-{type}", $"I-{type}"])];

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKinds.Token;

    /// <inheritdoc/>
    public override string Metric => EntityMetrics.Name;

    /// <inheritdoc/>
    public override string Unit => "sentences";

    /// <inheritdoc/>
    public override RunRecord.DataRecord Data { get; }

    /// <summary>The tags: <c>O</c>, and <c>B-</c> and <c>I-</c> of each type.</summary>
    public override IReadOnlyList<string> Labels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> TrainLengths { get; }

    /// <summary>Sentences to train on.</summary>
    public IReadOnlyList<EntitySentence> TrainSentences { get; }

    /// <summary>Sentences to choose the checkpoint on.</summary>
    public IReadOnlyList<EntitySentence> DevSentences { get; }

    /// <summary>F1 on the test sentences of the right tag on every word piece: what this vocabulary leaves possible.</summary>
    public double Ceiling { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string>();
            if (_train.Rows.Windowed + _dev.Rows.Windowed + _test.Rows.Windowed is > 0 and int windowed)
            {
                notes.Add($"{windowed:N0} sentences are longer than {MaxTokens} tokens and read in overlapping windows.");
            }

            if (Ceiling < 1)
            {
                notes.Add(
                    $"With this vocabulary an F1 of {Ceiling:0.0000} is possible: some word pieces lie across the edge of an entity.");
            }

            return notes;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines =>
    [
        new("dictionary", (_, _) =>
        {
            var baseline = DictionaryBaseline.Train(TrainSentences);
            return new(
                Measure(_dev, [.. DevSentences.Select(sentence => baseline.Predict(sentence.Text))]).Micro.F1,
                () => Measure(_test, [.. _data.Test.Select(sentence => baseline.Predict(sentence.Text))]).Result(Labels));
        }),
    ];

    /// <inheritdoc/>
    public override Tensor Loss(TaskModel model, int[] batch)
    {
        using var input = Batch.From([.. batch.Select(i => _rows[i].Row)], Devices.Best, padId: Encoder.Tokenizer.PadId);
        int length = (int)input.InputIds.shape[1];
        long[] values = [.. batch.SelectMany(
            i => _rows[i].Labels.Concat(Enumerable.Repeat((long)TokenClassifier.Ignored, length - _rows[i].Labels.Length)))];
        using var labels = tensor(values, [batch.Length, length], device: Devices.Best); // B × L
        return TokenClassifier.Loss(model.forward(input.InputIds, input.AttentionMask, input.TokenTypeIds), labels, input.AttentionMask);
    }

    /// <inheritdoc/>
    public override double DevScore(TaskModel model, CancellationToken cancellation = default) =>
        Measure(_dev, Answers(model, _dev, cancellation)).Micro.F1;

    /// <inheritdoc/>
    public override TestResult TestModel(TaskModel model, CancellationToken cancellation = default) =>
        Measure(_test, Answers(model, _test, cancellation)).Result(Labels);

    private static EntityMetrics Measure(Part part, IReadOnlyList<string[]> answers) => EntityMetrics.Of(part.Tags, answers);

    private Part Make(IReadOnlyList<EntitySentence> sentences) =>
        new(EntityRows.Of(Encoder.Tokenizer, [.. sentences.Select(sentence => sentence.Text)], MaxTokens),
            [.. sentences.Select(sentence => sentence.Tags)]);

    private IReadOnlyList<string[]> Answers(TaskModel model, Part part, CancellationToken cancellation) =>
        part.Rows.CharacterTags(Prediction.Logits(model, part.Rows.Rows, Encoder.Tokenizer.PadId, cancellation: cancellation), Labels);

    private sealed record Part(EntityRows Rows, IReadOnlyList<IReadOnlyList<string>> Tags);
}
