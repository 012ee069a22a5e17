using System.Text.Json;

namespace Electra.Lessons;

/// <summary>Reads the SVG pictures among a notebook's stored outputs.</summary>
internal static class NotebookPictures
{
    /// <summary>The pictures, in order; none where the file is no notebook or cannot be read just now.</summary>
    public static IReadOnlyList<string> Read(string file)
    {
        var pictures = new List<string>();
        try
        {
            using var stream = File.OpenRead(file);
            using var notebook = JsonDocument.Parse(stream);
            foreach (var cell in notebook.RootElement.GetProperty("cells").EnumerateArray())
            {
                foreach (var output in cell.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateArray() : default)
                {
                    if (output.TryGetProperty("data", out var data) && data.TryGetProperty(ShownFormatters.Svg, out var svg))
                    {
                        pictures.Add(svg.ValueKind == JsonValueKind.Array ? string.Concat(svg.EnumerateArray().Select(line => line.GetString())) : svg.GetString() ?? "");
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or KeyNotFoundException or InvalidOperationException)
        {
            return pictures;
        }

        return pictures;
    }
}
