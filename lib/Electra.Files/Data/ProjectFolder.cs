namespace Electra;

/// <summary>The clone of this project that a program or notebook runs in, where the project's own data lie.</summary>
public static class ProjectFolder
{
    /// <summary>
    /// The nearest folder with ElectraNotebooks.sln, looking upwards from the program and then from the working directory.
    /// </summary>
    /// <returns>Null outside of a clone.</returns>
    public static string? Find() => Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory);

    private static string? Above(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "ElectraNotebooks.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
