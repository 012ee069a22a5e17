namespace Electra;

/// <summary>
/// Logistic regression over the words of a text and their pairs of characters, present or absent: what a classifier must beat to have
/// learnt more than which words are good and bad.
/// </summary>
/// <remarks>
/// Korean glues particles and endings to words, so words alone are too rare; pairs of neighbouring syllables inside a word, its
/// beginning and end included, take the place of stems. Features of a single training row are dropped. The weights minimize the log loss
/// with an L2 penalty that is chosen on the dev rows; the same rows give the same weights, whatever the seed of a run.
/// </remarks>
public sealed class BagOfWordsBaseline
{
    private const int Epochs = 5;
    private const double LearningRate = 0.05; // AdaGrad's, of its first steps
    private static readonly double[] Penalties = [16, 4, 1]; // of equally good ones the strongest is taken

    private readonly Dictionary<string, int> _features;
    private readonly int _classes;
    private readonly double[] _weights; // features × C, and C for the bias

    private BagOfWordsBaseline(Dictionary<string, int> features, int classes, double[] weights, double penalty)
    {
        _features = features;
        _classes = classes;
        _weights = weights;
        Penalty = penalty;
    }

    /// <summary>How many features occur in at least two training rows.</summary>
    public int Features => _features.Count;

    /// <summary>The L2 penalty that was best on the dev rows.</summary>
    public double Penalty { get; }

    /// <summary>Fits the weights to the training rows.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="dev">Rows to choose the penalty on.</param>
    /// <param name="classes">How many classes; labels are 0 to classes - 1.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <exception cref="InputException">There are no training rows.</exception>
    public static BagOfWordsBaseline Train(
        IReadOnlyList<Review> train, IReadOnlyList<Review> dev, int classes, CancellationToken cancellationToken = default)
    {
        if (train.Count == 0)
        {
            throw new InputException("There are no training rows to learn words from; add some.");
        }

        Dictionary<string, int> features = Vocabulary(train);
        int[][] rows = [.. train.Select(review => Known(review.Document, features))];
        int[][] devRows = [.. dev.Select(review => Known(review.Document, features))];
        BagOfWordsBaseline? best = null;
        int bestCorrect = -1;
        foreach (double penalty in Penalties)
        {
            var model = new BagOfWordsBaseline(features, classes,
                Fit(rows, train, features.Count, classes, penalty, cancellationToken), penalty);
            int correct = devRows.Zip(dev).Count(pair => model.Predict(pair.First) == pair.Second.Label);
            if (correct > bestCorrect)
            {
                (best, bestCorrect) = (model, correct);
            }
        }

        return best!;
    }

    /// <summary>The most probable label of a text, the smallest of several equally probable ones.</summary>
    public int Predict(string document) => Predict(Known(document, _features));

    /// <summary>The probability of each label of a text.</summary>
    public double[] Probabilities(string document) => LinearClassifier.Softmax(LogitsOf(Known(document, _features)));

    private int Predict(int[] row) => LogitsOf(row) is var logits ? Array.IndexOf(logits, logits.Max()) : 0;

    private double[] LogitsOf(int[] row)
    {
        double[] logits = new double[_classes];
        Logits(row, _weights, logits);
        return logits;
    }

    /// <summary>
    /// AdaGrad (Duchi, Hazan, Singer, 2011) on the sum of the rows' log losses plus penalty / 2 · |w|². The penalty of a feature's weights
    /// is shared out among the rows that have the feature, so a row touches its own features only. The bias has no penalty.
    /// </summary>
    private static double[] Fit(
        int[][] rows, IReadOnlyList<Review> reviews, int features, int classes, double penalty, CancellationToken cancellationToken)
    {
        double[] share = new double[features];
        foreach (int feature in rows.SelectMany(row => row))
        {
            share[feature]++;
        }

        for (int i = 0; i < features; i++)
        {
            share[i] = penalty / share[i];
        }

        double[] weights = new double[(features + 1) * classes];
        double[] squares = new double[weights.Length]; // sums of squared gradients
        double[] logits = new double[classes];
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        var random = new Random(1);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle(order);
            foreach (int r in order)
            {
                Logits(rows[r], weights, logits);
                double max = logits.Max();
                double sum = logits.Sum(logit => Math.Exp(logit - max));
                for (int c = 0; c < classes; c++)
                {
                    double error = (Math.Exp(logits[c] - max) / sum) - (c == reviews[r].Label ? 1 : 0);
                    Step(weights, squares, (features * classes) + c, error);
                    foreach (int feature in rows[r])
                    {
                        int i = (feature * classes) + c;
                        Step(weights, squares, i, error + (share[feature] * weights[i]));
                    }
                }
            }
        }

        return weights;
    }

    private static void Step(double[] weights, double[] squares, int i, double gradient)
    {
        squares[i] += gradient * gradient;
        weights[i] -= gradient == 0 ? 0 : LearningRate * gradient / Math.Sqrt(squares[i]);
    }

    private static void Logits(int[] row, double[] weights, double[] logits)
    {
        weights.AsSpan(weights.Length - logits.Length).CopyTo(logits); // the bias
        foreach (int feature in row)
        {
            for (int c = 0; c < logits.Length; c++)
            {
                logits[c] += weights[(feature * logits.Length) + c];
            }
        }
    }

    private static Dictionary<string, int> Vocabulary(IReadOnlyList<Review> train)
    {
        var rows = new Dictionary<string, int>(); // in how many rows a feature occurs
        foreach (Review review in train)
        {
            foreach (string feature in FeaturesOf(review.Document))
            {
                rows[feature] = rows.GetValueOrDefault(feature) + 1;
            }
        }

        return rows.Where(count => count.Value > 1).Select(count => count.Key).Order(StringComparer.Ordinal).Index()
            .ToDictionary(feature => feature.Item, feature => feature.Index);
    }

    private static int[] Known(string document, Dictionary<string, int> features) =>
        [.. FeaturesOf(document).Select(feature => features.GetValueOrDefault(feature, -1)).Where(feature => feature >= 0).Order()];

    /// <summary>Each word between two blanks, and each pair of characters of that: for 재미 " 재미 ", " 재", "재미", "미 ".</summary>
    private static HashSet<string> FeaturesOf(string document)
    {
        var features = new HashSet<string>();
        foreach (string word in document.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string between = $" {word} ";
            features.Add(between);
            for (int i = 0; i + 2 <= between.Length; i++)
            {
                features.Add(between.Substring(i, 2));
            }
        }

        return features;
    }
}
