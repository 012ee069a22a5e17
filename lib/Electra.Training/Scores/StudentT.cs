namespace Electra;

/// <summary>Student's t distribution.</summary>
/// <remarks>NIST Digital Library of Mathematical Functions (dlmf.nist.gov): 8.17.5, 8.17.22 and 5.11.1.</remarks>
internal static class StudentT
{
    private const double Precise = 1e-15;

    /// <summary>Probability that |T| exceeds |t|.</summary>
    /// <param name="t">The value.</param>
    /// <param name="freedom">Degrees of freedom, above 0, not necessarily whole.</param>
    public static double TwoSided(double t, double freedom) =>
        BetaRatio(freedom / 2, 0.5, freedom / (freedom + (t * t)), t * t / (freedom + (t * t)));

    /// <summary>The t that |T| exceeds with the given probability, above 0 and at most 1.</summary>
    public static double Quantile(double twoSided, double freedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(twoSided);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(twoSided, 1);
        double atZero = Math.Exp(LogGamma((freedom + 1) / 2) - LogGamma(freedom / 2)) / Math.Sqrt(freedom * Math.PI); // the density's
        double t = 0;
        double step;
        do
        {
            // Newton from the left; the tail is convex and falling, so each step falls short of the root and none overshoots.
            double density = atZero * Math.Exp(-(freedom + 1) / 2 * double.LogP1(t * t / freedom));
            step = (TwoSided(t, freedom) - twoSided) / (2 * density);
            t += step;
        }
        while (step > 1e-14 * t);
        return t;
    }

    /// <summary>
    /// The distance between the true difference and 0, in standard errors, at which a two-sided t test is positive with the given
    /// probability (the parameter of the noncentral t distribution).
    /// </summary>
    /// <param name="level">The test's level.</param>
    /// <param name="power">How often it is to be positive.</param>
    /// <param name="freedom">Degrees of freedom.</param>
    public static double Distance(double level, double power, double freedom)
    {
        // Given s, the estimated over the true standard error, the test is positive with probability Φ(distance - critical · s); s² · df is
        // chi-square.
        const int Points = 400;
        double critical = Quantile(level, freedom);
        double half = 10 / Math.Sqrt(2 * freedom);
        double[] s = [.. Enumerable.Range(1, Points - 1)
            .Select(i => Math.Max(0, 1 - half) + ((1 + half - Math.Max(0, 1 - half)) * i / Points))];
        double[] weights = [.. s.Select(x => Math.Exp(((freedom - 1) * Math.Log(x)) - (freedom * ((x * x) - 1) / 2)))];
        double all = weights.Sum();
        double low = 0;
        double high = 2 * critical + 10;
        while (high - low > 1e-9 * high)
        {
            double distance = (low + high) / 2;
            double positive = s.Zip(weights, (x, weight) => weight * Normal(distance - (critical * x))).Sum() / all;
            (low, high) = positive < power ? (distance, high) : (low, distance);
        }

        return high;
    }

    private static double Normal(double z) => z < 0 ? Erfc(-z / Math.Sqrt(2)) / 2 : 1 - (Erfc(z / Math.Sqrt(2)) / 2);

    // The regularized incomplete beta function I_x(a, b); y is 1 - x, given apart because it may be far smaller than x.
    private static double BetaRatio(double a, double b, double x, double y)
    {
        if (x == 0 || y == 0)
        {
            return x == 0 ? 0 : 1;
        }

        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - BetaRatio(b, a, y, x); // the fraction converges fast on this side only
        }

        // Lentz's method for the continued fraction 1 + d1 / (1 + d2 / (1 + …)).
        double fraction = 1;
        double c = 1;
        double d = 0;
        double change = 0;
        for (int i = 1; Math.Abs(change - 1) > Precise; i++)
        {
            int m = i / 2;
            double coefficient = (i % 2 == 0 ? m * (b - m) : -(a + m) * (a + b + m)) * x / ((a + i - 1) * (a + i));
            d = 1 / (1 + (coefficient * d));
            c = 1 + (coefficient / c);
            change = c * d;
            fraction *= change;
        }

        double front = (a * Math.Log(x)) + (b * Math.Log(y)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b);
        return Math.Exp(front) / fraction / a;
    }

    // Stirling's series, which is exact to 1e-16 from 15 on; smaller arguments come from Γ(x) = Γ(x + 1) / x.
    private static double LogGamma(double x)
    {
        double product = 1;
        for (; x < 15; x++)
        {
            product *= x;
        }

        double square = 1 / (x * x);
        double series = (1 / 12.0) - (square * ((1 / 360.0) - (square * ((1 / 1260.0) - (square * ((1 / 1680.0) - (square / 1188)))))));
        return ((x - 0.5) * Math.Log(x)) - x + (Math.Log(2 * Math.PI) / 2) + (series / x) - Math.Log(product);
    }

    /// <summary>The complementary error function for x of 0 or more, relative error below about 1e-13.</summary>
    /// <remarks>
    /// NIST Digital Library of Mathematical Functions (dlmf.nist.gov): 7.6.2, a series of positive terms, below 2, and 7.9.1, a continued
    /// fraction, above.
    /// </remarks>
    private static double Erfc(double x)
    {
        if (x < 2)
        {
            double term = x;
            double sum = 0;
            for (int n = 0; term > sum * 1e-17; n++)
            {
                sum += term;
                term *= 2 * x * x / ((2 * n) + 3);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
        }

        double fraction = x;
        for (int n = 200; n > 0; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
