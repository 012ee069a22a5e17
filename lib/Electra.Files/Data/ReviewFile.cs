using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Electra;

/// <summary>
/// Reads labelled texts in the format of NSMC (github.com/e9t/nsmc): UTF-8, the header <c>id document label</c>, columns separated by
/// tabs, one row a line. Quotation marks are left alone and documents may be empty.
/// </summary>
/// <remarks>
/// Only a line feed ends a line, because reviews contain other separators (U+0085, U+2028). A carriage return before it (Windows) and a
/// byte order mark are skipped: the last column is a number, so neither can belong to a text. A name that ends in .gz means gzip.
/// </remarks>
public static class ReviewFile
{
    private const string Header = "id\tdocument\tlabel";
    private const int LongestLine = 1 << 20; // bytes; whoever has longer ones has no line feeds

    /// <summary>Reads the rows of a file in their order.</summary>
    /// <param name="path">A review file, as text or gzip.</param>
    /// <param name="limit">Read the first rows only, at most so many.</param>
    /// <exception cref="InputException">The file is missing, damaged, or has a malformed row; the message names file and line.</exception>
    public static IReadOnlyList<Review> Read(string path, int? limit = null) => Read(path, limit, hash: null);

    /// <summary>As the public one; adds every byte that was used (uncompressed, byte order mark and line ends too) to the hash.</summary>
    internal static IReadOnlyList<Review> Read(string path, int? limit, IncrementalHash? hash)
    {
        if (limit <= 0)
        {
            throw new InputException($"A limit of {limit} rows leaves nothing of {path}; give a limit of at least 1.");
        }

        var rows = new List<Review>();
        int lines = ReadLines(path, (number, bytes) =>
        {
            if (number - 2 >= limit)
            {
                return; // read to the end nevertheless, which is where gzip keeps its checksum
            }

            hash?.AppendData(bytes.Span);
            string line = Text(bytes.Span, number, path);
            if (number > 1)
            {
                rows.Add(Row(line, number, path));
            }
            else if (line != Header)
            {
                throw new InputException(
                    $"{path}:1 is not the header id, document, label (separated by tabs); add it or choose a review file.");
            }
        });
        return lines > 0 ? rows : throw new InputException($"{path} is empty; a review file begins with the header id, document, label.");
    }

    /// <summary>Goes through the lines of a file, as text or gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">Gets the number of each line, from 1, and its bytes with the line end, which are valid until it returns.</param>
    /// <returns>How many lines there are.</returns>
    internal static int ReadLines(string path, Action<int, ReadOnlyMemory<byte>> use)
    {
        try
        {
            using FileStream file = InputFile.OpenRead(path);
            using Stream text = IsGzip(path) ? new UnpackedStream(file, path) : file;
            int number = 0;
            long length = 0;
            foreach (ReadOnlyMemory<byte> bytes in Lines(text, path))
            {
                number++;
                length += bytes.Length;
                use(number, bytes);
            }

            return !IsGzip(path) || EndsWith(file, (uint)length)
                ? number
                : throw new InputException(
                    $"{path} is not one whole gzip file: it breaks off or something follows; copy or download it again.");
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path} is damaged or not gzip at all; copy or download it again, or take .gz off its name.", e);
        }
        catch (Exception e) when (InputFile.IsFileError(e) || e is ArgumentException)
        {
            throw InputFile.Unreadable(path, e);
        }
    }

    /// <summary>The text of a line, without byte order mark and line end.</summary>
    /// <exception cref="InputException">It is not UTF-8, or has a NUL.</exception>
    internal static string Text(ReadOnlySpan<byte> line, int number, string path)
    {
        if (number == 1 && line.StartsWith(Encoding.UTF8.Preamble))
        {
            line = line[Encoding.UTF8.Preamble.Length..];
        }

        line = line.EndsWith("\n"u8) ? line[..^1] : line;
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (line.Contains((byte)0))
        {
            throw new InputException($"{path}:{number} contains a NUL byte, which no text has; save the file as UTF-8.");
        }

        return InputFile.Decode(line, path, number);
    }

    private static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The lines with their line ends. Each is valid until the next one is asked for.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(Stream stream, string path)
    {
        byte[] buffer = new byte[LongestLine];
        int start = 0;
        int end = 0;
        int number = 1;
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n') + 1;
            if (length > 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length;
                number++;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
            {
                throw new InputException($"{path}:{number} is longer than {LongestLine} bytes; it must have one short text a line.");
            }

            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > 0)
        {
            yield return buffer.AsMemory(0, end);
        }
    }

    private static Review Row(string line, int number, string path)
    {
        string[] columns = line.Split('\t');
        if (columns.Length != 3)
        {
            throw new InputException(
                $"{path}:{number} has {columns.Length} columns instead of 3; a row is id, document and label, separated by single tabs.");
        }

        return int.TryParse(columns[2], NumberStyles.None, CultureInfo.InvariantCulture, out int label)
            ? new Review(columns[0], columns[1], label)
            : throw new InputException(
                $"{path}:{number} has a label that is not 0, 1, 2, ...; write the class as a number counted from 0.");
    }

    /// <summary>
    /// Whether the file ends with the number that ends a gzip file, the length of its content. .NET checks it when it is there, but takes a
    /// file that breaks off for a complete one.
    /// </summary>
    private static bool EndsWith(FileStream file, uint length)
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        file.Seek(-Math.Min(file.Length, trailer.Length), SeekOrigin.End);
        return file.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false) == trailer.Length
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(trailer) == length;
    }
}
