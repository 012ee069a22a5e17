using System.Diagnostics;

namespace NotebookKernel.Tests;

/// <summary>Programs that some tests drive and a machine may lack.</summary>
internal static class TestPrograms
{
    /// <summary>A Python that has the modules; skips the test where none is found.</summary>
    public static string Python(params string[] modules)
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            if (Run(python, ["-c", string.Join(';', modules.Select(m => "import " + m))]).Code == 0)
            {
                return python;
            }
        }

        Assert.Skip($"No Python with {string.Join(", ", modules)} (Debian: python3-jupyter-client, python3-nbclient, " +
            "jupyter-nbconvert, jupyter-notebook).");
        return "";
    }

    public static string Chromium()
    {
        foreach (string name in (string[])["chromium", "chromium-browser", "google-chrome"])
        {
            if (Run(name, ["--version"]).Code == 0)
            {
                return name;
            }
        }

        Assert.Skip("No Chromium (Debian: chromium).");
        return "";
    }

    /// <summary>Runs a program to its end, at most two minutes.</summary>
    public static (int Code, string Output) Run(string program, string[] arguments, string? folder = null,
        params (string Name, string Value)[] environment)
    {
        try
        {
            using Process process = Start(program, arguments, folder, environment);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                process.Kill(entireProcessTree: true);
            }

            return (process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    public static Process Start(string program, string[] arguments, string? folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
