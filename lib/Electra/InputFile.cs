using System.Text;

namespace Electra;

/// <summary>Reads files that a user names; what is wrong with them becomes an <see cref="InputException"/>.</summary>
public static class InputFile
{
    /// <summary>UTF-8 that refuses what is none, and writes no byte order mark.</summary>
    public static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Whether an exception says that a file or folder cannot be read or written; anything else is a mistake in the program.
    /// </summary>
    public static bool IsFileError(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>
    /// Opens a file, or what a link points to. A pipe or a device, which may block or never end, is told by its size, 0: what is empty is
    /// not opened at all.
    /// </summary>
    /// <exception cref="InputException">It is empty, a pipe or a device.</exception>
    /// <exception cref="IOException">The system does not give it, see <see cref="IsFileError"/>.</exception>
    public static FileStream OpenRead(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        InputException.ThrowUnless(!target.Exists || target.Length > 0, $"{path} is empty, a pipe or a device; give a file with content.");
        return File.OpenRead(path);
    }

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is empty, a pipe or a device.</exception>
    public static byte[] ReadBytes(string path) => Read(path, () =>
    {
        using var file = OpenRead(path);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>The text of a UTF-8 file, or of a pipe, without byte order mark.</summary>
    /// <exception cref="InputException">It cannot be read, or is not UTF-8.</exception>
    public static string ReadText(string path) => Decode(Read(path, () => File.ReadAllBytes(path)), path).TrimStart('\uFEFF');

    /// <summary>The text of UTF-8 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="path">The file that they are of.</param>
    /// <param name="line">The line there that they begin with, from 1.</param>
    /// <exception cref="InputException">They are not UTF-8; it names file and line.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string path, int line = 1)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            line += bytes[..Math.Clamp(e.Index, 0, bytes.Length)].Count((byte)'\n');
            throw new InputException($"{path}:{line} is not valid UTF-8; save the file as UTF-8.", e);
        }
    }

    private static byte[] Read(string path, Func<byte[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsFileError(e) || e is ArgumentException or OverflowException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The sentence about a file that the system does not give.</summary>
    public static InputException Unreadable(string path, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? new InputException($"{path} does not exist; check the path.", e)
        : new InputException($"\"{path}\" cannot be read ({e.Message.TrimEnd('.')}); check the path and the file's permissions.", e);
}
