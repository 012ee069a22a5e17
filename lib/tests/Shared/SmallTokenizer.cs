namespace Electra.Tests;

/// <summary>A tokenizer over a handful of pieces, for tests that do not need a real vocabulary.</summary>
internal static class SmallTokenizer
{
    public static string[] Vocabulary { get; } =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "가", "##가", "나", "##나", "영화", "##영화", "##화", "영",
        "a", "##a", "b", "##b", "!", "中", "[", "]", "é", "i\u0307", "\u1112", "##\u1161", "##\u11AB", "😀", "##😀", "=",
    ];

    public static ElectraTokenizer Cased { get; } = Create();

    public static ElectraTokenizer Create(string? settings = """{"do_lower_case": false}""")
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("vocab.txt"), Vocabulary);
        if (settings is not null)
        {
            File.WriteAllText(folder.File("tokenizer_config.json"), settings);
        }

        return ElectraTokenizer.FromFolder(folder.Path);
    }
}
