using FsCheck;
using FsCheck.Fluent;

namespace Electra.Tests;

/// <summary>Texts for properties that hold for every text.</summary>
internal static class DelicateTexts
{
    private static readonly string[] Pieces =
    [
        .. SmallTokenizer.Vocabulary,
        " ", "\t", "\u3000", "\u2028", "\0", "\u00AD", "\u200D", "\uFEFF", "\uFFFD", "\u0085", "\u0301", "\uD83D",
        "\uDE00", "😀", "👩🏽", "𠮷", "İ",
        "\u1112\u1161\u11AB", "[MA\u00ADSK]", "[MAS", "K]", "中", "₩", "\u0378", "\uE000",
        "\U000F0000", "\U0010FFFF", "가가가가가가가가가가", "A", "##",
    ];

    /// <summary>Texts made of fragments that are delicate beside each other, and of any UTF-16 units at all.</summary>
    public static Arbitrary<string> Texts() =>
        Gen.Frequency(
            (6, Gen.Elements(Pieces)),
            (1, Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString())))
        .ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();

    /// <summary>Tags of two types, legal or not.</summary>
    public static string[] Tags(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.GetItems((string[])["O", "B-PS", "I-PS", "I-PS", "B-LC", "I-LC"], 1)[0])];
    }
}
