namespace Electra.Tests;

/// <summary>A disk that is full when a file is written next: the system's own error, without a disk of one's own.</summary>
internal static class FullDisk
{
    private const string Device = "/dev/full";

    /// <summary>The next time that this process writes a file by <see cref="AtomicFile"/> there is no space left.</summary>
    public static void For(string path)
    {
        Assert.SkipUnless(File.Exists(Device), "Only Linux has a device that is always full.");
        File.CreateSymbolicLink($"{path}.{Environment.ProcessId}.tmp", Device);
    }
}
