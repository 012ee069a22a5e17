using static TorchSharp.torch;

namespace Electra;

/// <summary>Asks this machine which of two ways to compute something is faster.</summary>
internal static class Probe
{
    private const int Rounds = 8; // counted, not timed: on a busy machine the first may take longer than all others together

    /// <summary>Whether one way is as much faster as is asked, by the best rates, since another program may disturb the others.</summary>
    /// <param name="factor">How much faster it must be.</param>
    /// <param name="rate">The rate of one way, then of the other, with one thread: two would wait for each other on a busy machine.</param>
    public static bool IsFaster(double factor, Func<bool, double> rate)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            double one = 0, other = 0;
            for (int round = 0; round < Rounds; round++)
            {
                other = Math.Max(other, rate(false));
                one = Math.Max(one, rate(true));
            }

            return one >= factor * other;
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
