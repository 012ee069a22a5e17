namespace Electra;

/// <summary>
/// McNemar's test of two classifiers on the same test rows: only the rows where one is right and the other wrong tell them apart.
/// </summary>
/// <param name="OnlyFirstRight">Rows that only the first classifier has right.</param>
/// <param name="OnlySecondRight">Rows that only the second classifier has right.</param>
/// <param name="ExactP">
/// Probability of a split at least as uneven by chance: two-sided binomial, at most 1.
/// </param>
public sealed record McNemarTest(int OnlyFirstRight, int OnlySecondRight, double ExactP);
