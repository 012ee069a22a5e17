using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>Reads JSON that others wrote: what .NET would find only on a later look, or not at all, is found now.</summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">It is no JSON, is nested too deeply, has a name twice, or has half a surrogate pair.</exception>
    public static JsonNode? Parse(string text, int depth = 64) => Look(() => JsonNode.Parse(text, documentOptions: Options(depth)));

    /// <inheritdoc cref="Parse(string, int)"/>
    public static JsonNode? Parse(byte[] utf8, int start, int length, int depth = 64) =>
        Look(() => JsonNode.Parse(utf8.AsSpan(start, length), documentOptions: Options(depth)));

    private static JsonDocumentOptions Options(int depth) => new() { AllowDuplicateProperties = false, MaxDepth = depth };

    private static JsonNode? Look(Func<JsonNode?> parse)
    {
        try
        {
            JsonNode? node = parse();
            Texts(node);
            return node;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("A text in it has half a character (a surrogate without its other half).", e);
        }
    }

    /// <summary>Decodes every name and text.</summary>
    private static void Texts(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((_, JsonNode? value) in members)
                {
                    Texts(value);
                }

                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Texts(item);
                }

                break;
            case JsonValue value:
                value.TryGetValue(out string? _);
                break;
        }
    }
}
