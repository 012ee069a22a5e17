namespace Electra;

/// <summary>Reads raw text: UTF-8, one text a line, gzip when the name ends in .gz.</summary>
public static class TextFile
{
    /// <summary>Reads the texts of a file in their order, without blank lines.</summary>
    /// <exception cref="InputException">The file is missing, damaged, not UTF-8, or has no text; the message names file and
    /// line.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string[] texts = [.. Lines(path).Where(text => !string.IsNullOrWhiteSpace(text))];
        return texts.Length > 0 ? texts : throw new InputException($"{path} has no text; give a file with one text a line.");
    }

    /// <summary>The lines of a file in their order, blank ones too, read as they are asked for: for files larger than memory.</summary>
    /// <exception cref="InputException">The file is missing, damaged, or not UTF-8; the message names file and line.</exception>
    public static IEnumerable<string> Lines(string path) =>
        ReviewFile.Lines(path).Select(line => ReviewFile.Text(line.Bytes.Span, line.Number, path));

    /// <summary>The lines of a stream, such as standard input, as they come.</summary>
    /// <param name="stream">UTF-8, one text a line.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InputException">A line is not UTF-8; the message names it.</exception>
    public static IEnumerable<string> Lines(Stream stream, string name) =>
        ReviewFile.Lines(stream, name).Select(line => ReviewFile.Text(line.Bytes.Span, line.Number, name));
}
