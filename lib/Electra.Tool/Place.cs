namespace Electra.Tool;

/// <summary>Paths that a user gives, looked at before the work that needs them.</summary>
internal static class Place
{
    /// <summary>Throws when what is written like a path, with a separator or an ending, is not there.</summary>
    /// <param name="nameOrPath">A path, or a name that means something else.</param>
    /// <exception cref="InputException">There is no such file or folder.</exception>
    public static void CheckThere(string nameOrPath)
    {
        bool isPath = Path.GetFileName(nameOrPath) != nameOrPath || Path.HasExtension(nameOrPath);
        if (isPath && !Path.Exists(nameOrPath))
        {
            throw new InputException($"{nameOrPath} does not exist; check the path.");
        }
    }

    /// <summary>Throws unless a folder is there and can be written in, or can be made. Leaves nothing behind.</summary>
    /// <exception cref="InputException">It cannot be; the message says why.</exception>
    public static void CheckFolder(string folder) => CheckWritable(folder, Path.GetFullPath(folder));

    /// <summary>Throws unless a file can be written. Leaves nothing behind.</summary>
    /// <exception cref="InputException">It cannot be; the message says why.</exception>
    public static void CheckFile(string file)
    {
        if (Directory.Exists(file))
        {
            throw new InputException($"{file} cannot be written (it is a folder); give a file.");
        }

        CheckWritable(file, Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    /// <summary>Writes into a folder for temporary files what found no room in its place: a full disk is often not the only one.</summary>
    /// <param name="why">What went wrong.</param>
    /// <param name="what">What is written, in one word.</param>
    /// <param name="write">Writes it into a folder.</param>
    /// <returns>The folder, or null where it failed there too; and the sentence that says so.</returns>
    public static (string? Folder, string Problem) Elsewhere(InputException why, string what, Action<string> write)
    {
        string begin = $"{why.Message.TrimEnd('.')}; the {what} is";
        try
        {
            string folder = Directory.CreateTempSubdirectory($"electra-{what}-").FullName;
            write(folder);
            return (folder, $"{begin} in {folder} instead.");
        }
        catch (Exception e) when (e is InputException || InputFile.IsFileError(e))
        {
            return (null, $"{begin} lost, since {Path.GetTempPath()} does not take it either.");
        }
    }

    private static void CheckWritable(string named, string folder)
    {
        string there = folder;
        while (!Path.Exists(there))
        {
            there = Path.GetDirectoryName(there)!;
        }

        if (!Directory.Exists(there))
        {
            throw new InputException($"{named} cannot be written ({there} is a file); choose another place.");
        }

        try
        {
            using var probe = new FileStream(Path.Combine(there, $".electra.{Environment.ProcessId}.tmp"), FileMode.CreateNew,
                FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{named} cannot be written ({e.Message.TrimEnd('.')}); choose another place.", e);
        }
    }
}
