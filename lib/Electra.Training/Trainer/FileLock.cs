namespace Electra;

/// <summary>
/// A file that one process has at a time, and that is gone when it gives it free. When the process ends, however it ends, the system gives
/// it free; the file that then stays is no hindrance.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int Years = 50 * 365 * 24 * 3600; // seconds

    private const int InUseOnLinux = 11; // EWOULDBLOCK
    private const int InUseOnMac = 35; // EWOULDBLOCK
    private const int InUseOnWindows = 32; // ERROR_SHARING_VIOLATION

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes a file; the folder is made where it is not there.</summary>
    /// <returns>Null when another process has it, or another part of this one.</returns>
    /// <exception cref="IOException">It cannot be written, see <see cref="InputFile.IsFileError"/>.</exception>
    public static FileLock? Take(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        while (true)
        {
            FileStream file;
            try
            {
                // Windows deletes an open file only where that was allowed, which elsewhere would be a lock that several can have.
                var share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
                file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
            }
            catch (IOException e) when ((e.HResult & 0xFFFF) is InUseOnLinux or InUseOnMac or InUseOnWindows)
            {
                return null;
            }

            // Whoever had it may have deleted it after it was opened here: then a third one can have the new one of this name.
            var mark = DateTime.UnixEpoch.AddSeconds(2 * Random.Shared.Next(Years / 2));
            File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
            if (File.GetLastWriteTimeUtc(path) == mark)
            {
                return new FileLock(file);
            }

            file.Dispose();
        }
    }

    /// <summary>Gives it free.</summary>
    public void Dispose()
    {
        File.Delete(_file.Name); // first: what is deleted afterwards may be another's
        _file.Dispose();
    }
}
