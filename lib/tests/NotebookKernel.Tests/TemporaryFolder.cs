using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

/// <summary>A folder that is deleted with everything in it at the end of the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("notebook-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a notebook; a cell that begins with # and a space is Markdown, and tags stand before a bar.</summary>
    public string Notebook(string name, params string[] cells)
    {
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((text, i) => Cell(text, $"cell{i + 1}"))]),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        System.IO.File.WriteAllText(File(name), PythonJson.Write(json));
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static JsonObject Cell(string text, string id)
    {
        string[] parts = text.Split('|', 2);
        bool tagged = parts.Length == 2 && parts[0] is "raises-exception" or "skip-run";
        string source = tagged ? parts[1] : text;
        var metadata = tagged ? new JsonObject { ["tags"] = new JsonArray(parts[0]) } : [];
        return source.StartsWith("# ", StringComparison.Ordinal)
            ? new() { ["cell_type"] = "markdown", ["id"] = id, ["metadata"] = metadata, ["source"] = source }
            : new()
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["id"] = id,
                ["metadata"] = metadata,
                ["outputs"] = new JsonArray(),
                ["source"] = source
            };
    }
}
