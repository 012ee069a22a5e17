using System.Text.Json;

namespace Electra.Lessons;

/// <summary>Reads the PNG pictures among a notebook's stored outputs.</summary>
internal static class NotebookPictures
{
    /// <summary>The pictures' bytes, in order; none where the file is no notebook or cannot be read just now.</summary>
    public static IReadOnlyList<byte[]> Read(string file)
    {
        var pictures = new List<byte[]>();
        try
        {
            using var stream = File.OpenRead(file);
            using var notebook = JsonDocument.Parse(stream);
            foreach (var cell in notebook.RootElement.GetProperty("cells").EnumerateArray())
            {
                foreach (var output in cell.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateArray() : default)
                {
                    if (output.TryGetProperty("data", out var data) && data.TryGetProperty(ShownFormatters.Png, out var png))
                    {
                        pictures.Add(
                            Convert.FromBase64String(png.ValueKind == JsonValueKind.Array
                                ? string.Concat(png.EnumerateArray().Select(line => line.GetString()))
                                : png.GetString() ?? ""));
                    }
                }
            }
        }
        catch (Exception e) when (InputFile.IsFileError(e)
            || e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return pictures;
        }

        return pictures;
    }
}
