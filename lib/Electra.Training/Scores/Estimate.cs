namespace Electra;

/// <summary>An accuracy or a difference of two, with what rows and seeds leave open in it.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">How far such estimates typically are from the truth, with other rows and other seeds.</param>
/// <param name="DegreesOfFreedom">How well the standard error is known: what Student's t needs; null where nothing varied.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
/// <param name="P">Probability of an estimate at least as far from 0 by chance, two-sided.</param>
public sealed record Estimate(double Value, double StandardError, double? DegreesOfFreedom, double Low, double High, double P)
{
    /// <summary>
    /// The smallest true value that a repetition of the measurement would tell from 0 in <paramref name="power"/> of all cases.
    /// </summary>
    /// <param name="level">The level of the test, such as 0.05 divided by the number of tests: the first step of Holm's procedure.</param>
    /// <param name="power">A share of repetitions.</param>
    /// <returns>Null where nothing varied.</returns>
    public double? Smallest(double level, double power = 0.8) =>
        DegreesOfFreedom is { } freedom ? StudentT.Distance(level, power, freedom) * StandardError : null;
}
