using System.Diagnostics;

namespace Electra.Tool.Tests;

/// <summary>Runs the command line as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code, standard output and standard error.</returns>
    public static async Task<(int Code, string Output, string Errors)> Run(params string[] arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "Electra.Tool.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? host
            : "dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1"; // tiny models: threads would only wait for each other
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, output, await errors);
    }
}
