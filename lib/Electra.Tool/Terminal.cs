using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Electra.Tool;

/// <summary>
/// What all commands share in talking to a user or a program: results on standard output, everything else on standard error.
/// Texts, names and messages come from files that anyone may have written: nothing in them commands the terminal.
/// </summary>
internal static class Terminal
{
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 3; // and the state is saved

    private const int LongestMessage = 2000; // characters: a path of any length and what is said of it

    private static readonly SearchValues<char> Commands = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(c => char.IsControl(c) && c is not ('\t' or '\n')),
        '\u061C', '\u200E', '\u200F', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

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
    public static void Note(string line) => Error.WriteLine(OneLine(line));

    /// <summary>
    /// A text without what would command a terminal or turn the direction of what follows: control characters, but for tab and line feed,
    /// and Unicode's controls of direction become U+FFFD. All that <see cref="Out"/> and <see cref="Error"/> print has been through it.
    /// </summary>
    public static string Clean(string text) =>
        text.AsSpan().ContainsAny(Commands) ? string.Concat(text.Select(c => Commands.Contains(c) ? '\uFFFD' : c)) : text;

    /// <summary>Says what went wrong, in one sentence.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(bool json, string sentence, int code)
    {
        sentence = OneLine(sentence);
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

    // The beginning says what and where, the end what helps.
    internal static string OneLine(string text)
    {
        const int Half = LongestMessage / 2;
        string line = Clean(text.ReplaceLineEndings(" "));
        return line.Length <= LongestMessage ? line : $"{line[..(Half - 1)]}…{line[^Half..]}";
    }

    /// <summary>A console that prints clean texts.</summary>
    internal static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect });
        if (redirected)
        {
            console.Profile.Width = 1_000_000; // a pipe has no width: nothing is wrapped
        }

        console.Pipeline.Attach(new Cleaner());
        return console;
    }

    /// <summary>Everything on its way to a console, whatever was printed: lines, marked text, cells of tables.</summary>
    private sealed class Cleaner : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(one => new Cleaned(one));
    }

    private sealed class Cleaned(IRenderable inner) : Renderable
    {
        protected override Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        // Spectre's own commands are segments of their own.
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(segment => segment.IsControlCode || !segment.Text.AsSpan().ContainsAny(Commands)
                ? segment
                : new Segment(Clean(segment.Text), segment.Style));
    }
}
