using System.Runtime.InteropServices;
using TorchSharp;

namespace Electra;

/// <summary>libtorch, which computes. By project reference it comes along; a program with the library's packages chooses it.</summary>
public static class Libtorch
{
    private static readonly Lazy<string?> Problem =
        new(() => Lacking(SearchedFolders()) is { } sentence && !MayBeElsewhere() ? sentence : null);

    private static string Version => typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Throws where a program has no libtorch. TorchSharp itself would write a page to standard output first, and copy half a gigabyte
    /// from the package cache where it finds one.
    /// </summary>
    /// <param name="name">What is about to compute.</param>
    /// <returns>The name, so that a module can ask before its base class is made.</returns>
    /// <exception cref="DllNotFoundException">There is none; the message says in one sentence which package the program lacks.</exception>
    public static string RequiredBy(string name) => Problem.Value is { } problem ? throw new DllNotFoundException(problem) : name;

    /// <summary>What to say of a program that loads natives from these folders; null where it has libtorch.</summary>
    internal static string? Lacking(IEnumerable<string> folders)
    {
        var (file, package) = OperatingSystem.IsWindows() ? ("torch_cpu.dll", "libtorch-cpu-win-x64")
            : OperatingSystem.IsMacOS() ? ("libtorch_cpu.dylib", "libtorch-cpu-osx-arm64")
            : ("libtorch_cpu.so", "libtorch-cpu-linux-x64");
        return folders.Any(folder => File.Exists(Path.Combine(folder, file))) ? null
            : $"This program has no libtorch, which it chooses itself: dotnet add package TorchSharp-cpu --version {Version}, "
                + $"or for this system alone the {package} that TorchSharp-cpu depends on.";
    }

    // Where TorchSharp is not beside the program, as in a notebook that names packages, or libtorch was loaded from elsewhere before,
    // TorchSharp has ways of its own.
    private static bool MayBeElsewhere() =>
        Path.GetDirectoryName(typeof(torch).Assembly.Location) != Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)
        || NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);

    private static string[] SearchedFolders()
    {
        string natives = (string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "";
        return [AppContext.BaseDirectory, .. natives.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
    }
}
