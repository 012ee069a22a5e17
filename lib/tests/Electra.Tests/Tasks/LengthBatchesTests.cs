using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

public class LengthBatchesTests
{
    [Property(MaxTest = 100)]
    public void Each_example_is_in_exactly_one_batch_of_an_epoch(NonNegativeInt[] lengths, PositiveInt batchSize, int seed, int epoch)
    {
        int[] tokens = [.. lengths.SelectMany(length => Enumerable.Repeat(length.Get, 5))];
        int size = 1 + (batchSize.Get % 9);
        foreach (IReadOnlyList<int[]> batches in new[] { LengthBatches.Shuffled(tokens, size, seed, epoch),
            LengthBatches.Sorted(tokens, size) })
        {
            Assert.Equal(Enumerable.Range(0, tokens.Length), batches.SelectMany(batch => batch).Order());
            Assert.Equal((tokens.Length + size - 1) / size, batches.Count);
            Assert.All(batches, batch => Assert.InRange(batch.Length, 1, size));
        }
    }

    [Property(MaxTest = 100)]
    public void A_budget_of_tokens_is_kept_and_every_epoch_has_as_many_batches(NonNegativeInt[] lengths, PositiveInt budget, int seed)
    {
        int[] tokens = [.. lengths.SelectMany(length => Enumerable.Repeat(length.Get, 5))];
        var epochs = Enumerable.Range(0, 3).Select(epoch => LengthBatches.WithinTokens(tokens, budget.Get, seed, epoch)).ToList();
        Assert.All(epochs, batches =>
        {
            Assert.Equal(Enumerable.Range(0, tokens.Length), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.True(batch.Length == 1 || batch.Length * batch.Max(i => tokens[i]) <= budget.Get));
            Assert.Equal(epochs[0].Count, batches.Count);
        });
    }

    [Fact]
    public void A_budget_of_tokens_makes_batches_of_many_short_rows_or_few_long_ones()
    {
        int[] lengths = Skewed(4000);
        var batches = LengthBatches.WithinTokens(lengths, 1024, seed: 1, epoch: 0);
        Assert.InRange(Padded(lengths, batches), lengths.Sum(), lengths.Sum() * 1.1);
        Assert.All(batches.Where(batch => batch.Max(i => lengths[i]) == 128), batch => Assert.Equal(8, batch.Length));
        Assert.Contains(batches, batch => batch.Length > 200);
        string Order(int seed, int epoch) =>
            string.Join(' ', LengthBatches.WithinTokens(lengths, 1024, seed, epoch).SelectMany(batch => batch));
        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.Equal(3, new[] { Order(1, 0), Order(1, 1), Order(2, 0) }.Distinct().Count());
    }

    [Fact]
    public void Batches_of_similar_length_need_little_padding()
    {
        int[] lengths = Skewed(4000);
        long tokens = lengths.Sum(length => (long)length);
        long atRandom = Padded(lengths, Enumerable.Range(0, lengths.Length).Chunk(32));
        long bucketed = Padded(lengths, LengthBatches.Shuffled(lengths, 32, seed: 1, epoch: 0));
        Assert.InRange(bucketed, tokens, tokens * 1.1);
        Assert.True(atRandom > 2 * bucketed, $"{atRandom} padded tokens at random, {bucketed} in batches of similar length.");
        Assert.InRange(Padded(lengths, LengthBatches.Sorted(lengths, 32)), tokens, bucketed);
    }

    [Fact]
    public void The_same_seed_and_epoch_give_the_same_order_and_others_another()
    {
        int[] lengths = Skewed(1000);
        int[] Order(int seed, int epoch) => [.. LengthBatches.Shuffled(lengths, 8, seed, epoch).SelectMany(batch => batch)];
        Assert.Equal(Order(1, 0), Order(1, 0));
        int[][] orders = [Order(1, 0), Order(1, 1), Order(1, 2), Order(2, 0), Order(2, 1), Order(-1, 0)];
        Assert.Equal(orders.Length, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void The_order_stays_the_same_on_every_machine_and_version() =>
        Assert.Equal([[3, 1], [6, 0], [7, 5], [4, 8], [9, 2]],
            LengthBatches.Shuffled([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], 2, seed: 7, epoch: 1));

    [Fact]
    public void Evaluation_begins_with_the_longest()
    {
        int[] lengths = Skewed(500);
        Assert.Equal(lengths.OrderDescending(), LengthBatches.Sorted(lengths, 16).SelectMany(batch => batch).Select(i => lengths[i]));
    }

    /// <summary>Many short examples and few long ones, like reviews: up to 128 tokens, half of them up to 12.</summary>
    private static int[] Skewed(int count)
    {
        var random = new System.Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => Math.Min(128, (int)(3 / Math.Pow(random.NextDouble() + 0.01, 2))))];
    }

    private static long Padded(int[] lengths, IEnumerable<int[]> batches) =>
        batches.Sum(batch => (long)batch.Length * batch.Max(i => lengths[i]));
}
