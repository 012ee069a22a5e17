namespace Electra;

/// <summary>A batch with tokens to guess.</summary>
/// <param name="Rows">The batch as it was.</param>
/// <param name="Ids">The batch with [MASK] in most of the chosen places (B · L).</param>
/// <param name="Positions">The chosen places, as row · L + column, ascending (N).</param>
public sealed record MaskedRows(TokenRows Rows, long[] Ids, long[] Positions);
