using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel;

/// <summary>The kernelspec, by which Jupyter programs find the kernel.</summary>
public static partial class KernelSpec
{
    /// <summary>The name that C# notebooks carry in their metadata.</summary>
    public const string Name = ".net-csharp";

    /// <summary>What menus show.</summary>
    public const string DisplayName = ".NET (C#)";

    private const string Marker = "notebook-kernel";

    /// <summary>Writes the kernelspec into Jupyter's data folder.</summary>
    /// <param name="user">Into the user's folder (or <c>JUPYTER_DATA_DIR</c>) rather than the machine's.</param>
    /// <param name="launcher">The command that serves, without the connection file; null: this library by itself.</param>
    /// <param name="name">
    /// The name by which notebooks ask for it. Under another one than <see cref="Name"/>, which .NET Interactive has too, both fit.
    /// </param>
    /// <returns>The file that was written.</returns>
    /// <exception cref="NotebookException">The folder cannot be written to, the name cannot be one, or another kernel has it.</exception>
    public static string Install(bool user, IReadOnlyList<string>? launcher = null, string name = Name)
    {
        if (!KernelName().IsMatch(name))
        {
            throw new NotebookException($"{name} cannot be the name of a kernel; take letters without accents, digits, '.', '_' and '-'.");
        }

        launcher ??= [DotnetHost.Path, "exec", typeof(KernelSpec).Assembly.Location, "serve"];
        string file = FileFor(user, name);
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. launcher.Append("{connection_file}").Select(a => JsonValue.Create(a))]),
            ["display_name"] = DisplayNameOf(name),
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["made_by"] = Marker },
        };
        try
        {
            if (File.Exists(file) && !File.ReadAllText(file).Contains(Marker, StringComparison.Ordinal))
            {
                throw new NotebookException($"{file} belongs to another kernel; delete its folder if this one shall take its place, " +
                    "or install this one beside it under a --name of its own.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string beside = file + ".tmp";
            File.WriteAllText(beside, PythonJson.Write(spec));
            File.Move(beside, file, overwrite: true);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{file} cannot be written ({e.Message.TrimEnd('.')}); " +
                $"{(user ? "set JUPYTER_DATA_DIR to another folder" : "install with --user")}.", e);
        }
    }

    /// <summary>What menus show for a kernel of a name.</summary>
    /// <param name="name">The name by which notebooks ask for it.</param>
    /// <returns><see cref="DisplayName"/>, with the name where it is another one.</returns>
    public static string DisplayNameOf(string name) => name == Name ? DisplayName : $"{DisplayName}, {name}";

    [GeneratedRegex(@"^[A-Za-z0-9._\-]+$")]
    private static partial Regex KernelName();

    /// <summary>The kernelspec that <see cref="Install"/> wrote, for the user or for the machine; null where there is none.</summary>
    public static string? Find() => Own(FileFor(user: true, Name)) ?? Own(FileFor(user: false, Name));

    private static string? Own(string file)
    {
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Contains(Marker, StringComparison.Ordinal) ? file : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string FileFor(bool user, string name) => Path.Combine(DataFolder(user), "kernels", name, "kernel.json");

    private static string DataFolder(bool user)
    {
        if (!user)
        {
            return OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter")
                : "/usr/local/share/jupyter";
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named ? named
            : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
            : Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? Path.Combine(data, "jupyter")
            : Path.Combine(home, ".local", "share", "jupyter");
    }
}
