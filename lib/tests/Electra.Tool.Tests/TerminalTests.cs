using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Electra.Tests;
using Spectre.Console;

namespace Electra.Tool.Tests;

/// <summary>What texts, names and messages from files can do to a terminal: nothing.</summary>
public partial class TerminalTests
{
    private const string Hostile = "a\u001b]52;c;Y3VybA==\u0007b\u001b[2Jc\bd\u009b31me\u202Ef\u2066g\rh\u007f\u0085";

    [Theory]
    [InlineData("line")]
    [InlineData("markup")]
    [InlineData("table")]
    public void No_control_character_reaches_a_console_whatever_is_printed(string form)
    {
        // By Unicode's categories: Cc, and of Cf those that order texts from right to left.
        string all = string.Concat(Enumerable.Range(0, 0xD800).Select(code => (char)code).Where(IsCommand));
        Assert.Equal(33 + 32 + 12 - 2, all.Length);
        foreach (bool redirected in (bool[])[true, false])
        {
            using var text = new StringWriter();
            var console = Terminal.Create(text, redirected);
            switch (form)
            {
                case "line":
                    console.WriteLine($"영화{all}x");
                    break;
                case "markup":
                    console.MarkupLine($"[bold]{Markup.Escape($"영화{all}x")}[/]");
                    break;
                default:
                    console.Write(new Table().AddColumn("text").AddRow(Markup.Escape($"영화{all}x")));
                    break;
            }

            string printed = Style().Replace(text.ToString(), ""); // which is Spectre's own
            Assert.Contains("영화", printed, StringComparison.Ordinal);
            Assert.Contains('\uFFFD', printed);
            Assert.DoesNotContain(printed.ReplaceLineEndings("\n"), IsCommand);
        }

        static bool IsCommand(char c) => c is not ('\n' or '\t') && (char.GetUnicodeCategory(c) == UnicodeCategory.Control
            || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
    }

    [GeneratedRegex(@"\u001b\[[0-9;]*m")]
    private static partial Regex Style();

    [Fact]
    public async Task Texts_tokens_and_messages_of_commands_are_clean_and_a_message_is_one_bounded_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a\u001b[2J", "b"]);
        var (code, output, errors) = await ToolProcess.Run("tokenize", "--vocab", folder.File("vocab.txt"), Hostile);
        Assert.True(code == 0, output + errors);
        AssertClean(output + errors);

        string[] wrong = ["tokenize", "--vocab", $"{folder.Path}/{Hostile}\n{new string('x', 5000)}/vocab.txt", "b"];
        (code, output, errors) = await ToolProcess.Run(wrong);
        Assert.Equal((2, ""), (code, output));
        AssertClean(errors);
        Assert.InRange(errors.Length, 1000, 2100);
        Assert.Single(errors.TrimEnd().Split('\n'));

        (code, output, _) = await ToolProcess.Run([.. wrong, "--json"]);
        Assert.Equal(2, code);
        AssertClean(JsonDocument.Parse(output).RootElement.GetProperty("error").GetString()!);

        static void AssertClean(string text) => Assert.DoesNotContain(text.ReplaceLineEndings("\n"), c =>
            c is not ('\n' or '\t') && (char.IsControl(c) || c is '\u202E' or '\u2066'));
    }
}
