using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Electra.Tool;

/// <summary>Reads the files that commands take: lines of text, or one JSON object a line.</summary>
internal static class InputLines
{
    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The lines of a UTF-8 file.</summary>
    public static string[] Read(string path)
    {
        string text = ReadText(path);
        return [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    /// <summary>The text of a UTF-8 file as it is, without byte order mark.</summary>
    public static string ReadText(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read ({e.Message.TrimEnd('.')}); give a file that exists.", e);
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}:{bytes.AsSpan(0, Math.Max(0, e.Index)).Count((byte)'\n') + 1} is not UTF-8; save the file in that encoding.", e);
        }
    }

    /// <summary>
    /// The encodings of a file with one JSON object a line: <c>{"text": …, "pair": …}</c> or <c>{"input_ids": […], "token_type_ids": […]}</c>.
    /// </summary>
    public static List<(Row Row, TokenEncoding Encoding)> Encode(string path, ElectraTokenizer tokenizer)
    {
        var rows = new List<(Row, TokenEncoding)>();
        foreach (var (line, number) in Read(path).Select((line, i) => (line, i + 1)).Where(numbered => numbered.line.Length > 0))
        {
            try
            {
                var row = JsonSerializer.Deserialize<Row>(line, JsonOptions) ?? throw new InputException("it is null; write a JSON object.");
                rows.Add((row, row.Encode(tokenizer)));
            }
            catch (JsonException e)
            {
                throw new InputException($"{path}:{number} is not a row; write {{\"text\": …, \"pair\": …}} or {{\"input_ids\": […], \"token_type_ids\": […]}}.", e);
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
            _ => throw new InputException("the row has neither or both of text and input_ids; write {\"text\": …, \"pair\": …} or {\"input_ids\": […], \"token_type_ids\": […]}."),
        };

        private static TokenEncoding Check(TokenEncoding encoding, ElectraTokenizer tokenizer) => encoding.InputIds.Max() < tokenizer.VocabularySize
            ? encoding
            : throw new InputException($"the id {encoding.InputIds.Max()} is outside the vocabulary of {tokenizer.VocabularySize}; use ids of this vocabulary.");
    }
}
