using System.ComponentModel;
using System.Diagnostics;

namespace Electra.Tool.Classroom;

/// <summary>Runs <c>dotnet</c> and <c>git</c>.</summary>
internal static class Child
{
    /// <summary>Runs a program to its end, with nothing on standard input.</summary>
    /// <returns>The exit code, -1 where there is no such program, and standard output; what is on standard error is left out.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted, and the program with it.</exception>
    public static (int Code, string Output) Run(
        string program, IEnumerable<string> arguments, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing that stays keeps the folder
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
