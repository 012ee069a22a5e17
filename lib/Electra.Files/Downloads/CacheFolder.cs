namespace Electra;

/// <summary>Where downloads are kept.</summary>
public static class CacheFolder
{
    /// <summary>
    /// <c>ELECTRA_CACHE</c> where that is set, else the folder <c>electra</c> in the user's cache folder: <c>XDG_CACHE_HOME</c> or
    /// <c>~/.cache</c> on Linux, <c>~/Library/Caches</c> on macOS, the local application data on Windows. It may not exist yet.
    /// </summary>
    /// <exception cref="InputException">None of these is known on this machine.</exception>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ELECTRA_CACHE") is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            string folder =
                OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? InHome("Library", "Caches")
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } xdg && Path.IsPathRooted(xdg) ? xdg
                : InHome(".cache");
            return Path.IsPathRooted(folder)
                ? Path.Combine(folder, "electra")
                : throw new InputException("This user has no home folder to keep downloads in; set ELECTRA_CACHE to a folder.");
        }
    }

    private static string InHome(params string[] parts) =>
        Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. parts]);
}
