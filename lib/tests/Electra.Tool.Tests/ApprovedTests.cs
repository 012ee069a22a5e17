using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Electra.Tests;
using PublicApiGenerator;

namespace Electra.Tool.Tests;

/// <summary>
/// What programs and people rely on, as approved texts: the libraries' public types, the commands' help, the shape of their JSON.
/// </summary>
public partial class ApprovedTests
{
    private const string Folder = "lib/tests/Electra.Tool.Tests/Approved";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Theory]
    [InlineData("Electra")]
    [InlineData("Electra.Files")]
    [InlineData("Electra.Training")]
    [InlineData("Electra.Pretraining")]
    [InlineData("Electra.Lessons")]
    [InlineData("NotebookKernel")]
    public void The_public_types_of_a_library_are_the_approved_ones(string library)
    {
        string api = Assembly.Load(library).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        Approved.Check($"{Folder}/{library}.approved.txt", api.ReplaceLineEndings("\n"),
            $"The public types of {library} changed; programs of others may not compile any more");
    }

    [Fact]
    public async Task The_help_of_every_command_is_the_approved_one()
    {
        var text = new StringBuilder();
        await Describe(CommandLine.Root(), "electra");
        Approved.Check($"{Folder}/Help.approved.txt", text.ToString(), "The help of a command changed");

        async Task Describe(Command command, string line)
        {
            var (code, help, errors) = await ToolProcess.Run([.. line.Split(' ').Skip(1), "--help"]);
            Assert.True(code == 0, errors);
            string[] lines = [.. help.ReplaceLineEndings("\n").Trim().Split('\n').Select(each => each.TrimEnd())];
            text.Append($"# {line} --help\n{string.Join('\n', lines)}\n\n");
            foreach (var part in command.Subcommands)
            {
                await Describe(part, $"{line} {part.Name}");
            }
        }
    }

    [Fact]
    public async Task What_every_command_prints_for_programs_has_the_approved_shape()
    {
        using var folder = new TemporaryFolder();
        string reviews = Directory.CreateDirectory(folder.File("reviews")).FullName;
        string[] rows = ["id\tdocument\tlabel",
            .. Enumerable.Range(0, 40).Select(i => $"{i}\t영화 {"가나다라"[i % 4]} {(i % 2 == 0 ? "별로다" : "좋았다")}\t{i % 2}")];
        File.WriteAllLines(Path.Combine(reviews, "train.tsv"), rows);
        File.WriteAllLines(Path.Combine(reviews, "test.tsv"), rows);
        File.WriteAllLines(folder.File("texts.txt"), rows.Skip(1).Select(row => row.Split('\t')[1]));
        File.WriteAllText(folder.File("rows.jsonl"), """{"text": "영화 가"}""");
        File.WriteAllText(folder.File("soft.jsonl"), """{"text": "참 좋았다", "logits": [-1.5, 2]}""");
        File.WriteAllText(folder.File("a.ipynb"), """
            {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": "1 / 0"}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        string shipped = Path.Combine(Reference.Root, "data/encoders/electra-tiny-ko");
        string results = folder.File("results");
        var text = new StringBuilder("""
            # What `electra … --json` prints

            One JSON object on a line of its own for each text, question or row where there are several, and one for each command
            otherwise; nothing else is on standard output. Here an object takes several lines, of a list of objects each kind stands once,
            and of other lists the beginning. Names and kinds of values stay as they are; a new version may add some. A failure is an object
            with `error`, one sentence, and the exit code says of what kind it was: 1 failed, 2 bad usage or input, 3 interrupted with the
            state saved. The values are an example's, of tiny models. A test runs every command and compares.

            """.TrimEnd() + "\n\n");

        await Shape("tokenize", "--encoder", shipped, "영화가 좋았다");
        await Shape("encode", "--encoder", shipped, "--input", folder.File("rows.jsonl"), "--output",
            folder.File("encoded.safetensors"));
        await Shape("train", "--encoder", "random", "--data", reviews, "--soft-labels", folder.File("soft.jsonl"), "--head", "fc",
            "--epochs", "1", "--output", folder.File("sequence"));
        await Shape("predict", "--precision", "fp32", "--model", folder.File("sequence"), "영화 가 좋았다");
        await Shape("evaluate", "--model", folder.File("sequence"), "--data", reviews);
        await Shape("train", "--task", "token", "--encoder", "random", "--limit", "20", "--head", "linear", "--epochs", "1", "--output",
            folder.File("token"));
        await Shape("predict", "--precision", "fp32", "--model", folder.File("token"), "한도율 감독은 3월에 서울에서 영화를 찍었다.");
        await Shape("evaluate", "--model", folder.File("token"));
        await Shape("train", "--task", "qa", "--encoder", "random", "--limit", "20", "--head", "linear", "--epochs", "1", "--output",
            folder.File("qa"));
        await Shape("predict", "--precision", "fp32", "--model", folder.File("qa"), "--question", "누가 찍었는가?",
            "--context", "한도율 감독은 서울에서 영화를 찍었다.");
        await Shape("evaluate", "--model", folder.File("qa"));
        await Shape("compare", "--encoder", "random", "--data", reviews, "--heads", "fc,cnn", "--seeds", "1",
            "--epochs", "1", "--jobs", "2", "--results", results);
        await Shape("compare", "--encoder", "random", "--data", reviews, "--heads", "fc,cnn", "--seeds", "1", "--members");
        await Shape("charts", "--results", results, "--output", folder.File("charts"));
        await Shape("pretrain", "--input", folder.File("texts.txt"), "--output", folder.File("encoder"), "--vocab-size", "60", "--layers",
            "1", "--hidden", "16", "--embedding", "8", "--heads", "2", "--length", "16", "--batch-size", "2", "--evaluate-every", "1",
            "--held-out", "0.2", "--steps", "1");
        await Shape("bench", "--encoder", folder.File("encoder/discriminator"), "--heads", "fc", "--batch-size", "2", "--tokens", "5",
            "--precision", "fp32", "--steps", "1");
        await Shape("notebooks", "run", folder.File("a.ipynb"));
        await Shape("notebooks", "check", folder.File("a.ipynb"));
        await Shape("notebooks", "compare", folder.File("a.ipynb"));
        string course = Directory.CreateDirectory(folder.File("course")).FullName;
        string korean = Directory.CreateDirectory(folder.File("korean")).FullName;
        File.WriteAllText(Path.Combine(course, "01-a.ipynb"), """
            {"cells": [{"cell_type": "markdown", "id": "a-1", "metadata": {}, "source": "# 01 A"},
              {"cell_type": "markdown", "id": "a-2", "metadata": {}, "source": "Text."}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        File.Copy(Path.Combine(course, "01-a.ipynb"), Path.Combine(course, "02-b.ipynb"));
        File.WriteAllText(Path.Combine(korean, "01-a.json"), """{"a-1": "# 01 가"}""");
        await Shape("notebooks", "sync", course, "--texts", korean);
        await Shape("notebooks", "export", folder.File("site"), "--course", course);

        string classroom = Directory.CreateDirectory(folder.File("class")).FullName;
        File.WriteAllText(Path.Combine(classroom, "classroom.json"),
            """{"sdk": "10.0.401", "systems": ["linux-x64"], "files": {"packages/a.1.0.0.nupkg": 7, "sheet.html": 4}}""");
        File.WriteAllText(Path.Combine(classroom, "sheet.html"), "page");
        Directory.CreateDirectory(Path.Combine(classroom, "installers"));
        File.WriteAllText(Path.Combine(classroom, "installers", "dotnet-sdk-10.0.401-linux-x64.tar.gz"), "sdk");
        await Shape("classroom", classroom, "--check");

        // What is there already is not asked for again: no network, and nothing is installed beside the folder.
        using var variables = new Variables
        {
            ["ELECTRA_CACHE"] = folder.Path,
            ["JUPYTER_DATA_DIR"] = folder.File("jupyter"),
            ["HF_ENDPOINT"] = "https://127.0.0.1:9",
        };
        Cached("data/nsmc/ratings_train.txt", 14_628_807);
        Cached("data/nsmc/ratings_test.txt", 4_893_335);
        Cached("hub/owner--name/main/config.json", 1);
        Cached("hub/owner--name/main/vocab.txt", 1);
        Cached("hub/owner--name/main/model.safetensors", 1);
        await Shape("data", "get", "nsmc");
        await Shape("model", "get", "owner/name");
        await Shape("kernel", "install", "--user");
        await Shape("doctor");
        await Shape("predict", "--model", folder.File("nowhere"), "영화");
        Assert.All(Verbs(CommandLine.Root()), verb => Assert.Contains($"\n## {verb}\n", text.ToString(), StringComparison.Ordinal));
        Approved.Check("lib/Electra.Tool/JSON.md", text.ToString(), "What a command prints for programs changed", Shapes);

        // All that prints something: the kernel speaks to Jupyter.
        static IEnumerable<string> Verbs(Command command, string before = "") => command.Subcommands
            .SelectMany(part => part.Subcommands.Count > 0 ? Verbs(part, $"{before}{part.Name} ") : [$"{before}{part.Name}"])
            .Where(verb => verb != "kernel serve");

        void Cached(string name, long size)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            using var file = File.Create(folder.File(name));
            file.SetLength(size);
        }

        async Task Shape(params string[] arguments)
        {
            var (code, output, errors) = await ToolProcess.Run(["--json", .. arguments]);
            Assert.True(output.Length > 0, errors);
            string shown = string.Join(' ', arguments.Select(argument => argument.Contains(' ') ? $"\"{argument}\"" : argument))
                .Replace(folder.Path, "FOLDER", StringComparison.Ordinal)
                .Replace(Reference.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            string verb = string.Join(' ', arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).Take(2)
                .Where(argument => argument.All(char.IsAsciiLetter)));
            text.Append($"## {verb}\n\n```\nelectra {shown} --json\n```\n\nExit code {code}.\n\n");
            foreach (string line in output.TrimEnd('\n').Split('\n'))
            {
                string example = ListOfValues().Replace(Example(JsonNode.Parse(line))!.ToJsonString(Indented).ReplaceLineEndings("\n"),
                    list => $"[{string.Join(", ", list.Groups[1].Value.Split(",\n").Select(value => value.Trim()))}]");
                text.Append($"```json\n{example.Replace(folder.Path, "FOLDER", StringComparison.Ordinal)}\n```\n\n");
            }
        }
    }

    // A page with the kinds of the values in place of the values.
    private static string Shapes(string page) => JsonBlock().Replace(page, block => ShapeOf(JsonNode.Parse(block.Groups[1].Value)));

    // What is long is cut, what differs from machine to machine left out.
    private static JsonNode? Example(JsonNode? node, string name = "") => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Example(member.Value, member.Key)))),
        JsonArray values => new JsonArray([.. (values is [JsonObject, ..] ? values.DistinctBy(ShapeOf) : values.Take(6))
            .Select(value => Example(value, name))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => Math.Round(value.GetValue<double>(), 4),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is var text
            && name is "cpu" or "system" or "electra" or "torchsharp" or "libtorch" or "dotnet" ? "…"
            : text.Length > 60 && name is "hash" or "soft_hash" or "correct" ? text[..8] + "…" : text,
        _ => node?.DeepClone(),
    };

    private static string ShapeOf(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, "", "");
        return text.ToString();

        // One line a value; a list has the shape of its values, each shape once.
        void Write(JsonNode? part, string indent, string name)
        {
            switch (part)
            {
                case JsonObject members:
                    text.Append($"{indent}{name}{{}}\n");
                    foreach (var (key, value) in members)
                    {
                        Write(value, indent + "  ", $"{key}: ");
                    }

                    break;
                case JsonArray values:
                    text.Append($"{indent}{name}[]\n");
                    text.AppendJoin("", values.Select(ShapeOf).Distinct()
                        .SelectMany(shape => shape.TrimEnd('\n').Split('\n')).Select(line => $"{indent}  {line}\n"));
                    break;
                default:
                    string kind = part?.GetValueKind() is { } known
                        ? known is JsonValueKind.True or JsonValueKind.False ? "boolean" : known.ToString().ToLowerInvariant()
                        : "null";
                    text.Append($"{indent}{name}{kind}\n");
                    break;
            }
        }
    }

    [GeneratedRegex(@"\[([^\[\]{}]+)\]")]
    private static partial Regex ListOfValues();

    [GeneratedRegex("```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
