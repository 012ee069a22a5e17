using System.Globalization;

namespace Electra.Lessons;

/// <summary>Where a lesson finds the project's files, and what it runs on.</summary>
public static class Lesson
{
    /// <summary>The versions that a lesson runs on: no machine, no path.</summary>
    public static Table Versions()
    {
        var versions = Machine.Versions();
        (string Component, string Version)[] rows = [("Electra", versions["electra"]), ("TorchSharp", versions["torchsharp"]),
            ("libtorch", versions["libtorch"]), (".NET", Environment.Version.ToString(2))];
        return Table.Of(rows.Select(row => new { component = row.Component, version = row.Version }));
    }

    /// <summary>The path of something in the project's <c>data</c> folder.</summary>
    /// <param name="parts">Folders and file below <c>data</c>: <c>"reviews", "train.tsv"</c>.</param>
    /// <exception cref="InputException">It is not there.</exception>
    public static string Data(params string[] parts) =>
        Find(["data", .. parts], "it belongs to a clone of the project; restore it with git checkout");

    /// <summary>The folder of the encoder that the project ships, for <c>EncoderSource.Open</c> and <c>Checkpoint.Open</c>.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public static string Encoder() => Find(EncoderSource.Shipped.Split(Path.DirectorySeparatorChar), "this clone ships no encoder; " +
        "fetch one with electra model get monologg/koelectra-small-v3-discriminator and name its folder instead");

    private static string Find(string[] parts, string remedy)
    {
        string relative = string.Join('/', parts);
        string root = ProjectFolder.Find() ?? throw new InputException($"{relative} is looked for in a clone of the project, and this " +
            "notebook is in none; move it below the clone's notebooks folder.");
        string path = Path.Combine([root, .. parts]);
        return Path.Exists(path)
            ? path
            : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{relative} is not there: {remedy}."));
    }
}
