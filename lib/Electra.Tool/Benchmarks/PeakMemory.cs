using System.Diagnostics;

namespace Electra.Tool.Benchmarks;

/// <summary>The greatest resident memory of this process.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";

    /// <summary>
    /// Forgets the peak so far where the system can (Linux); elsewhere the peak is that since the process began, or, where there is none
    /// (macOS), what is in use at the end.
    /// </summary>
    public static void Restart()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText(Reset, "5"); // proc(5): resets the peak resident set size
            }
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            // Some containers forbid it; the peak is then that since the process began.
        }
    }

    /// <summary>The peak since then, in 10⁶ bytes.</summary>
    public static double Megabytes()
    {
        using var process = Process.GetCurrentProcess();
        return (process.PeakWorkingSet64 > 0 ? process.PeakWorkingSet64 : process.WorkingSet64) / 1e6;
    }
}
