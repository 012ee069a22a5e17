using System.Text.Json;
using System.Text.Json.Nodes;
using Electra.Tool.Site;

namespace Electra.Tool.Classroom;

/// <summary>
/// What a class without a network needs, in one folder that can be copied anywhere: the workspace, its packages, a place for installers,
/// the course as pages, and a sheet. Written again it is renewed; what is there already is not copied again.
/// </summary>
internal sealed class ClassroomFolder(string folder)
{
    private const string MarkerName = "classroom.json";
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly string _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>What the folder says of itself; null where it is new or empty.</summary>
    /// <exception cref="InputException">It has something else in it, or what it says cannot be read.</exception>
    public ClassroomContent? Read()
    {
        Place.CheckFolder(folder);
        string marker = Path.Combine(_folder, MarkerName);
        if (!File.Exists(marker))
        {
            InputException.ThrowUnless(!Directory.Exists(_folder) || !Directory.EnumerateFileSystemEntries(_folder).Any(),
                $"{folder} has files in it that electra classroom did not write; name a new folder, or an empty one.");
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ClassroomContent>(InputFile.ReadText(marker), Options)
                is { Sdk: not null, Systems: not null, Files: not null } content ? content : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InputException($"{marker} cannot be read; delete it and what lies beside it, and write the folder again.", e);
        }
    }

    /// <summary>Writes the folder, or renews it.</summary>
    /// <param name="root">The project.</param>
    /// <param name="systems">For which systems.</param>
    /// <param name="cancellation">Ends it early; the same call goes on.</param>
    /// <exception cref="InputException">The folder has something else in it, or a package or space is lacking.</exception>
    public ClassroomContent Write(string root, ClassroomSystem[] systems, CancellationToken cancellation)
    {
        Read();
        try
        {
            string[] files = Tracked(root);
            string settings = File.ReadAllText(Path.Combine(root, "global.json"));
            var (code, output) = Child.Run("dotnet", ["--version"], root, cancellation);
            InputException.ThrowUnless(code == 0, "dotnet does not start; see that the .NET SDK is on the PATH.");
            string sdk = output.Trim();
            string[] rids = [.. systems.Select(system => system.Rid)];
            WriteMarker(new(sdk, rids, [])); // the folder is ours from here on, however this ends

            Terminal.Note("workspace …");
            string workspace = Fresh("workspace");
            foreach (string file in files)
            {
                string target = Path.Combine(workspace, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(root, file), target);
            }

            FileInfo[] packages = ClassroomPackages.Restore(workspace, files, systems, cancellation);
            foreach (string left in Directory.GetDirectories(workspace, "obj", SearchOption.AllDirectories))
            {
                Directory.Delete(left, recursive: true);
            }

            File.WriteAllText(Path.Combine(workspace, "nuget.config"), Resource("workspace.config"));
            File.WriteAllText(Path.Combine(workspace, "global.json"), Pinned(settings, sdk));
            Replace("workspace");
            CopyPackages(packages, cancellation);

            Terminal.Note("pages …");
            CourseSite.Of(Path.Combine(root, "notebooks")).Write(Fresh("pages"));
            Replace("pages");
            string installers = Path.Combine(_folder, "installers");
            AtomicFile.WriteText(Path.Combine(installers, "README.md"), ClassroomSheet.Installers(systems, sdk));
            string sheet = ClassroomSheet.Html(systems, sdk, Asked(settings), Files().Values.Sum());
            AtomicFile.WriteText(Path.Combine(_folder, "sheet.html"), sheet);
            var content = new ClassroomContent(sdk, rids, Files());
            WriteMarker(content);
            return content;
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{folder} cannot be written ({e.Message.TrimEnd('.')}); close what uses it, or choose another.", e);
        }
    }

    /// <summary>Files that should be there and are not, or have another size.</summary>
    public string[] Missing(ClassroomContent content) => [.. content.Files
        .Where(file => new FileInfo(Path.Combine(_folder, file.Key)) is var there && !(there.Exists && there.Length == file.Value))
        .Select(file => file.Key)];

    /// <summary>What has to be installed, and the file that does; null where there is none yet.</summary>
    public (Installer Installer, string? File)[] Installers(ClassroomContent content) =>
        [.. ClassroomSystem.Parse(content.Systems).SelectMany(system => system.Installers(content.Sdk))
            .Select(installer => (installer, installer.Find(Path.Combine(_folder, "installers"))))];

    /// <summary>The version of the SDK that a global.json asks for.</summary>
    public static string Asked(string globalJson) => (string)JsonNode.Parse(globalJson)!["sdk"]!["version"]!;

    /// <summary>
    /// A global.json that asks for exactly one SDK: another one would ask for packages of its own version, in the middle of a class.
    /// </summary>
    public static string Pinned(string globalJson, string sdk)
    {
        JsonNode settings = JsonNode.Parse(globalJson)!;
        settings["sdk"]!["version"] = sdk;
        settings["sdk"]!["rollForward"] = "disable";
        settings["sdk"]!["errorMessage"] =
            $"This folder is built with the .NET SDK {sdk}: install it from the folder installers beside it.";
        return settings.ToJsonString(Options) + "\n";
    }

    /// <summary>A text that the program has in it.</summary>
    internal static string Resource(string name)
    {
        using Stream stream = typeof(ClassroomFolder).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The files that git tracks, those that are gone left out.</summary>
    /// <exception cref="InputException">The folder is no clone: what belongs to the project is not known there.</exception>
    internal static string[] Tracked(string root)
    {
        var (code, output) = Child.Run("git", ["-C", root, "ls-files", "-z"], root, CancellationToken.None);
        string[] files = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        InputException.ThrowUnless(code == 0 && files.Contains("ElectraNotebooks.sln"),
            $"git does not say which files belong to {root}; run the command in a clone of the project, and see that git is installed.");
        return [.. files.Where(file => File.Exists(Path.Combine(root, file)))];
    }

    private string Fresh(string name)
    {
        string path = Path.Combine(_folder, $"{name}.tmp");
        Delete(path);
        return path;
    }

    // The old one is moved away first: what is at the place is always a whole one.
    private void Replace(string name)
    {
        string place = Path.Combine(_folder, name);
        string old = $"{place}.old";
        Delete(old);
        if (Directory.Exists(place))
        {
            Directory.Move(place, old);
        }

        Directory.Move($"{place}.tmp", place);
        Delete(old);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Copies packages that are not there yet, and deletes what is there and no package.</summary>
    /// <exception cref="InputException">There is no room.</exception>
    internal void CopyPackages(FileInfo[] packages, CancellationToken cancellation)
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder, "packages")).FullName;
        foreach (string left in Directory.GetFiles(place).Where(file => packages.All(package => package.Name != Path.GetFileName(file))))
        {
            File.Delete(left);
        }

        FileInfo[] lacking = [.. packages.Where(package => new FileInfo(Path.Combine(place, package.Name)) is var there
            && !(there.Exists && there.Length == package.Length))];
        long all = lacking.Sum(package => package.Length);
        long free = new DriveInfo(place).AvailableFreeSpace;
        InputException.ThrowUnless(all < free, $"{folder} has room for {ClassroomSheet.Gigabytes(free)}, and the packages take " +
            $"{ClassroomSheet.Gigabytes(all)} more; free some space, or name fewer systems.");
        using var progress = new Progress("MB");
        long done = 0;
        foreach (FileInfo package in lacking)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report("copying packages", done / 1_000_000, all / 1_000_000);
            string beside = Path.Combine(place, $"{package.Name}.tmp");
            package.CopyTo(beside, overwrite: true);
            File.Move(beside, Path.Combine(place, package.Name), overwrite: true);
            done += package.Length;
        }
    }

    private SortedDictionary<string, long> Files()
    {
        string[] folders = ["workspace", "packages", "pages"];
        return new(folders.SelectMany(name => Directory.GetFiles(Path.Combine(_folder, name), "*", SearchOption.AllDirectories))
            .Concat([Path.Combine(_folder, "installers", "README.md"), Path.Combine(_folder, "sheet.html")])
            .ToDictionary(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'), path => new FileInfo(path) switch
            {
                { Exists: true } file => file.Length,
                _ => 0, // the sheet, which says how much it is before it is there
            }), StringComparer.Ordinal);
    }

    private void WriteMarker(ClassroomContent content) =>
        AtomicFile.WriteText(Path.Combine(_folder, MarkerName), JsonSerializer.Serialize(content, Options) + "\n");
}

/// <summary>What a folder says of itself.</summary>
/// <param name="Sdk">The SDK that its packages were restored with, and that builds from them.</param>
/// <param name="Systems">Runtime identifiers.</param>
/// <param name="Files">The bytes of each file that was written, by path; none while it is being written.</param>
internal sealed record ClassroomContent(string Sdk, string[] Systems, SortedDictionary<string, long> Files);
