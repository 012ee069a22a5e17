using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace Electra.Tool;

/// <summary>What <c>--help</c> shows: wrapped at words on a terminal, and with examples at its end.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
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
        ["notebooks compare"] = ["electra notebooks compare", "electra notebooks compare notebooks/02-inside-the-encoder.ipynb --json"],
        ["notebooks sync"] = ["electra notebooks sync", "electra notebooks sync --translated text-03,text-07"],
        ["notebooks export"] = ["electra notebooks export my-pages",
            "electra notebooks export my-pages --repository https://HOST/NAME/blob/main"],
        ["classroom"] = ["electra classroom /media/stick/class --systems win-x64,osx-arm64,linux-x64",
            "electra classroom /media/stick/class --check"],
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

        output.Write(WordWrap.Wrap(page.ToString(), Console.IsOutputRedirected ? int.MaxValue : Terminal.Out.Profile.Width));
        return 0;
    }

    private static string NameOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{NameOf(parent)} {command.Name}".TrimStart()
        : "";
}
