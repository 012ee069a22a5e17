namespace Electra;

/// <summary>
/// Random numbers that depend on nothing but a seed, a purpose and a number, so that step 1000 has the same ones after an interruption.
/// </summary>
internal static class SeededRandom
{
    public const int Order = 1;
    public const int Masks = 2;
    public const int HeldOutMasks = 3;

    /// <summary>The generator for one purpose; .NET keeps the numbers of a seeded <see cref="Random"/> the same across versions.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">One of the constants above.</param>
    /// <param name="number">The step, or the pass through the texts.</param>
    public static Random For(int seed, int purpose, long number)
    {
        ulong mixed = Mix(Mix(Mix((uint)seed) + (ulong)purpose) + (ulong)number);
        return new Random((int)(mixed & int.MaxValue));
    }

    // Steele, Lea and Flood 2014 (SplitMix64): neighbouring numbers become unrelated ones.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
