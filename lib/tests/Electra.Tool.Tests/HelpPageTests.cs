using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;

namespace Electra.Tool.Tests;

/// <summary>What <c>--help</c> shows on narrow terminals, and what it lets people try.</summary>
[Collection(ToolConsole.Name)]
public class HelpPageTests
{
    public static TheoryData<string> Commands => [.. All(CommandLine.Root(), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task It_ends_with_two_examples_that_the_command_line_takes(string command)
    {
        string[] lines = (await Help(command)).TrimEnd().Split('\n');
        string[] examples = [.. lines.SkipWhile(line => line != "Examples:").Skip(1)];
        Assert.Equal(2, examples.Length);
        var root = CommandLine.Root();
        root.Options.Add(Terminal.Json);
        Assert.Contains(examples, example => example.Contains($"electra {command}".TrimEnd(), StringComparison.Ordinal));
        foreach (string example in examples)
        {
            Assert.True(example.GetCellWidth() <= 80, example); // it is copied in one piece
            Assert.StartsWith("  ", example, StringComparison.Ordinal);
            int begin = example.IndexOf("electra ", StringComparison.Ordinal);
            if (begin >= 0)
            {
                Assert.Null(Complaint.Of(root.Parse([.. CommandLineParser.SplitCommandLine(example[begin..]).Skip(1)])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Wrapped_to_eighty_columns_it_has_the_same_words_in_lines_that_fit(string command)
    {
        string help = await Help(command);
        string wrapped = WordWrap.Wrap(help, 80);
        Assert.Equal(Words(help), Words(wrapped));
        Assert.All(wrapped.Split('\n'), line => Assert.True(line.GetCellWidth() <= 80 || Words(line).Length <= 2, line));
        Assert.Equal(help, WordWrap.Wrap(help, int.MaxValue));

        static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void A_description_goes_on_below_its_beginning() => Assert.Equal(
        """
          --one <one>  Some words
                       that are too
                       long
        short
        """,
        WordWrap.Wrap("  --one <one>  Some words that are too long\nshort", 28));

    [Fact]
    public async Task The_overview_has_a_line_for_each_command()
    {
        string[] lines = (await Help("")).Split('\n');
        Assert.All(CommandLine.Root().Subcommands, command => Assert.Contains(lines,
            line => line.StartsWith($"  {command.Name}", StringComparison.Ordinal) && line.Length <= 140));
    }

    private static IEnumerable<string> All(Command command, string name) =>
        command.Subcommands.SelectMany(part => All(part, $"{name} {part.Name}".TrimStart())).Prepend(name);

    private static async Task<string> Help(string command)
    {
        var (code, text) = await ToolConsole.RunForText([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, code);
        return text;
    }
}
