namespace Electra;

/// <summary>
/// Chooses the tokens that the generator has to guess. Source: Clark et al. 2020, section 2 (15 % of the tokens, table 6);
/// google-research/electra,
/// <c>pretrain_helpers.mask</c> (special tokens stay, and 15 % of the chosen ones keep their token, so that the generator cannot rely on
/// [MASK]).
/// </summary>
public static class Masking
{
    /// <summary>Share of the ordinary tokens that is chosen.</summary>
    public const double Share = 0.15;

    /// <summary>Share of the chosen tokens that is not hidden behind [MASK].</summary>
    public const double KeptShare = 0.15;

    /// <summary>Chooses 15 % of each row's ordinary tokens, rounded, at least one, and hides most of them.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="tokenizer">Knows the special tokens, which are never chosen.</param>
    /// <param name="random">Decides which; the same state gives the same masks.</param>
    /// <exception cref="InputException">The vocabulary has no [MASK].</exception>
    public static MaskedRows Apply(TokenRows rows, ElectraTokenizer tokenizer, Random random)
    {
        int mask = tokenizer.MaskId
            ?? throw new InputException("The vocabulary has no [MASK], which pre-training needs; add it to vocab.txt.");
        long[] special = [tokenizer.PadId, tokenizer.ClsId, tokenizer.SepId, mask];
        var positions = new List<long>();
        for (int row = 0; row < rows.Rows; row++)
        {
            int[] ordinary = [.. Enumerable.Range(row * rows.Length, rows.Length).Where(i => !special.Contains(rows.Ids[i]))];
            random.Shuffle(ordinary);
            positions.AddRange(ordinary.Take(Math.Max(1, (int)Math.Round(Share * ordinary.Length))).Order().Select(i => (long)i));
        }

        long[] masked = [.. rows.Ids];
        foreach (long position in positions)
        {
            masked[position] = random.NextDouble() < KeptShare ? masked[position] : mask;
        }

        return new MaskedRows(rows, masked, [.. positions]);
    }
}
