namespace Electra;

/// <summary>
/// Writes files beside their place and renames them, so that a reader sees the old file or the whole new one, never half of it.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">Where the file goes; missing folders are made, an existing file is replaced.</param>
    /// <param name="write">
    /// Writes the content. When it throws, nothing is left behind and an existing file stays as it was. A full disk does not interrupt it:
    /// what it computes on the way is not lost, and the error follows at its end.
    /// </param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        string beside = $"{target}.{Environment.ProcessId}.tmp";
        bool writing = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                writing = true;
                var patient = new PatientStream(stream);
                write(patient);
                patient.Flush();
                patient.ThrowIfFailed();
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{path} cannot be written ({e.Message.TrimEnd('.')}); choose another folder or free some space.", e);
        }
        finally
        {
            if (writing)
            {
                File.Delete(beside); // is not there after the renaming
            }
        }
    }

    /// <summary>Deletes what processes that were killed while they wrote a file have left beside it. Nobody may be writing it.</summary>
    /// <param name="path">Where the file goes.</param>
    public static void Sweep(string path)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!;
        foreach (string left in (Directory.Exists(folder) ? Directory.GetFiles(folder, $"{Path.GetFileName(target)}.*.tmp") : [])
            .Where(left => left[(target.Length + 1)..^".tmp".Length].All(char.IsAsciiDigit)))
        {
            File.Delete(left);
        }
    }

    /// <summary>Writes a text file, UTF-8 without byte order mark.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
