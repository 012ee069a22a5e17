using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Electra.Tool;

/// <summary>
/// The file or standard input that a command reads texts from, by one rule: what the name ends in says what is in it, <c>--input-format</c>
/// overrides that, and what has another name, as standard input has, is what the command reads by itself.
/// </summary>
internal sealed class TextInput
{
    /// <summary>One text a line.</summary>
    public const string Plain = "txt";

    /// <summary>One JSON object a line.</summary>
    public const string Rows = "jsonl";

    /// <summary>Columns between tabs, with a header.</summary>
    public const string Table = "tsv";

    /// <summary>Questions in SQuAD's format.</summary>
    public const string Questions = "json";

    private const string Standard = "-";
    private const string StandardName = "standard input";

    private static readonly string[] Formats = [Plain, Rows, Table, Questions];
    private static readonly string[] TextColumns = ["text", "document"];

    private readonly Option<string?> _input;
    private readonly Option<string?> _format;

    /// <summary>Makes the two options.</summary>
    /// <param name="unnamed">What files of other names and standard input are, as help says it.</param>
    public TextInput(string unnamed)
    {
        _input = new("--input")
        {
            Description = "A file, or - for standard input, which a pipe is where no text is given. By the end of its name, .txt: one " +
                "text a line; .jsonl: one JSON object a line, {\"text\": …, \"pair\": …} or {\"input_ids\": […], " +
                "\"token_type_ids\": […]}; .tsv: a header with a column text or document; .json: questions in SQuAD's format; each also " +
                "with .gz. A trained model and pretrain read no pairs and no ids, questions are for predict alone.",
        };
        _format = new("--input-format")
        {
            Description = $"What --input is, whatever its name: {string.Join(", ", Formats)}. Default: by the name; for - and other " +
                $"names {unnamed}.",
        };
        _format.AcceptOnlyFromAmong(Formats);
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_input);
        command.Options.Add(_format);
    }

    /// <summary>What is to be read.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="unnamed">What files of other names and standard input are.</param>
    /// <param name="otherwise">Whether there is something else to work on: then a pipe is not read unless it is asked for.</param>
    /// <returns>Null where there is nothing.</returns>
    public Source? Open(ParseResult parsed, string unnamed, bool otherwise)
    {
        string? path = parsed.GetValue(_input);
        string? format = parsed.GetValue(_format);
        if (path is null && (otherwise || !Console.IsInputRedirected))
        {
            return format is null ? null : throw new InputException($"{_format.Name} says what {_input.Name} is; give a file there, or -.");
        }

        return new Source(path ?? Standard, format ?? FormatOf(path ?? Standard) ?? unnamed);
    }

    /// <summary>Whether nothing of a text can be read: it has only blanks and invisible characters.</summary>
    public static bool IsEmpty(string text) => text.EnumerateRunes().All(rune => Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format);

    private static string? FormatOf(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Formats.FirstOrDefault(format => name.EndsWith($".{format}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A file or standard input, and what is in it.</summary>
    /// <param name="Path">The file; - is standard input.</param>
    /// <param name="Format">One of the formats.</param>
    public sealed record Source(string Path, string Format)
    {
        /// <summary>What messages call it.</summary>
        public string Name => Path == Standard ? StandardName : Path;

        /// <summary>Whether it is standard input: whoever writes there may wait for each answer.</summary>
        public bool IsStandard => Path == Standard;

        /// <summary>The rows in their order, read as they are asked for.</summary>
        /// <exception cref="InputException">It cannot be read, or is not what its format says; the message names file and line.</exception>
        public IEnumerable<Row> Read() => Format switch
        {
            Plain => Lines().Select((line, i) => new Row(line) { Place = $"{Name}:{i + 1}" }),
            Rows => Lines().Index().Where(line => line.Item.Length > 0).Select(line => JsonRow(line.Item, $"{Name}:{line.Index + 1}")),
            Table => TableRows(),
            _ => throw new InputException($"{Name} has questions in SQuAD's format, which only predict reads, with a model that answers " +
                $"them; give texts, or say by --input-format what it is."),
        };

        /// <summary>The questions, in SQuAD's format, read as they are asked for.</summary>
        /// <exception cref="InputException">It cannot be read, or has another format.</exception>
        public IEnumerable<Question> ReadQuestions()
        {
            if (Format != Questions)
            {
                throw new InputException($"{Name} is read as .{Format}, but a model for question answering reads questions in SQuAD's " +
                    $"format; give such a file, and --input-format {Questions} where its name does not end in .{Questions}.");
            }

            return Path == Standard
                ? QuestionFile.Rows(Console.OpenStandardInput(), Name, answered: false)
                : QuestionFile.Rows(Path, answered: false);
        }

        private IEnumerable<string> Lines() =>
            Path == Standard ? TextFile.Lines(Console.OpenStandardInput(), Name) : TextFile.Lines(Path);

        private static Row JsonRow(string line, string place)
        {
            try
            {
                return (JsonSerializer.Deserialize<Row>(line, JsonFormats.Records)
                    ?? throw new InputException($"{place} is null; write a JSON object.")) with
                { Place = place };
            }
            catch (JsonException e)
            {
                throw new InputException($"{place} is not a row; write {Row.Forms}.", e);
            }
        }

        private IEnumerable<Row> TableRows()
        {
            string[]? header = null;
            int text = 0;
            int pair = 0;
            foreach (var (i, line) in Lines().Index())
            {
                string[] columns = line.Split('\t');
                if (header is null)
                {
                    header = columns;
                    text = Array.FindIndex(header, TextColumns.Contains);
                    pair = Array.IndexOf(header, "pair");
                    if (text < 0)
                    {
                        throw new InputException($"{Name}:1 has no column {string.Join(" or ", TextColumns)}; name one so in the header, " +
                            "or say by --input-format what the file is.");
                    }
                }
                else if (columns.Length == header.Length)
                {
                    yield return new Row(columns[text], pair < 0 ? null : columns[pair]) { Place = $"{Name}:{i + 1}" };
                }
                else
                {
                    throw new InputException($"{Name}:{i + 1} has {columns.Length} columns, but the header has {header.Length}; separate " +
                        "columns by single tabs.");
                }
            }
        }
    }

    /// <summary>A text or two, or ready-made ids.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Pair">A second text, read after the first.</param>
    /// <param name="InputIds">Ids of word pieces, in place of texts.</param>
    /// <param name="TokenTypeIds">0 or 1 for each of them.</param>
    public sealed record Row(string? Text = null, string? Pair = null, int[]? InputIds = null, int[]? TokenTypeIds = null)
    {
        /// <summary>What a row of JSON is.</summary>
        public const string Forms = "{\"text\": …, \"pair\": …} or {\"input_ids\": […], \"token_type_ids\": […]}";

        /// <summary>Where it stands, for messages.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public string Place { get; init; } = "";

        /// <summary>The text, where there is nothing else.</summary>
        /// <exception cref="InputException">There is something else.</exception>
        public string TextAlone => this is { Text: { } text, Pair: null, InputIds: null, TokenTypeIds: null }
            ? text
            : throw new InputException($"{Place} is not one text alone, which is what is read here; write {{\"text\": …}}.");

        /// <summary>As the encoder reads it.</summary>
        /// <exception cref="InputException">It is no such row, or has ids of another vocabulary.</exception>
        public TokenEncoding Encode(ElectraTokenizer tokenizer)
        {
            try
            {
                return (Text, InputIds) switch
                {
                    ({ } text, null) when TokenTypeIds is null => tokenizer.Encode(text, Pair),
                    (null, { } ids) when Pair is null => Check(TokenEncoding.FromIds(ids, TokenTypeIds), tokenizer),
                    _ => throw new InputException($"the row has neither or both of text and input_ids; write {Forms}."),
                };
            }
            catch (InputException e)
            {
                throw new InputException($"{Place}: {e.Message}", e);
            }
        }

        private static TokenEncoding Check(TokenEncoding encoding, ElectraTokenizer tokenizer) =>
            encoding.InputIds.Max() < tokenizer.VocabularySize
            ? encoding
            : throw new InputException(
                $"the id {encoding.InputIds.Max()} is outside the vocabulary of {tokenizer.VocabularySize}; use ids of this vocabulary.");
    }
}
