using System.Text;

namespace Electra.Tests;

/// <summary>What a fault of a disk, a broken connection, a careless hand or someone hostile makes of a file; drawn by a seed.</summary>
internal static class Damage
{
    // What may stand in a text in place of a number or a word.
    private static readonly string[] Wild =
    [
        "0", "-1", "2", "7", "65536", "2147483647", "2147483648", "-9223372036854775809", "1e999", "-0.5", "12345678901234567890123",
        "NaN", "null", "true", "[]", "{}", "\"\"", "\"x\"", "[[[[[[[[", "\\ud800", "\\u0000", "\t", "\n", "\r\n\r\n", "\0", "\uFEFF",
        "\u001B]52;c;eA==\a", "\u202E", "😀", "한", new('9', 400), new('[', 3000),
    ];

    /// <summary>Some bytes changed, left out, put in or repeated; a number or a word replaced; or the end cut off.</summary>
    public static byte[] Of(Random random, ReadOnlySpan<byte> sound)
    {
        List<byte> bytes = [.. sound];
        for (int changes = random.Next(2) == 0 ? 1 : random.Next(2, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 20)));
                    break;
                case 2:
                    bytes.InsertRange(at, Noise(random));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 200))));
                    break;
                case 4 when random.Next(3) == 0: // rarer: what is cut off hides all other damage
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    Replace(random, bytes, at);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Some random bytes, or none.</summary>
    public static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(3) switch { 0 => 0, 1 => random.Next(20), _ => random.Next(2_000) }];
        random.NextBytes(noise);
        return noise;
    }

    // The number or word that begins at or after a place, where there is one nearby.
    private static void Replace(Random random, List<byte> bytes, int at)
    {
        int near = Math.Min(bytes.Count, at + 64);
        while (at < near && !IsWord(bytes[at]))
        {
            at++;
        }

        int end = at;
        while (end < near && IsWord(bytes[end]))
        {
            end++;
        }

        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Wild[random.Next(Wild.Length)]));
    }

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'.' or (byte)'-' or (byte)'_';
}
