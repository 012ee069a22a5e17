using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Electra.Tool.Tests;

/// <summary>Runs the command line in the test's own process, whose standard output it takes: one at a time.</summary>
[CollectionDefinition(Name)]
public static class ToolConsole
{
    /// <summary>What tests that use it are in.</summary>
    public const string Name = "standard output";

    // The program's own terminal keeps the output that it finds when it is first used: not one of these.
    static ToolConsole() => RuntimeHelpers.RunClassConstructor(typeof(Terminal).TypeHandle);

    /// <summary>Runs it.</summary>
    /// <returns>The exit code and, with <c>--json</c>, what was printed.</returns>
    public static async Task<(int Code, IReadOnlyList<JsonElement> Lines)> Run(params string[] arguments)
    {
        var (code, text) = await RunForText(arguments);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (code, arguments.Contains("--json") ? [.. lines.Select(line => JsonDocument.Parse(line).RootElement)] : []);
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code, and JSON or help that was printed.</returns>
    public static async Task<(int Code, string Text)> RunForText(params string[] arguments)
    {
        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            int code = await CommandLine.RunAsync(arguments);
            return (code, output.ToString().ReplaceLineEndings("\n"));
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    /// <summary>The message with which it refuses arguments.</summary>
    public static async Task<string> Refused(params string[] arguments)
    {
        var (code, lines) = await Run(["--json", .. arguments]);
        Assert.Equal(2, code);
        return Assert.Single(lines).GetProperty("error").GetString()!;
    }
}
