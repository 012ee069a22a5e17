namespace Electra.Tests;

public class NgramBaselineTests
{
    // Two words of the same runs of up to five characters, each run as often in the one as in the other.
    private const string One = "라마바사가라마바사다라마바사", Other = "라마바사다라마바사가라마바사";

    private static readonly string[] Texts =
        ["재미있다 정말", "재미없다  정말", "정말 재미있어요", "지루하다", "지루해요 AB", "ab 재미있다", "하하하하하하", "하하 지루", $"정말 {One} AB", Other, One, Other];
    private static readonly int[] Labels = [1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0];

    private static Review[] Train { get; } = [.. Texts.Zip(Labels).Select((row, i) => new Review($"{i}", row.First, row.Second))];

    /// <summary>Features and weights once more, dense and by Newton's method, from the formulas in the baseline's description.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_are_those_of_tf_idf_and_of_the_problems_only_answer(bool words)
    {
        Review[] dev = words ? [new("1", One, 1), new("2", Other, 0)] : [];
        var baseline = NgramBaseline.Train(Train, dev, 2, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(words, baseline.HasWords);
        string[] pieces = [.. Texts.SelectMany(text => Pieces(text).Distinct()).GroupBy(piece => piece)
            .Where(texts => texts.Count() > 1).Select(texts => texts.Key)];
        Assert.Equal(pieces.Length, baseline.Features);
        double[][] rows = [.. Texts.Select(Row)];
        double[] weights = Newton(rows, [.. Labels.Select(label => (label * 2.0) - 1)], baseline.Strength);
        foreach (string text in (string[])[.. Texts, "정말 지루했다", "ab AB", "🙂", ""])
        {
            double expected = Row(text).Zip(weights, (x, w) => x * w).Sum() + weights[^1];
            double[] logits = baseline.Logits(text);
            Assert.Equal((2, 0), (logits.Length, logits[0]));
            Assert.Equal(expected, logits[1], 1e-3);
            Assert.Equal(expected > 0 ? 1 : 0, baseline.Predict(text));
        }

        double[] Row(string text)
        {
            double[] row = [.. pieces.Select(piece => (Count: Pieces(text).Count(each => each == piece), piece))
                .Select(each => each.Count == 0
                ? 0
                : (1 + Math.Log(each.Count))
                    * (Math.Log((1.0 + Texts.Length) / (1 + Texts.Count(other => Pieces(other).Contains(each.piece)))) + 1))];
            double length = Math.Sqrt(row.Sum(value => value * value));
            return [.. row.Select(value => length == 0 ? 0 : value / length)];
        }

        string[] Pieces(string text)
        {
            string lower = text.ToLowerInvariant().Replace("  ", " ", StringComparison.Ordinal);
            return [.. from start in Enumerable.Range(0, lower.Length)
                       from size in Enumerable.Range(1, 5)
                       where start + size <= lower.Length
                       select lower.Substring(start, size),
                .. lower.Split(' ').Where(word => words && word != "").Select(word => $"word: {word}")];
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Labels_are_learnt_of_words_that_endings_are_glued_to(int classes)
    {
        string[] stems = ["지루하", "재미있", "그저그렇"];
        string[] endings = ["다", "네요", "었어요", "지만"];
        Review[] rows = [.. Enumerable.Range(0, 300).Select(i =>
            new Review($"{i}", $"영화 {stems[i % classes]}{endings[i / 7 % 4]} 배우 {i % 5}", i % classes))];
        var baseline = NgramBaseline.Train(rows[..200], rows[200..230], classes,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(rows[230..], row => Assert.Equal(row.Label, baseline.Predict(row.Document)));
        Assert.All(stems.Take(classes).Select((stem, label) => (stem, label)),
            each => Assert.Equal(each.label, baseline.Predict($"{each.stem}군")));
    }

    [Fact]
    public void Words_are_pieces_where_that_is_better_on_the_dev_rows_and_notes_say_what_was_tried()
    {
        Review[] rows = [.. Enumerable.Range(0, 20).Select(i => new Review($"{i}", i % 2 == 1 ? One : Other, i % 2))];
        var notes = new List<string>();
        var token = TestContext.Current.CancellationToken;
        var baseline = NgramBaseline.Train(rows[..10], rows[10..], 2, notes.Add, token);
        Assert.True(baseline.HasWords);
        Assert.All(rows, row => Assert.Equal(row.Label, baseline.Predict(row.Document)));
        Assert.Collection(notes,
            note => Assert.EndsWith(": 5 of 10 dev rows right", note, StringComparison.Ordinal),
            note => Assert.EndsWith(": 10 of 10 dev rows right", note, StringComparison.Ordinal));

        // Here both answer everything right.
        Review[] easy = [.. rows.Select(row => row with { Document = row.Label == 1 ? "좋다" : "싫다" })];
        Assert.False(NgramBaseline.Train(easy[..10], easy[10..], 2, null, token).HasWords);
    }

    [Fact]
    public void Rows_without_a_known_piece_and_no_rows_at_all_are_answered()
    {
        var token = TestContext.Current.CancellationToken;
        var baseline = NgramBaseline.Train([new("1", "", 0), new("2", "", 1), new("3", "가", 1)], [], 2, null, token);
        Assert.Equal(0, baseline.Features);
        Assert.Equal(1, baseline.Predict("🙂 never seen"));
        Assert.Throws<InputException>(() => NgramBaseline.Train([], [], 2, null, token));
        Assert.Throws<OperationCanceledException>(() => NgramBaseline.Train(Train, [], 2, null, new CancellationToken(canceled: true)));
    }

    // |w|² / 2 + strength · Σ log(1 + exp(−y · (x·w + b))); the last weight is the bias, which has no penalty.
    private static double[] Newton(double[][] rows, double[] targets, double strength)
    {
        int size = rows[0].Length + 1;
        double[] weights = new double[size];
        for (int step = 0; step < 50; step++)
        {
            double[,] equations = new double[size, size + 1]; // second derivatives | first ones
            for (int k = 0; k < size - 1; k++)
            {
                (equations[k, k], equations[k, size]) = (1, weights[k]);
            }

            foreach (var (row, target) in rows.Zip(targets))
            {
                double[] x = [.. row, 1];
                double share = 1 / (1 + Math.Exp(target * x.Zip(weights, (a, b) => a * b).Sum()));
                for (int i = 0; i < size; i++)
                {
                    equations[i, size] -= strength * target * share * x[i];
                    for (int k = 0; k < size; k++)
                    {
                        equations[i, k] += strength * share * (1 - share) * x[i] * x[k];
                    }
                }
            }

            for (int i = 0; i < size; i++) // Gauss and Jordan; the matrix is positive definite
            {
                double pivot = equations[i, i];
                for (int k = i; k <= size; k++)
                {
                    equations[i, k] /= pivot;
                }

                for (int other = 0; other < size; other++)
                {
                    double factor = other == i ? 0 : equations[other, i];
                    for (int k = i; k <= size && factor != 0; k++)
                    {
                        equations[other, k] -= factor * equations[i, k];
                    }
                }
            }

            for (int k = 0; k < size; k++)
            {
                weights[k] -= equations[k, size];
            }
        }

        return weights;
    }
}
