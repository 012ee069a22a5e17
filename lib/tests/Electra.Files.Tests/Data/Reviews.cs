using System.IO.Compression;

namespace Electra.Tests;

/// <summary>Review files for tests.</summary>
internal static class Reviews
{
    public static void Write(string path, IEnumerable<Review> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : file;
        using var text = new StreamWriter(stream) { NewLine = "\n" };
        text.WriteLine("id\tdocument\tlabel");
        foreach (var row in rows)
        {
            text.WriteLine($"{row.Id}\t{row.Document}\t{row.Label}");
        }
    }
}
