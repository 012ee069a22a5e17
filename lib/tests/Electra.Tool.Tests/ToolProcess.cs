using System.Diagnostics;
using System.Text;

namespace Electra.Tool.Tests;

/// <summary>Runs the command line as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>Runs it to its end, with nothing on standard input.</summary>
    /// <returns>The exit code, standard output and standard error.</returns>
    public static Task<(int Code, string Output, string Errors)> Run(params string[] arguments) => RunOn("", arguments);

    /// <summary>Runs it to its end, and tells when it has started and what standard error says.</summary>
    /// <param name="told">Gets the process's number and, after the start, each line as it comes.</param>
    /// <param name="arguments">What follows <c>electra</c>.</param>
    /// <returns>The exit code, standard output and standard error.</returns>
    public static async Task<(int Code, string Output, string Errors)> Run(Action<int, string?> told, params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        told(process.Id, null);
        var token = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var errors = new StringBuilder();
        while (await process.StandardError.ReadLineAsync(token) is { } line)
        {
            errors.Append(line).Append('\n');
            told(process.Id, line);
        }

        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, errors.ToString());
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">What it gets on standard input.</param>
    /// <param name="arguments">What follows <c>electra</c>.</param>
    /// <returns>The exit code, standard output and standard error.</returns>
    public static async Task<(int Code, string Output, string Errors)> RunOn(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        var output = process.StandardOutput.ReadToEndAsync(token);
        await process.StandardInput.WriteAsync(input.AsMemory(), token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it; the caller writes, reads and waits.</summary>
    public static Process Start(params string[] arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "Electra.Tool.dll");
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

        // A shell that runs the tests in the background lets them, and whatever they start, ignore Ctrl-C: env undoes that.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", host] : [host];
        var start = new ProcessStartInfo(command[0], [.. command[1..], tool, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = InputFile.StrictUtf8,
        };
        start.Environment["OMP_NUM_THREADS"] = "1"; // tiny models: threads would only wait for each other
        return Process.Start(start)!;
    }
}
