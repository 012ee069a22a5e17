using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

internal static class MimeTypes
{
    public const string Plain = "text/plain";
    public const string Html = "text/html";
    public const string Png = "image/png";

    private const int Depth = 50; // messages and notebooks put some more around it, and .NET's own limit is 64

    /// <summary>Whether notebooks hold this type as JSON rather than as text.</summary>
    public static bool IsJson(string mime) => mime == "application/json"
        || (mime.StartsWith("application/", StringComparison.Ordinal) && mime.EndsWith("+json", StringComparison.Ordinal));

    /// <summary>Whether notebooks hold this type as a list of lines, as Jupyter's nbformat does.</summary>
    public static bool IsLines(string mime) => mime.StartsWith("text/", StringComparison.Ordinal)
        || mime is "image/svg+xml" or "application/javascript";

    public static JsonNode? ParseJson(string mime, string text)
    {
        try
        {
            return StrictJson.Parse(text, Depth);
        }
        catch (JsonException e)
        {
            throw new NotebookException($"A formatter gave {mime} that is not JSON ({e.Message})", e);
        }
    }
}
