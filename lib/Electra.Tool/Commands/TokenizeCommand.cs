using System.CommandLine;
using Spectre.Console;

namespace Electra.Tool.Commands;

internal static class TokenizeCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--encoder", "--model") { Description = "Checkpoint folder. Default: the shipped encoder." };
        var vocabulary = new Option<string?>("--vocab") { Description = "A vocab.txt, instead of a checkpoint folder." };
        var input = new TextInput(TextInput.Rows);
        var texts = new Argument<string[]>("texts") { Description = "Texts to tokenize.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("tokenize", "Shows word pieces, ids and character ranges of texts.") { model, vocabulary, texts };
        input.AddTo(command);
        command.SetAction(Run);
        return command;

        int Run(ParseResult parsed)
        {
            var tokenizer = Open(parsed.GetValue(model), parsed.GetValue(vocabulary));
            string[] given = parsed.GetValue(texts)!;
            var source = input.Open(parsed, TextInput.Rows, otherwise: given.Length > 0);
            int rows = 0;
            foreach (var row in given.Select(text => new TextInput.Row(text)).Concat(source?.Read() ?? []))
            {
                rows++;
                Print(parsed.GetValue(Terminal.Json), row, row.Encode(tokenizer), tokenizer);
            }

            if (rows == 0)
            {
                throw new InputException("There is no text to tokenize; give texts as arguments, or with --input a file that has some, " +
                    "or - for standard input.");
            }

            return 0;
        }
    }

    private static ElectraTokenizer Open(string? folder, string? vocabulary)
    {
        if (folder is not null && vocabulary is not null)
        {
            throw new InputException("--encoder and --vocab name two vocabularies; give one of them.");
        }

        string? shipped = ProjectFolder.Find() is { } root ? Path.Combine(root, EncoderSource.Shipped) : null;
        return vocabulary is not null ? ElectraTokenizer.FromVocabulary(vocabulary)
            : folder is not null ? ElectraTokenizer.FromFolder(folder)
            : Directory.Exists(shipped) ? ElectraTokenizer.FromFolder(shipped)
            : throw new InputException("The shipped encoder lies in a clone of the project, and this is not run in one; give a " +
                "checkpoint folder with --encoder, or a vocab.txt with --vocab.");
    }

    private static void Print(bool json, TextInput.Row row, TokenEncoding encoding, ElectraTokenizer tokenizer)
    {
        string[] tokens = encoding.Tokens.Length > 0 ? encoding.Tokens : [.. encoding.InputIds.Select(tokenizer.TokenOf)];
        if (!json)
        {
            var table = new ResultTable("token", "id", "characters", "type");
            for (int i = 0; i < tokens.Length; i++)
            {
                string range = encoding.Offsets.Length > 0 && encoding.SequenceIds[i] >= 0
                    ? $"{encoding.Offsets[i].Start} – {encoding.Offsets[i].End}"
                    : "";
                table.AddRow(Markup.Escape(tokens[i]), $"{encoding.InputIds[i]}", range, $"{encoding.TokenTypeIds[i]}");
            }

            Terminal.Print(row.Pair is null ? row.Text ?? "" : $"{row.Text} | {row.Pair}");
            Terminal.PrintTable(table);
            return;
        }

        int[][] offsets = [.. encoding.Offsets.Select(range => new[] { range.Start, range.End })];
        var result = new Dictionary<string, object?> { ["text"] = row.Text };
        if (row.Pair is not null)
        {
            result["pair"] = row.Pair;
        }

        result["tokens"] = tokens;
        result["ids"] = encoding.InputIds;
        result["offsets"] = offsets;
        result["token_type_ids"] = encoding.TokenTypeIds;
        Terminal.WriteJson(result);
    }
}
