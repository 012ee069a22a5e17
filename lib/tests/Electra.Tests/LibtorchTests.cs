using TorchSharp;

namespace Electra.Tests;

/// <summary>A program without libtorch is told which package it lacks. The gate has such a program.</summary>
public class LibtorchTests
{
    [Fact]
    public void Where_a_folder_has_it_nothing_is_said()
    {
        using var folder = new TemporaryFolder();
        string file = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        string? sentence = Libtorch.Lacking([folder.Path]);
        File.WriteAllText(folder.File(file), "");
        Assert.Null(Libtorch.Lacking([folder.Path]));
        Assert.NotNull(sentence);
        Assert.Contains("dotnet add package TorchSharp-cpu --version 0.107.0", sentence, StringComparison.Ordinal);
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        Assert.Contains($"libtorch-cpu-{system}-", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public void The_packages_readme_names_the_version_that_the_library_uses()
    {
        string readme = File.ReadAllText(Path.Combine(Reference.Root, "lib", "build", "Package.md"));
        string version = typeof(torch).Assembly.GetName().Version!.ToString(3);
        Assert.Contains($"TorchSharp-cpu --version {version}\n", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void With_libtorch_the_name_comes_back()
    {
        Assert.Equal("head", Libtorch.RequiredBy("head"));
        Assert.Equal(2, torch.ones(2).sum().item<float>());
    }
}
