[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)] // one random generator, one set of OpenMP threads

namespace Electra.Tests;

/// <summary>
/// The folders beside the project that hold reference values and real data; a test that needs one is skipped where it is absent.
/// </summary>
internal static class Reference
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindUp(AppContext.BaseDirectory, "ElectraNotebooks.sln")
        ?? throw new InvalidOperationException("The tests run outside of the repository.");

    /// <summary>Path of a file or folder of reference values (../shared/goldens); skips the test when they are not there.</summary>
    public static string Golden(params string[] parts) => Shared("goldens", null, parts);

    /// <summary>Path of a file or folder of real data (ELECTRA_DATA, or ../shared/data); skips the test when it is not there.</summary>
    public static string Data(params string[] parts) => Shared("data", Environment.GetEnvironmentVariable("ELECTRA_DATA"), parts);

    private static string Shared(string name, string? folder, string[] parts)
    {
        string path = Path.Combine([folder ?? Path.Combine(Root, "..", "shared", name), .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"{name}/{string.Join('/', parts)} is not beside the project.");
        return Path.GetFullPath(path);
    }

    private static string? FindUp(string? folder, string file)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, file)))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
