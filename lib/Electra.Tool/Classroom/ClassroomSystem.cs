using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace Electra.Tool.Classroom;

/// <summary>A system that libtorch is published for, and what is installed there before a class.</summary>
/// <param name="Rid">The runtime identifier.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Editor">How the files are called that install VS Code.</param>
/// <param name="Sdk">The end of the name of the file that installs the SDK.</param>
/// <param name="Extension">The system in the names of VS Code's extensions.</param>
internal sealed record ClassroomSystem(string Rid, string Name, string[] Editor, string Sdk, string Extension)
{
    public static ClassroomSystem[] All { get; } =
    [
        new("win-x64", "Windows x64", ["VSCode*Setup-x64-*.exe"], "win-x64.exe", "win32-x64"),
        new("osx-arm64", "macOS arm64", ["VSCode-darwin-*"], "osx-arm64.pkg", "darwin-arm64"),
        new("linux-x64", "Linux x64", ["code_*_amd64.deb", "code-*.x86_64.rpm", "code-stable-x64-*.tar.gz"], "linux-x64.tar.gz",
            "linux-x64"),
    ];

    /// <summary>This machine's.</summary>
    /// <exception cref="InputException">It is none of them.</exception>
    public static ClassroomSystem Current => Of(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        RuntimeInformation.OSArchitecture);

    /// <summary>The systems of these names.</summary>
    /// <exception cref="InputException">One is not known.</exception>
    public static ClassroomSystem[] Parse(IEnumerable<string> names) => [.. names
        .SelectMany(some => some.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()
        .Select(name => All.FirstOrDefault(system => system.Rid == name) ?? throw new InputException(
            $"There is no system {name}; libtorch is published for {string.Join(", ", All.Select(known => known.Rid))}."))
        .OrderBy(system => Array.IndexOf(All, system))];

    /// <summary>What is installed on it before a class.</summary>
    /// <param name="sdk">The version of the SDK.</param>
    public IEnumerable<Installer> Installers(string sdk)
    {
        yield return new(Rid, $".NET SDK {sdk}", [$"dotnet-sdk-{sdk}-{Sdk}"], "https://dotnet.microsoft.com/download/dotnet/10.0");
        yield return new(Rid, "Visual Studio Code", Editor, "https://code.visualstudio.com/download");
        yield return new(Rid, "extension Jupyter",
            [$"ms-toolsai.jupyter-2*{Extension}*.vsix", "ms-toolsai.jupyter-2*universal*.vsix"],
            "https://marketplace.visualstudio.com/items?itemName=ms-toolsai.jupyter");
        if (Rid == "win-x64")
        {
            yield return new(Rid, "Visual C++ Redistributable", ["VC_redist.x64.exe"],
                "https://learn.microsoft.com/cpp/windows/latest-supported-vc-redist");
        }
    }

    private static ClassroomSystem Of(string system, Architecture architecture) =>
        Parse([$"{system}-{architecture.ToString().ToLowerInvariant()}"])[0];
}

/// <summary>A file that installs something, which a person downloads.</summary>
/// <param name="System">The runtime identifier.</param>
/// <param name="What">What it installs.</param>
/// <param name="Patterns">How it may be called.</param>
/// <param name="Page">Where it is downloaded.</param>
internal sealed record Installer(string System, string What, string[] Patterns, string Page)
{
    /// <summary>The file in a folder, or below it, that it is: of this name, and not empty. Null where there is none.</summary>
    public string? Find(string folder) => !Directory.Exists(folder) ? null : new DirectoryInfo(folder)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Length > 0 && Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, file.Name)))
        .OrderBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault()?.Name;
}
