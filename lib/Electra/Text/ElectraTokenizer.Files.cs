using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Tokenizers;

namespace Electra;

// A tokenizer's files, as Hugging Face has them: vocab.txt with a token a line, and tokenizer_config.json.
public sealed partial class ElectraTokenizer
{
    /// <summary>Found anywhere in a text. All but the last are needed by every encoding.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly JsonTypeInfo<Settings> SettingsInfo =
        JsonFormats.TypeInfo<Settings>(SettingsJson.Default, JsonFormats.Settings);

    private ElectraTokenizer(string[] vocabulary, Dictionary<string, int> ids, bool lowerCase, bool splitChinese, int? modelMaxLength)
    {
        _vocabulary = vocabulary;
        _ids = ids;
        _special = [.. SpecialTokens.Where(ids.ContainsKey).Select(token => new Token(token, ids[token], 0, 0))];
        _lowerCase = lowerCase;
        _splitChinese = splitChinese;
        ModelMaxLength = modelMaxLength;

        // The library counts UTF-16 units, of which a word of LongestWord code points has at most twice as many.
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        _wordPiece = WordPieceTokenizer.Create(lines, new WordPieceOptions { MaxInputCharsPerWord = 2 * LongestWord });
    }

    /// <summary>
    /// Reads a tokenizer from a checkpoint folder: <c>vocab.txt</c>, and <c>tokenizer_config.json</c> where there is one.
    /// </summary>
    /// <remarks>
    /// Honoured are <c>do_lower_case</c>, <c>strip_accents</c>, <c>tokenize_chinese_chars</c> and <c>model_max_length</c>, with Hugging
    /// Face's defaults: what does not say <c>"do_lower_case": false</c> is lower-cased, and what is lower-cased loses its accents unless it
    /// says
    /// <c>"strip_accents": false</c>. Stripping accents is refused: it needs Unicode's decompositions, and .NET only has them together with
    /// ICU.
    /// </remarks>
    /// <exception cref="InputException">A file is missing or damaged, or the configuration asks for accents to be stripped.</exception>
    public static ElectraTokenizer FromFolder(string folder)
    {
        string vocabulary = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(vocabulary))
        {
            throw new InputException($"{(Directory.Exists(folder) ? vocabulary : folder)} does not exist; give a folder with a vocab.txt.");
        }

        string path = Path.Combine(folder, "tokenizer_config.json");
        Settings settings = File.Exists(path) ? ReadSettings(path) : new Settings();
        bool lowerCase = settings.DoLowerCase ?? true;
        return settings.StripAccents ?? lowerCase
            ? throw new InputException(
                $"{path} does not rule out that texts lose their accents, which is not supported; write " +
                "\"do_lower_case\": false into it for a " +
                "vocabulary with upper case, such as KoELECTRA's, and else \"strip_accents\": false.")
            : Read(vocabulary, lowerCase, settings.TokenizeChineseChars ?? true, settings.ModelMaxLength);
    }

    /// <summary>Makes a tokenizer from a vocabulary file alone; upper and lower case stay apart.</summary>
    /// <param name="path">UTF-8 with one token a line; a token's id is its line, counted from 0.</param>
    /// <exception cref="InputException">The file is missing, is not UTF-8, has an empty or repeated line, or lacks a special
    /// token.</exception>
    public static ElectraTokenizer FromVocabulary(string path) => Read(path, lowerCase: false, splitChinese: true, modelMaxLength: null);

    /// <summary>Makes a tokenizer from tokens, whose ids are their positions; upper and lower case stay apart.</summary>
    /// <param name="tokens">No two alike, with the special tokens.</param>
    /// <exception cref="InputException">A token is repeated, or a special one is missing.</exception>
    public static ElectraTokenizer FromTokens(IReadOnlyList<string> tokens) =>
        Create("the vocabulary", tokens, lowerCase: false, splitChinese: true, modelMaxLength: null);

    /// <summary>
    /// What two tokenizers have in common that give the same tokens, as lines: the vocabulary, then how texts are cut, unless as
    /// KoELECTRA's are.
    /// </summary>
    public IEnumerable<string> Identity =>
        (_lowerCase, _splitChinese) == (false, true)
            ? _vocabulary
            : [.. _vocabulary, $"lower case {_lowerCase}, Chinese split {_splitChinese}"];

    /// <summary>
    /// Writes <c>vocab.txt</c> and <c>tokenizer_config.json</c> for Hugging Face's <c>ElectraTokenizer</c>; the same bytes each time.
    /// </summary>
    /// <param name="folder">Made when it does not exist; files of these names are replaced.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public void Save(string folder)
    {
        var settings = new Settings(_lowerCase, _splitChinese, StripAccents: false, ModelMaxLength, "ElectraTokenizer");
        AtomicFile.WriteText(Path.Combine(folder, "vocab.txt"), string.Concat(_vocabulary.Select(token => token + "\n")));
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer_config.json"), JsonSerializer.Serialize(settings, SettingsInfo) + "\n");
    }

    private static ElectraTokenizer Read(string path, bool lowerCase, bool splitChinese, double? modelMaxLength)
    {
        byte[] bytes = InputFile.ReadBytes(path);
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            throw new InputException(
                $"{path} line 1 begins with a byte order mark, which is no part of a token; save it as UTF-8 without.");
        }

        var tokens = new List<string>();
        // ends lines where Python's text mode does: LF, CR LF or CR, and not at U+2028
        using var lines = new StringReader(InputFile.Decode(bytes, path));
        while (lines.ReadLine() is { } token)
        {
            tokens.Add(token);
        }

        return Create(path, tokens, lowerCase, splitChinese, modelMaxLength);
    }

    private static ElectraTokenizer Create(string source, IReadOnlyList<string> tokens, bool lowerCase,
        bool splitChinese, double? modelMaxLength)
    {
        var ids = new Dictionary<string, int>();
        foreach (string token in tokens)
        {
            if (token.Trim(' ', '\t').Length == 0)
            {
                throw new InputException(
                    $"{source} line {ids.Count + 1} is blank, but every line is a token; remove it, or restore what was lost.");
            }

            if (!ids.TryAdd(token, ids.Count))
            {
                throw new InputException(
                    $"{source} line {ids.Count + 1} repeats '{token}' of line {ids[token] + 1}; a token has one line.");
            }
        }

        foreach (string special in SpecialTokens.SkipLast(1))
        {
            if (!ids.ContainsKey(special))
            {
                throw new InputException(
                    $"{source} has no line {special}, which every encoding needs; is it the vocab.txt of an ELECTRA checkpoint?");
            }
        }

        return new ElectraTokenizer([.. tokens], ids, lowerCase, splitChinese,
            modelMaxLength <= int.MaxValue ? (int?)modelMaxLength : null);
    }

    private static Settings ReadSettings(string path)
    {
        try
        {
            var settings = JsonSerializer.Deserialize(InputFile.ReadBytes(path), SettingsInfo) ?? throw new JsonException("it is null");
            return settings.ModelMaxLength is < 1 || settings.ModelMaxLength % 1 > 0
                ? throw new InputException(
                    $"{path} has a model_max_length of {settings.ModelMaxLength}; it is a number of tokens, 1 or more.")
                : settings;
        }
        catch (JsonException e)
        {
            throw new InputException(
                $"{path} line {e.LineNumber + 1 ?? 1} is not what belongs there in a tokenizer's configuration " +
                $"({e.Path ?? "$"}); correct it.", e);
        }
    }

    /// <summary>tokenizer_config.json; Python writes 1e30 as the model_max_length of a tokenizer without limit.</summary>
    private sealed record Settings(
        bool? DoLowerCase = null,
        bool? TokenizeChineseChars = null,
        bool? StripAccents = null,
        double? ModelMaxLength = null,
        string? TokenizerClass = null);

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(Settings))]
    private sealed partial class SettingsJson : JsonSerializerContext;
}
