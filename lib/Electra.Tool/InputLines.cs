using System.Text.Json;

namespace Electra.Tool;

/// <summary>Reads the files that commands take: lines of text, or one JSON object a line.</summary>
internal static class InputLines
{
    /// <summary>The lines of a UTF-8 file.</summary>
    public static string[] Read(string path)
    {
        string text = InputFile.ReadText(path);
        return [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    /// <summary>
    /// The encodings of a file with one JSON object a line: <c>{"text": …, "pair": …}</c> or <c>{"input_ids": […], "token_type_ids":
    /// […]}</c>.
    /// </summary>
    public static List<(Row Row, TokenEncoding Encoding)> Encode(string path, ElectraTokenizer tokenizer)
    {
        var rows = new List<(Row, TokenEncoding)>();
        foreach (var (line, number) in Read(path).Select((line, i) => (line, i + 1)).Where(numbered => numbered.line.Length > 0))
        {
            try
            {
                var row = JsonSerializer.Deserialize<Row>(line, JsonFormats.Records)
                    ?? throw new InputException("it is null; write a JSON object.");
                rows.Add((row, row.Encode(tokenizer)));
            }
            catch (JsonException e)
            {
                throw new InputException($"{path}:{number} is not a row; write {{\"text\": …, \"pair\": …}} or {{\"input_ids\": […], " +
                    $"\"token_type_ids\": […]}}.", e);
            }
            catch (InputException e)
            {
                throw new InputException($"{path}:{number}: {e.Message}", e);
            }
        }

        return rows.Count > 0 ? rows : throw new InputException($"{path} has no rows; write one JSON object a line.");
    }

    /// <summary>One line of such a file.</summary>
    public sealed record Row(string? Text = null, string? Pair = null, int[]? InputIds = null, int[]? TokenTypeIds = null)
    {
        public TokenEncoding Encode(ElectraTokenizer tokenizer) => (Text, InputIds) switch
        {
            ({ } text, null) when TokenTypeIds is null => tokenizer.Encode(text, Pair),
            (null, { } ids) when Pair is null => Check(TokenEncoding.FromIds(ids, TokenTypeIds), tokenizer),
            _ => throw new InputException("the row has neither or both of text and input_ids; write {\"text\": …, \"pair\": …} or " +
                "{\"input_ids\": […], \"token_type_ids\": […]}."),
        };

        private static TokenEncoding Check(TokenEncoding encoding, ElectraTokenizer tokenizer) =>
            encoding.InputIds.Max() < tokenizer.VocabularySize
            ? encoding
            : throw new InputException(
                $"the id {encoding.InputIds.Max()} is outside the vocabulary of {tokenizer.VocabularySize}; use ids of this vocabulary.");
    }
}
