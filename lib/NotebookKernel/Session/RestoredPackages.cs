using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>The files of NuGet packages and all they depend on, restored by the SDK into the machine's package cache.</summary>
internal sealed record RestoredPackages(IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders)
{
    /// <param name="packages">Names and versions asked for so far in the session: all are resolved together.</param>
    /// <param name="folder">The notebook's folder, whose nuget.config counts.</param>
    /// <param name="cancel">Stops the restore.</param>
    /// <exception cref="NotebookException">There is no SDK, or a package is not found.</exception>
    public static async Task<RestoredPackages> RestoreAsync(IEnumerable<(string Name, string Version)> packages, string folder,
        CancellationToken cancel)
    {
        string framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        DirectoryInfo project = Directory.CreateTempSubdirectory("notebook-packages-");
        try
        {
            string file = Path.Combine(project.FullName, "packages.csproj");
            await File.WriteAllTextAsync(file, $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>{framework}</TargetFramework>
                    <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                    <RestoreRootConfigDirectory>{SecurityElement.Escape(folder)}</RestoreRootConfigDirectory>
                    <SelfContained>false</SelfContained>
                    <UseAppHost>false</UseAppHost>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    {string.Concat(packages.Select(p => $"<PackageReference Include=\"{p.Name}\" Version=\"{p.Version}\" />"))}
                  </ItemGroup>
                </Project>
                """, cancel);
            await RunRestoreAsync(file, string.Join(", ", packages.Select(p => p.Name)), cancel);
            return Read(Path.Combine(project.FullName, "obj", "project.assets.json"));
        }
        finally
        {
            project.Delete(recursive: true);
        }
    }

    private static async Task RunRestoreAsync(string project, string names, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, ["restore", project, "--nologo", "-v:q", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(project),
        };
        using Process restore = Process.Start(start)!;
        try
        {
            restore.StandardInput.Close();
            Task<string> errors = restore.StandardError.ReadToEndAsync(cancel);
            string[] lines = (await restore.StandardOutput.ReadToEndAsync(cancel)).Split('\n');
            await errors;
            await restore.WaitForExitAsync(cancel);
            if (restore.ExitCode != 0)
            {
                string? error = lines.FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase))
                    ?? lines.FirstOrDefault(l => l.Trim().Length > 0);
                int from = Math.Max(0, error?.IndexOf("error", StringComparison.OrdinalIgnoreCase) ?? 0);
                throw new NotebookException(
                    $"Restoring the packages {names} failed: {error?[from..].Trim() ?? "is the .NET SDK installed?"}");
            }
        }
        finally
        {
            if (!restore.HasExited)
            {
                restore.Kill(entireProcessTree: true);
            }
        }
    }

    private static RestoredPackages Read(string assetsFile)
    {
        JsonNode assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
        string[] roots = [.. assets["packageFolders"]!.AsObject().Select(f => f.Key)];
        JsonObject libraries = assets["libraries"]!.AsObject();
        JsonObject target = assets["targets"]!.AsObject().First(t => t.Key.Contains('/')).Value!.AsObject();

        var assemblies = new List<string>();
        var natives = new List<string>();
        foreach ((string name, JsonNode? library) in target)
        {
            if (libraries[name]!["path"]?.GetValue<string>() is not { } path)
            {
                continue;
            }

            IEnumerable<string> Files(string kind) => (library![kind] as JsonObject ?? [])
                .Where(f => !f.Key.EndsWith("/_._", StringComparison.Ordinal))
                .Select(f => roots.Select(r => Path.Combine(r, path, f.Key)).FirstOrDefault(File.Exists))
                .OfType<string>();

            assemblies.AddRange(Files("runtime").Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)));
            natives.AddRange(Files("native").Select(f => Path.GetDirectoryName(f)!));
        }

        return new RestoredPackages(assemblies, [.. natives.Distinct()]);
    }
}
