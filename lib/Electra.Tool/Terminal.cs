using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Electra.Tool;

/// <summary>
/// What all commands share in talking to a user or a program: results on standard output, everything else on standard error.
/// </summary>
internal static class Terminal
{
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 3; // and the state is saved

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The option that every command has.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print results for programs, as JSON, and nothing else on standard output.",
        Recursive = true,
    };

    /// <summary>Where results go.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Where progress and remarks go.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Prints a table: lines of Markdown in a pipe.</summary>
    public static void PrintTable(ResultTable table)
    {
        if (!Console.IsOutputRedirected)
        {
            if (table.Write(Out) is { Count: > 0 } hidden)
            {
                Note($"No room for {string.Join(", ", hidden)}: a wider terminal, a pipe or --json has them.");
            }

            return;
        }

        using var text = new StringWriter();
        table.WriteMarkdown(Create(text, redirected: true));
        foreach (string line in text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
        {
            Print(line);
        }
    }

    /// <summary>Prints one JSON object on a line of its own.</summary>
    /// <remarks>By reflection: each verb has a shape of its own, and no program of one file refers to the tool.</remarks>
    public static void WriteJson(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    /// <summary>A number of things: 1 epoch, 2 epochs.</summary>
    public static string Count(int number, string thing) => $"{number:N0} {thing}{(number == 1 ? "" : "s")}";

    /// <summary>A line of the result.</summary>
    public static void Print(string line) => Out.WriteLine(line);

    /// <summary>A line on standard error.</summary>
    public static void Note(string line) => Error.WriteLine(line);

    /// <summary>Says what went wrong, in one sentence.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(bool json, string sentence, int code)
    {
        if (json)
        {
            WriteJson(new { error = sentence });
        }
        else
        {
            Error.WriteLine($"error: {sentence}");
        }

        return code;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect });
        if (redirected)
        {
            console.Profile.Width = 1_000_000; // a pipe has no width: nothing is wrapped
        }

        return console;
    }
}
