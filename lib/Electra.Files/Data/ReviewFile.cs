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

    /// <summary>The rows of a file in their order, read as they are asked for and not kept: for files larger than memory.</summary>
    /// <param name="path">A review file, as text or gzip.</param>
    /// <inheritdoc cref="Read(string, int?)" path="/exception"/>
    public static IEnumerable<Review> Rows(string path) => Rows(path, limit: null, hash: null);

    /// <summary>As the public one; adds every byte that was used (uncompressed, byte order mark and line ends too) to the hash.</summary>
    internal static IReadOnlyList<Review> Read(string path, int? limit, IncrementalHash? hash) => limit > 0 || limit is null
        ? [.. Rows(path, limit, hash)]
        : throw new InputException($"A limit of {limit} rows leaves nothing of {path}; give a limit of at least 1.");

    private static IEnumerable<Review> Rows(string path, int? limit, IncrementalHash? hash)
    {
        int lines = 0;
        foreach (var (number, bytes) in Lines(path))
        {
            lines = number;
            if (number - 2 >= limit)
            {
                continue; // read to the end nevertheless, which is where gzip keeps its checksum
            }

            hash?.AppendData(bytes.Span);
            string line = Text(bytes.Span, number, path);
            if (number > 1)
            {
                yield return Row(line, number, path);
            }
            else if (line != Header)
            {
                throw new InputException(
                    $"{path}:1 is not the header id, document, label (separated by tabs); add it or choose a review file.");
            }
        }

        if (lines == 0)
        {
            throw new InputException($"{path} is empty; a review file begins with the header id, document, label.");
        }
    }

    /// <summary>The lines of a file, as text or gzip, read as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The number of each line, from 1, and its bytes with the line end, valid until the next is asked for.</returns>
    internal static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Lines(string path)
    {
        using FileStream file = Guarded(path, () => InputFile.OpenRead(path));
        using Stream text = IsGzip(path) ? new UnpackedStream(file, path) : file;
        long length = 0;
        foreach (var line in Lines(text, path))
        {
            length += line.Bytes.Length;
            yield return line;
        }

        if (IsGzip(path) && !Guarded(path, () => EndsWith(file, (uint)length)))
        {
            throw new InputException(
                $"{path} is not one whole gzip file: it breaks off or something follows; copy or download it again.");
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

    /// <summary>The lines of a stream, as those of a file; read as they come.</summary>
    /// <param name="stream">Bytes of text.</param>
    /// <param name="name">What messages call it.</param>
    internal static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Lines(Stream stream, string name)
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
                yield return (number, buffer.AsMemory(start, length));
                start += length;
                number++;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
            {
                throw new InputException($"{name}:{number} is longer than {LongestLine} bytes; it must have one short text a line.");
            }

            int read = Guarded(name, () => stream.Read(buffer, end, buffer.Length - end));
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > 0)
        {
            yield return (number, buffer.AsMemory(0, end));
        }
    }

    // Around what touches the file alone: what is done with its lines has errors of its own.
    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
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
