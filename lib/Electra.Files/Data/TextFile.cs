namespace Electra;

/// <summary>Reads raw text: UTF-8, one text a line, gzip when the name ends in .gz.</summary>
public static class TextFile
{
    /// <summary>Reads the texts of a file in their order, without blank lines.</summary>
    /// <exception cref="InputException">The file is missing, damaged, not UTF-8, or has no text; the message names file and
    /// line.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var texts = new List<string>();
        ReviewFile.ReadLines(path, (number, bytes) =>
        {
            string text = ReviewFile.Text(bytes.Span, number, path);
            if (!string.IsNullOrWhiteSpace(text))
            {
                texts.Add(text);
            }
        });
        return texts.Count > 0 ? texts : throw new InputException($"{path} has no text; give a file with one text a line.");
    }
}
