namespace Electra;

/// <summary>
/// How well entities were found: one is right when its type and both ends are. The same numbers as seqeval in its default mode; ratios of
/// nothing are 0.
/// </summary>
public sealed class EntityMetrics
{
    /// <summary>What the metric is called in records.</summary>
    public const string Name = "f1";

    private readonly IReadOnlyDictionary<(string Truth, string Answer), int> _characters; // how many have a true and a predicted tag

    private EntityMetrics(IReadOnlyList<Counts> sentences, IReadOnlyDictionary<string, Counts> types,
        IReadOnlyDictionary<(string Truth, string Answer), int> characters)
    {
        (Sentences, Types, _characters) = (sentences, types, characters);
        Micro = types.Values.Aggregate(new Counts(0, 0, 0), (sum, counts) => sum + counts);
    }

    /// <summary>The counts of each sentence.</summary>
    public IReadOnlyList<Counts> Sentences { get; }

    /// <summary>The counts of each type that is there or was predicted, in alphabetical order.</summary>
    public IReadOnlyDictionary<string, Counts> Types { get; }

    /// <summary>All types together, every entity counting the same.</summary>
    public Counts Micro { get; }

    /// <summary>Mean precision over the types, each counting the same.</summary>
    public double MacroPrecision => Mean(counts => counts.Precision);

    /// <summary>Mean recall over the types.</summary>
    public double MacroRecall => Mean(counts => counts.Recall);

    /// <summary>Mean F1 over the types.</summary>
    public double MacroF1 => Mean(counts => counts.F1);

    /// <summary>Share of characters with the right tag.</summary>
    public double CharacterAccuracy => _characters.Count == 0
        ? 0
        : _characters.Where(tags => tags.Key.Truth == tags.Key.Answer).Sum(tags => (double)tags.Value)
            / _characters.Sum(tags => (double)tags.Value);

    /// <summary>
    /// For each sentence twice the right entities, and the predicted plus the true ones: over all sentences, the ratio of their sums is F1.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Scores =>
        [.. Sentences.Select(counts => (double[])[2 * counts.Correct, counts.Predicted + counts.Support])];

    /// <summary>The 95 % interval of the F1 over all types, by the bootstrap over sentences.</summary>
    public (double Low, double High) Interval => Statistics.Bootstrap([Scores]);

    /// <summary>As a record has it.</summary>
    /// <param name="labels">The tags that a model can give, in the order of its logits: what <see cref="TestResult.Confusion"/>
    /// counts.</param>
    public TestResult Result(IReadOnlyList<string> labels)
    {
        bool[] correct = [.. Sentences.Select(counts => counts.Correct == counts.Predicted && counts.Correct == counts.Support)];
        var (low, high) = Interval;
        var ids = labels.Index().ToDictionary(label => label.Item, label => label.Index);
        int[][] confusion = [.. labels.Select(_ => new int[labels.Count])];
        foreach (var ((truth, answer), count) in _characters)
        {
            confusion[ids[truth]][ids[answer]] += count;
        }

        return new TestResult
        {
            Metric = new(Name, Micro.F1, correct.Count(right => right), correct.Length, [low, high]),
            Correct = TestResult.Digits(correct),
            Metrics = new Dictionary<string, double>
            {
                ["precision"] = Micro.Precision,
                ["recall"] = Micro.Recall,
                ["macro_f1"] = MacroF1,
                ["character_accuracy"] = CharacterAccuracy,
            },
            Scores = Scores,
            Confusion = confusion,
        };
    }

    /// <summary>Counts.</summary>
    /// <param name="gold">The true tags of each sentence.</param>
    /// <param name="predicted">The predicted ones.</param>
    /// <exception cref="InputException">A sentence has other numbers of tags, or there are other numbers of sentences.</exception>
    public static EntityMetrics Of(IReadOnlyList<IReadOnlyList<string>> gold, IReadOnlyList<IReadOnlyList<string>> predicted)
    {
        if (gold.Count != predicted.Count || gold.Zip(predicted).Any(pair => pair.First.Count != pair.Second.Count))
        {
            throw new InputException("The predicted tags are not for the same characters as the true ones; predict on the same sentences.");
        }

        var types = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        var sentences = new List<Counts>();
        foreach (var (truth, answer) in gold.Zip(predicted))
        {
            var there = EntityTags.Spans(truth);
            var found = EntityTags.Spans(answer);
            var right = there.Intersect(found).ToList();
            sentences.Add(new Counts(right.Count, found.Count, there.Count));
            foreach (var (span, counts) in right.Select(span => (span, new Counts(1, 0, 0)))
                .Concat(found.Select(span => (span, new Counts(0, 1, 0)))).Concat(there.Select(span => (span, new Counts(0, 0, 1)))))
            {
                types[span.Type] = types.TryGetValue(span.Type, out var sum) ? sum + counts : counts;
            }
        }

        return new EntityMetrics(sentences, types, gold.Zip(predicted).SelectMany(pair => pair.First.Zip(pair.Second))
            .CountBy(tags => tags).ToDictionary());
    }

    /// <summary>Those of all sentences, from those of some after another.</summary>
    public static EntityMetrics Of(IReadOnlyList<EntityMetrics> parts) => new(
        [.. parts.SelectMany(part => part.Sentences)],
        new SortedDictionary<string, Counts>(parts.SelectMany(part => part.Types)
            .AggregateBy(type => type.Key, new Counts(0, 0, 0), (sum, type) => sum + type.Value).ToDictionary(), StringComparer.Ordinal),
        parts.SelectMany(part => part._characters).AggregateBy(tags => tags.Key, 0, (sum, tags) => sum + tags.Value).ToDictionary());

    private double Mean(Func<Counts, double> score) => Types.Count == 0 ? 0 : Types.Values.Average(score);

    /// <summary>Entities counted.</summary>
    /// <param name="Correct">Predicted ones that are right.</param>
    /// <param name="Predicted">Predicted ones.</param>
    /// <param name="Support">True ones.</param>
    public sealed record Counts(int Correct, int Predicted, int Support)
    {
        /// <summary>Share of the predicted ones that are right.</summary>
        public double Precision => Predicted == 0 ? 0 : Correct / (double)Predicted;

        /// <summary>Share of the true ones that were found.</summary>
        public double Recall => Support == 0 ? 0 : Correct / (double)Support;

        /// <summary>The harmonic mean of both, 2 · right / (predicted + true).</summary>
        public double F1 => Predicted + Support == 0 ? 0 : 2.0 * Correct / (Predicted + Support);

        /// <summary>Both together.</summary>
        public static Counts operator +(Counts a, Counts b) => new(a.Correct + b.Correct, a.Predicted + b.Predicted, a.Support + b.Support);
    }
}
