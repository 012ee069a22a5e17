using TorchSharp;

namespace Electra.Lessons.Tests;

public class FrozenReviewsTests
{
    private static readonly EncoderSource Source = EncoderSource.Open(Lesson.Encoder(), []);
    private static readonly ReviewData Data = Some(ReviewData.Open("reviews"));

    [Fact]
    public void Test_reviews_are_read_by_the_encoder_in_their_order_alone_or_padded()
    {
        var (frozen, model) = Freeze();
        Assert.Equal("27, 3", string.Join(", ", new[] { frozen.Train, frozen.Dev }.Select(one => one.Batches.Sum(b => b.Labels.shape[0]))));

        var alone = frozen.Test(rows: 1).Batches;
        Assert.Equal(Data.Test.Select(review => (long)review.Label), alone.Select(one => one.Labels.item<long>()));
        var padded = frozen.Test(rows: 4, length: 64).Batches;
        Assert.Equal([[4, 64, 256], [2, 64, 256]], padded.Select(one => one.Hidden.shape));
        for (int i = 0; i < Data.Test.Count; i++)
        {
            long[] ids = [.. Source.Tokenizer.Encode(Data.Test[i].Document).InputIds];
            var right = model.Encoder.forward(torch.tensor(ids).unsqueeze(0), null, null)[0].detach(); // L × H
            Assert.Equal(ids.Length, padded[i / 4].Mask[i % 4].sum().item<long>());
            foreach (var found in new[] { alone[i].Hidden[0], padded[i / 4].Hidden[i % 4, ..ids.Length] })
            {
                Assert.True((found - right).abs().max().item<float>() < 1e-4, $"review {i}");
            }
        }
    }

    [Fact]
    public void Logits_are_those_of_the_whole_model_and_accuracy_is_the_share_of_right_ones()
    {
        var (frozen, model) = Freeze();
        var test = frozen.Test(rows: 4);
        var logits = test.Logits(model.Head); // N × C
        for (int i = 0; i < Data.Test.Count; i++)
        {
            using var batch = Batch.From([Source.Tokenizer.Encode(Data.Test[i].Document)]);
            var right = model.forward(batch.InputIds, batch.AttentionMask, null).detach(); // 1 × C
            Assert.True((logits[i] - right[0]).abs().max().item<float>() < 1e-4, $"review {i}");
        }

        float[] answers = [.. Data.Test.Select((review, i) => i < 2 ? 1f - review.Label : review.Label)]; // the first two are wrong
        var one = torch.tensor(answers); // N
        Assert.Equal(4 / 6.0, test.Accuracy(torch.stack([1 - one, one], 1)), 1e-9);
    }

    [Fact]
    public void A_head_learns_the_same_each_time_and_the_encoder_nothing()
    {
        var (frozen, model) = Freeze();
        var before = model.Encoder.parameters().Select(one => one.clone()).ToList();
        var (head, epochs) = frozen.TrainHead("fc", HeadVariant.Published, epochs: 12, learningRate: 1e-3);
        var (again, _) = frozen.TrainHead("fc", HeadVariant.Published, epochs: 12, learningRate: 1e-3);
        Assert.Equal(12, epochs.Count);
        Assert.True(epochs[^1].Loss < 0.8 * epochs[0].Loss, $"{epochs[0].Loss} to {epochs[^1].Loss}");
        Assert.Equal(epochs.Max(epoch => epoch.DevScore)!.Value, frozen.Dev.Accuracy(frozen.Dev.Logits(head)), 1e-9);
        Assert.All(head.parameters().Zip(again.parameters()), two => Assert.True(two.First.equal(two.Second).all().item<bool>()));
        Assert.All(before.Zip(model.Encoder.parameters()), two => Assert.True(two.First.equal(two.Second).all().item<bool>()));
    }

    private static (FrozenReviews Frozen, SequenceClassifier Model) Freeze()
    {
        var (model, _) = Source.CreateSequenceClassifier("fc", HeadVariant.Published, ["negative", "positive"], seed: 1);
        model.eval();
        return (new FrozenReviews(new ReviewSplits(Data, Source, maxTokens: 64), model.Encoder), model);
    }

    private static ReviewData Some(ReviewData all) => all with { Train = [.. all.Train.Take(30)], Test = [.. all.Test.Take(6)] };
}
