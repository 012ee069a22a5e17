using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Spectre.Console;

namespace Electra.Tool;

/// <summary>What <c>--help</c> shows: wrapped at words on a terminal, and with examples at its end.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int Indent = 6; // of a description that finds no room beside its option

    // By the command's words; the root has none.
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        [""] = ["electra compare", "electra train --head cnn --output my-model"],
        ["compare"] = ["electra compare --heads fc,cnn --seeds 1", "electra compare --task token --encoder random --results my-results"],
        ["charts"] = ["electra charts", "electra charts --results my-results --output my-charts"],
        ["train"] = ["electra train --head bilstm --output my-model", "electra train --task qa --output my-reader --resume"],
        ["pretrain"] = ["electra pretrain --input my-texts.txt --output my-encoder",
            "electra pretrain --input more.txt --output next --start-from my-encoder"],
        ["evaluate"] = ["electra evaluate --model my-model --predictions answers.tsv",
            "electra evaluate --model my-model --data my-reviews/test.tsv --json"],
        ["predict"] = ["electra predict --model my-model \"배우들 연기가 정말 좋았다\"", "cat reviews.txt | electra predict --model my-model"],
        ["encode"] = ["electra encode --encoder my-encoder --input rows.jsonl --output a.safetensors",
            "electra encode --encoder my-encoder --input a.txt --output a.safetensors --all"],
        ["tokenize"] = ["electra tokenize \"영화가 좋았다\"", "electra tokenize --vocab vocab.txt --input texts.txt --json"],
        ["data"] = ["electra data get nsmc", "electra compare --data nsmc --limit 20000 --seeds 1"],
        ["data get"] = ["electra data get nsmc", "electra data get nsmc --json"],
        ["model"] = ["electra model get monologg/koelectra-small-v3-discriminator",
            "electra compare --encoder monologg/koelectra-small-v3-discriminator"],
        ["model get"] = ["electra model get monologg/koelectra-small-v3-discriminator",
            "electra model get monologg/koelectra-small-v3-discriminator@main --json"],
        ["notebooks"] = ["electra notebooks run notebooks", "electra notebooks check notebooks"],
        ["notebooks run"] = ["electra notebooks run notebooks/02-inside-the-encoder.ipynb", "electra notebooks run --write notebooks"],
        ["notebooks check"] = ["electra notebooks check", "electra notebooks check notebooks/02-inside-the-encoder.ipynb --json"],
        ["kernel"] = ["electra kernel install --user", "jupyter lab notebooks"],
        ["kernel install"] = ["electra kernel install --user", "electra kernel install --user --json"],
        ["kernel serve"] = ["electra kernel install --user", "electra kernel serve connection.json"],
        ["bench"] = ["electra bench --baseline", "electra bench --heads fc,bilstm --tokens 32,128 --json"],
        ["doctor"] = ["electra doctor", "electra doctor --json"],
    };

    // What is worth knowing and too long for the overview of the commands.
    private static readonly Dictionary<string, string> Details = new() { ["bench"] = Commands.BenchCommand.Details };

    /// <summary>Gives a program's help option these pages.</summary>
    public static void AddTo(Command root)
    {
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { } help)
        {
            help.Action = new HelpPage();
        }
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true; // whoever asks for help need not know what is required

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        new HelpAction { MaxWidth = int.MaxValue }.Invoke(parseResult);
        string name = NameOf(command);
        var page = new StringBuilder(text.ToString().ReplaceLineEndings("\n").TrimEnd()).Append('\n');
        if (Details.TryGetValue(name, out string? details))
        {
            page.Append($"\n{details}\n");
        }

        if (Examples.TryGetValue(name, out string[]? examples))
        {
            page.Append($"\nExamples:\n{string.Concat(examples.Select(example => $"  {example}\n"))}");
        }

        output.Write(Wrap(page.ToString(), Console.IsOutputRedirected ? int.MaxValue : Terminal.Out.Profile.Width));
        return 0;
    }

    /// <summary>Wraps lines at words; the description of an option goes on below its own beginning.</summary>
    /// <param name="text">Lines.</param>
    /// <param name="width">The most columns.</param>
    internal static string Wrap(string text, int width)
    {
        var wrapped = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            Wrap(line, width, wrapped);
            wrapped.Append('\n');
        }

        wrapped.Length--; // text ends as it did
        return wrapped.ToString();
    }

    private static void Wrap(string line, int width, StringBuilder wrapped)
    {
        if (line.GetCellWidth() <= width)
        {
            wrapped.Append(line);
            return;
        }

        int begin = line.Length - line.TrimStart().Length;
        int gap = line.IndexOf("  ", begin, StringComparison.Ordinal);
        int column = gap < 0 ? begin : gap + line[gap..].Length - line[gap..].TrimStart().Length;
        int hanging = column <= width * 3 / 5 ? column : Indent;
        string first = line[..column];
        wrapped.Append(hanging == column ? first : $"{first.TrimEnd()}\n{new string(' ', hanging)}");
        int used = hanging;
        bool fresh = true;
        foreach (string word in line[column..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int length = word.GetCellWidth();
            if (!fresh && used + 1 + length > width)
            {
                wrapped.Append('\n').Append(' ', hanging);
                (used, fresh) = (hanging, true);
            }

            wrapped.Append(fresh ? "" : " ").Append(word);
            used += length + (fresh ? 0 : 1);
            fresh = false;
        }
    }

    private static string NameOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{NameOf(parent)} {command.Name}".TrimStart()
        : "";
}
