using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

internal static class MimeTypes
{
    public const string Plain = "text/plain";
    public const string Html = "text/html";

    /// <summary>Whether notebooks hold this type as JSON rather than as text.</summary>
    public static bool IsJson(string mime) => mime == "application/json" || (mime.StartsWith("application/", StringComparison.Ordinal) && mime.EndsWith("+json", StringComparison.Ordinal));

    public static JsonNode? ParseJson(string mime, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new NotebookException($"A formatter gave {mime} that is not JSON ({e.Message})", e);
        }
    }
}
