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
    private static readonly double[] Strengths = [1, 4, 16]; // of equally good ones the weakest is taken

    private readonly Dictionary<UInt128, int> _features;
    private readonly float[] _inverse; // ln((1 + N) / (1 + texts with it)) + 1
    private readonly double[][] _weights; // of each class (of two classes: of the second alone): features, bias

    private NgramBaseline(Dictionary<UInt128, int> features, float[] inverse, double[][] weights, double strength)
    {
        (_features, _inverse, _weights, Strength) = (features, inverse, weights, strength);
    }

    /// <summary>How many pieces occur in at least two training rows.</summary>
    public int Features => _features.Count;

    /// <summary>The strength that was best on the dev rows.</summary>
    public double Strength { get; }

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
        var rows = new SparseRows();
        foreach (var review in train)
        {
            rows.Add(Weigh(review.Document, features, inverse));
        }

        LogisticRegression[] problems = [.. Enumerable.Range(0, classes).Skip(classes == 2 ? 1 : 0)
            .Select(label => new LogisticRegression(rows, train.Select(review => review.Label == label)))];
        double[][] weights = [.. problems.Select(_ => new double[features.Count + 1])];
        NgramBaseline? best = null;
        int bestCorrect = -1;
        foreach (double strength in Strengths)
        {
            foreach (var (problem, answer) in problems.Zip(weights))
            {
                problem.Solve(strength, answer, cancellationToken); // from the weaker one's answer on
            }

            var model = new NgramBaseline(features, inverse, [.. weights.Select(answer => (double[])answer.Clone())], strength);
            int correct = dev.Count(review => model.Predict(review.Document) == review.Label);
            if (correct > bestCorrect)
            {
                (best, bestCorrect) = (model, correct);
            }
        }

        return best!;
    }

    /// <summary>The most probable label of a text, the smallest of several equally probable ones.</summary>
    public int Predict(string document) =>
        Logits(document) is var logits && logits is [double second] ? (second > 0 ? 1 : 0) : Array.IndexOf(logits, logits.Max());

    /// <summary>The logit of each class against the others; of two classes that of the second alone.</summary>
    internal double[] Logits(string document)
    {
        var row = new SparseRows();
        row.Add(Weigh(document, _features, _inverse));
        return [.. _weights.Select(weights => row.Dot(0, weights) + weights[^1])];
    }

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
