using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Electra;

/// <summary>
/// Logistic regression over all pieces of one to five characters, weighed by tf-idf: the strongest classifier that we know among those that
/// need no encoder, and what an encoder must beat to be worth its time.
/// </summary>
/// <remarks>
/// A piece counts 1 + ln(its occurrences in the text) times ln((1 + N) / (1 + texts with it)) + 1, N the training texts, and a text's
/// numbers have the length 1. Texts are in lower case, blanks in a row are one; pieces of a single training text are left out. The strength
/// of the fit is chosen on the dev rows. The same rows give the same weights.
/// Source: Wang and Manning, "Baselines and Bigrams", 2012; Joulin et al. 2017 (pieces of words); Manning, Raghavan, Schütze 2008, chapter
/// 6.
/// </remarks>
public sealed partial class NgramBaseline
{
    private const int Longest = 5; // characters: 5 × 16 bits fit into a key
    private static readonly double[] Strengths = [1, 4, 16];

    private readonly Dictionary<UInt128, int> _features;
    private readonly float[] _inverse; // ln((1 + N) / (1 + texts with it)) + 1
    private readonly LinearClassifier _classifier;

    private NgramBaseline(Dictionary<UInt128, int> features, float[] inverse, LinearClassifier classifier) =>
        (_features, _inverse, _classifier) = (features, inverse, classifier);

    /// <summary>How many pieces occur in at least two training rows.</summary>
    public int Features => _features.Count;

    /// <summary>The strength that was best on the dev rows.</summary>
    public double Strength => _classifier.Strength;

    /// <summary>Fits the weights to the training rows.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="dev">Rows to choose the strength on.</param>
    /// <param name="classes">How many classes; labels are 0 to classes - 1.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <exception cref="InputException">There are no training rows.</exception>
    public static NgramBaseline Train(
        IReadOnlyList<Review> train, IReadOnlyList<Review> dev, int classes, CancellationToken cancellationToken = default)
    {
        if (train.Count == 0)
        {
            throw new InputException("There are no training rows to learn pieces of words from; add some.");
        }

        var (features, inverse) = Vocabulary(train);
        var classifier = LinearClassifier.Fit(
            Rows(train), [.. train.Select(review => review.Label)], Rows(dev), [.. dev.Select(review => review.Label)],
            features.Count, classes, Strengths, cancellationToken);
        return new NgramBaseline(features, inverse, classifier);

        SparseRows Rows(IReadOnlyList<Review> reviews) =>
            SparseRows.Of(reviews.Select(review => Weigh(review.Document, features, inverse)));
    }

    /// <summary>The probability of each label of a text.</summary>
    public double[] Probabilities(string document) => _classifier.Probabilities(Row(document), 0);

    /// <summary>The most probable label of a text, the smallest of several equally probable ones.</summary>
    public int Predict(string document) => Probabilities(document) is var shares ? Array.IndexOf(shares, shares.Max()) : 0;

    /// <summary>The logit of each class against the others; of two classes that of the second alone.</summary>
    internal double[] Logits(string document) => _classifier.Logits(Row(document), 0);

    private SparseRows Row(string document) => SparseRows.Of([Weigh(document, _features, _inverse)]);

    // The pieces of at least two texts, numbered in the order in which they first occur.
    private static (Dictionary<UInt128, int> Features, float[] Inverse) Vocabulary(IReadOnlyList<Review> train)
    {
        var seen = new Dictionary<UInt128, (int Texts, int Last)>();
        for (int text = 0; text < train.Count; text++)
        {
            foreach (var piece in Pieces(train[text].Document))
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, piece, out bool exists);
                if (!exists || known.Last != text)
                {
                    known = (known.Texts + 1, text);
                }
            }
        }

        var features = new Dictionary<UInt128, int>();
        var inverse = new List<float>();
        foreach (var (piece, (texts, _)) in seen)
        {
            if (texts > 1)
            {
                features.Add(piece, features.Count);
                inverse.Add((float)(Math.Log((1.0 + train.Count) / (1 + texts)) + 1));
            }
        }

        return (features, [.. inverse]);
    }

    private static IEnumerable<(int Feature, float Value)> Weigh(string document, Dictionary<UInt128, int> features, float[] inverse)
    {
        var counts = new Dictionary<int, int>();
        foreach (var piece in Pieces(document))
        {
            if (features.TryGetValue(piece, out int feature))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, feature, out _)++;
            }
        }

        (int Feature, double Value)[] row = [.. counts.OrderBy(count => count.Key)
            .Select(count => (count.Key, (1 + Math.Log(count.Value)) * inverse[count.Key]))];
        double length = Math.Sqrt(row.Sum(each => each.Value * each.Value));
        return row.Select(each => (each.Feature, (float)(each.Value / length)));
    }

    // Each run of one to five characters, as its UTF-16 units one after the other.
    private static IEnumerable<UInt128> Pieces(string document)
    {
        string text = Blanks().Replace(document.ToLowerInvariant(), " ");
        for (int start = 0; start < text.Length; start++)
        {
            UInt128 piece = 0;
            for (int end = start; end < Math.Min(start + Longest, text.Length); end++)
            {
                piece = (piece << 16) | text[end];
                yield return piece;
            }
        }
    }

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Blanks();
}
