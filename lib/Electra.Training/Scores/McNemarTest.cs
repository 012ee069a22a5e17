namespace Electra;

/// <summary>McNemar's test of two classifiers on the same test rows: only the rows where one is right and the other wrong tell them apart.</summary>
/// <param name="OnlyFirstRight">Rows that only the first classifier has right.</param>
/// <param name="OnlySecondRight">Rows that only the second classifier has right.</param>
/// <param name="ExactP">
/// Probability of a split at least as uneven by chance: two-sided binomial, at most 1. This is the one to report.
/// </param>
/// <param name="Statistic">Chi-square without continuity correction, (b - c)² / (b + c); 0 when b + c is 0.</param>
/// <param name="P">Its probability, 1 degree of freedom.</param>
/// <param name="CorrectedStatistic">
/// Chi-square with continuity correction, (|b - c| - 1)² / (b + c), also where b equals c; 0 when b + c is 0.
/// </param>
/// <param name="CorrectedP">Its probability, 1 degree of freedom.</param>
public sealed record McNemarTest(
    int OnlyFirstRight, int OnlySecondRight, double ExactP, double Statistic, double P, double CorrectedStatistic, double CorrectedP);
