using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Electra;

/// <summary>
/// Logistic regression over all pieces of one to five characters, and over whole words too where that is better on the dev rows, weighed by
/// tf-idf: the strongest classifier that we know among those that need no encoder, and what an encoder must beat to be worth its time.
/// </summary>
/// <remarks>
/// A piece counts 1 + ln(its occurrences in the text) times ln((1 + N) / (1 + texts with it)) + 1, N the training texts, and a text's
/// numbers have the length 1. Texts are in lower case, blanks in a row are one; pieces of a single training text are left out. The strength
/// of the fit is chosen on the dev rows. The same rows give the same weights.
/// Source: Wang and Manning, "Baselines and Bigrams", 2012; Bojanowski et al. 2017 (pieces of words); Manning, Raghavan, Schütze 2008,
/// chapter 6.
/// </remarks>
public sealed partial class NgramBaseline
{
    private const int Longest = 5; // characters
    private static readonly double[] Strengths = [1, 2, 4, 8, 16];

    private readonly Dictionary<string, int> _features;
    private readonly float[] _inverse; // ln((1 + N) / (1 + texts with it)) + 1
    private readonly LinearClassifier _classifier;

    private NgramBaseline(Dictionary<string, int> features, float[] inverse, bool words, LinearClassifier classifier) =>
        (_features, _inverse, HasWords, _classifier) = (features, inverse, words, classifier);

    /// <summary>How many pieces occur in at least two training rows.</summary>
    public int Features => _features.Count;

    /// <summary>Whether whole words are pieces too, as was better on the dev rows.</summary>
    public bool HasWords { get; }

    /// <summary>The strength that was best on the dev rows.</summary>
    public double Strength => _classifier.Strength;

    /// <summary>Fits the weights to the training rows.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="dev">Rows to choose on: the strength, and words or not, of equally good ones characters alone.</param>
    /// <param name="classes">How many classes; labels are 0 to classes - 1.</param>
    /// <param name="onNote">Called with sentences about what was tried on the dev rows.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <exception cref="InputException">There are no training rows.</exception>
    public static NgramBaseline Train(
        IReadOnlyList<Review> train, IReadOnlyList<Review> dev, int classes, Action<string>? onNote = null,
        CancellationToken cancellationToken = default)
    {
        if (train.Count == 0)
        {
            throw new InputException("There are no training rows to learn pieces of words from; add some.");
        }

        int[] labels = [.. train.Select(review => review.Label)], devLabels = [.. dev.Select(review => review.Label)];
        NgramBaseline? best = null;
        foreach (bool words in (bool[])[false, true])
        {
            var (features, inverse) = Vocabulary(train, words, cancellationToken);
            var classifier = LinearClassifier.Fit(
                Rows(train), labels, Rows(dev), devLabels, features.Count, classes, Strengths, cancellationToken);
            string what = words ? "characters or whole words" : "characters";
            onNote?.Invoke($"n-grams: {features.Count:N0} pieces of {what}, strength {classifier.Strength}: {classifier.DevRight:N0} of "
                + $"{dev.Count:N0} dev rows right");
            if (best is null || classifier.DevRight > best._classifier.DevRight)
            {
                best = new NgramBaseline(features, inverse, words, classifier);
            }

            SparseRows Rows(IReadOnlyList<Review> reviews) => SparseRows.Of(reviews.AsParallel().AsOrdered()
                .WithCancellation(cancellationToken).Select(review => Weigh(review.Document, words, features, inverse)));
        }

        return best!;
    }

    /// <summary>The probability of each label of a text.</summary>
    public double[] Probabilities(string document) => _classifier.Probabilities(Row(document), 0);

    /// <summary>The most probable label of a text, the smallest of several equally probable ones.</summary>
    public int Predict(string document) => Probabilities(document) is var shares ? Array.IndexOf(shares, shares.Max()) : 0;

    /// <summary>
    /// The logits of all labels of a text, whose softmax are its <see cref="Probabilities"/>: of each label against the others; of two
    /// labels 0 and that of the second.
    /// </summary>
    public double[] Logits(string document) => _classifier.Logits(Row(document), 0);

    private SparseRows Row(string document) => SparseRows.Of([Weigh(document, HasWords, _features, _inverse)]);

    // The pieces of at least two texts, numbered in the order in which they first occur.
    private static (Dictionary<string, int> Features, float[] Inverse) Vocabulary(
        IReadOnlyList<Review> train, bool words, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, (int Texts, int Last)>();
        for (int text = 0; text < train.Count; text++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (string piece in Pieces(train[text].Document, words))
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, piece, out bool exists);
                if (!exists || known.Last != text)
                {
                    known = (known.Texts + 1, text);
                }
            }
        }

        var features = new Dictionary<string, int>();
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

    private static (int Feature, float Value)[] Weigh(string document, bool words, Dictionary<string, int> features, float[] inverse)
    {
        (int Feature, double Value)[] row = [.. Pieces(document, words)
            .Select(piece => features.GetValueOrDefault(piece, -1)).Where(feature => feature >= 0)
            .CountBy(feature => feature).OrderBy(count => count.Key)
            .Select(count => (count.Key, (1 + Math.Log(count.Value)) * inverse[count.Key]))];
        double length = Math.Sqrt(row.Sum(each => each.Value * each.Value));
        return [.. row.Select(each => (each.Feature, (float)(each.Value / length)))];
    }

    // Each run of one to five characters, and with words each word after two blanks, which no such run has.
    private static IEnumerable<string> Pieces(string document, bool words)
    {
        string text = Blanks().Replace(document.ToLowerInvariant(), " ");
        for (int start = 0; start < text.Length; start++)
        {
            for (int end = start + 1; end <= Math.Min(start + Longest, text.Length); end++)
            {
                yield return text[start..end];
            }
        }

        foreach (string word in words ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [])
        {
            yield return $"  {word}";
        }
    }

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Blanks();
}
