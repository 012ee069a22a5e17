namespace Electra;

/// <summary>
/// Puts examples of similar length into one batch. A batch is padded to its own longest row, so this saves most of the padding.
/// </summary>
public static class LengthBatches
{
    private const int BatchesPerPool = 50; // more would pad less, but leave less to chance

    /// <summary>
    /// The batches of one epoch of training: all examples shuffled, cut into pools of 50 batches, each pool sorted by length and cut into
    /// batches, and the batches shuffled. The same seed and epoch give the same batches (.NET keeps the numbers of a seeded
    /// <see cref="Random"/> the same across versions), another epoch gives others.
    /// </summary>
    /// <param name="lengths">Length of each example, in tokens.</param>
    /// <param name="batchSize">Examples a batch; one batch may be smaller.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <returns>Positions in <paramref name="lengths"/>, each exactly once.</returns>
    public static IReadOnlyList<int[]> Shuffled(IReadOnlyList<int> lengths, int batchSize, int seed, int epoch)
    {
        var random = RandomOf(seed, epoch);
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(order);
        int[][] batches =
        [
            .. order.Chunk(checked(batchSize * BatchesPerPool)).SelectMany(pool => pool.OrderBy(i => lengths[i]).Chunk(batchSize)),
        ];
        random.Shuffle(batches);
        return batches;
    }

    /// <summary>
    /// The batches of one epoch of training, each with as many rows as a budget of padded tokens holds, many short ones or few long
    /// ones: all examples sorted by length, those of one length in another order in each epoch, cut into batches, and the batches
    /// shuffled. The lengths alone decide how many batches there are.
    /// </summary>
    /// <param name="lengths">Length of each example, in tokens.</param>
    /// <param name="batchTokens">The most padded tokens of a batch: its rows times its longest. A longer row is a batch by itself.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <returns>Positions in <paramref name="lengths"/>, each exactly once.</returns>
    public static IReadOnlyList<int[]> WithinTokens(IReadOnlyList<int> lengths, int batchTokens, int seed, int epoch)
    {
        var random = RandomOf(seed, epoch);
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(order);
        order = [.. order.OrderByDescending(i => lengths[i])];
        var batches = new List<int[]>();
        for (int begin = 0; begin < order.Length; begin += batches[^1].Length)
        {
            int rows = Math.Max(1, batchTokens / Math.Max(1, lengths[order[begin]])); // the first is the longest
            batches.Add(order[begin..Math.Min(order.Length, begin + rows)]);
        }

        int[][] shuffled = [.. batches];
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Batches for evaluation: by length, the longest first, so that what does not fit into memory fails at once.</summary>
    /// <inheritdoc cref="Shuffled" path="/param"/>
    /// <inheritdoc cref="Shuffled" path="/returns"/>
    public static IReadOnlyList<int[]> Sorted(IReadOnlyList<int> lengths, int batchSize) =>
        [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).Chunk(batchSize)];

    // A prime, so that seeds and epochs rarely meet; without the sign, which Random ignores.
    private static Random RandomOf(int seed, int epoch) => new(unchecked((seed * 1_000_003) + epoch) & int.MaxValue);
}
