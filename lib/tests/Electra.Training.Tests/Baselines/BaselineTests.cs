namespace Electra.Tests;

public class BaselineTests
{
    private static readonly string[] Good = ["재미있다", "최고의", "감동적인", "훌륭한"];
    private static readonly string[] Bad = ["지루하다", "최악의", "실망스러운", "아까운"];
    private static readonly string[] Odd = ["그저", "그런", "보통의", "무난한"];
    private static readonly string[] Neutral = ["영화", "배우", "연기", "시간", "정말", "이", "그", "너무", "장면", "음악"];

    [Fact]
    public void The_majority_baseline_says_the_most_frequent_label()
    {
        MajorityBaseline baseline = MajorityBaseline.Train([new("1", "a", 2), new("2", "b", 1), new("3", "c", 2)], 3);
        Assert.Equal(2, baseline.Label);
        Assert.Equal(2, baseline.Predict("anything"));
        Assert.Equal([0, 1.0 / 3, 2.0 / 3], baseline.Probabilities("anything"));
        Assert.Equal(0, MajorityBaseline.Train([new("1", "a", 3), new("2", "b", 0)], 4).Label);
        Assert.Throws<InputException>(() => MajorityBaseline.Train([], 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Words_beat_the_majority_label(int classes)
    {
        Review[] rows = Rows(600, classes);
        var bag = BagOfWordsBaseline.Train(rows[..400], rows[400..450], classes, TestContext.Current.CancellationToken);
        var majority = MajorityBaseline.Train(rows[..400], classes);
        Assert.InRange(Accuracy(bag.Predict), 0.95, 1);
        Assert.All(rows[450..], review =>
        {
            double[] probabilities = bag.Probabilities(review.Document);
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            Assert.Equal(bag.Predict(review.Document), Array.IndexOf(probabilities, probabilities.Max()));
        });
        Assert.InRange(Accuracy(majority.Predict), 0, 0.7);
        double Accuracy(Func<string, int> predict) => rows[450..].Average(review => predict(review.Document) == review.Label ? 1.0 : 0);
    }

    [Fact]
    public void Endings_glued_to_a_word_do_not_hide_it()
    {
        Review[] rows = Rows(400, 2);
        var bag = BagOfWordsBaseline.Train(rows[..350], rows[350..], 2, TestContext.Current.CancellationToken);
        Assert.Equal(1, bag.Predict("재미있었어요"));
        Assert.Equal(0, bag.Predict("지루하네요"));
    }

    [Fact]
    public void The_same_rows_give_the_same_predictions()
    {
        Review[] rows = Rows(300, 3);
        BagOfWordsBaseline Train() => BagOfWordsBaseline.Train(rows[..200], rows[200..220], 3, TestContext.Current.CancellationToken);
        (BagOfWordsBaseline first, BagOfWordsBaseline second) = (Train(), Train());
        Assert.Equal((first.Features, first.Penalty), (second.Features, second.Penalty));
        Assert.Equal(rows.Select(review => first.Predict(review.Document)), rows.Select(review => second.Predict(review.Document)));
    }

    [Fact]
    public void Texts_without_a_known_word_are_answered_too()
    {
        var bag = BagOfWordsBaseline.Train([new("1", "", 0), new("2", "", 1), new("3", " \t", 1), new("4", "", 1)], [], 2,
            TestContext.Current.CancellationToken);
        Assert.Equal(0, bag.Features);
        Assert.Equal(1, bag.Predict("🙂 never seen"));
        Assert.Throws<InputException>(() => BagOfWordsBaseline.Train([], [], 2, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Training_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(
            () => BagOfWordsBaseline.Train(Rows(10, 2), [], 2, new CancellationToken(canceled: true)));

    /// <summary>One telling word among neutral ones.</summary>
    private static Review[] Rows(int count, int classes)
    {
        var random = new Random(3);
        string[][] telling = [Bad, Good, Odd];
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                int label = random.Next(classes);
                string[] words = [telling[label][random.Next(4)],
                    .. Enumerable.Range(0, 4).Select(_ => Neutral[random.Next(Neutral.Length)])];
                random.Shuffle(words);
                return new Review($"{i}", string.Join(' ', words), label);
            }),
        ];
    }
}
