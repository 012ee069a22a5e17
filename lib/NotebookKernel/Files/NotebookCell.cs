using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>A cell of a notebook file: a view on its JSON.</summary>
public sealed class NotebookCell
{
    private readonly JsonObject _json;
    private MarkdownText? _markdown;

    internal NotebookCell(string path, int number, JsonNode? json)
    {
        Number = number;
        _json = json as JsonObject ?? throw new NotebookException($"{path}, cell {number} is not a JSON object.");
        Kind = Text(_json["cell_type"]) ?? throw new NotebookException($"{path}, cell {number} has no cell_type.");
        Source = Text(_json["source"]) ?? throw new NotebookException($"{path}, cell {number} has no source.");
        Tags = [.. ((_json["metadata"] as JsonObject)?["tags"] is JsonArray tags ? tags : []).Select(t => Text(t) ?? "")];
        Id = Text(_json["id"]);
        Language = Text((_json["metadata"] as JsonObject)?["polyglot_notebook"] is JsonObject polyglot ? polyglot["kernelName"] : null)
            ?? "csharp";
    }

    /// <summary>Its place in the notebook, from 1, Markdown cells counted.</summary>
    public int Number { get; }

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Kind { get; }

    /// <summary>Whether it is a code cell.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>Its id (nbformat 4.5), or null.</summary>
    public string? Id { get; }

    /// <summary>The kernel that Polyglot Notebooks gave it, <c>csharp</c> where none is named.</summary>
    public string Language { get; }

    /// <summary>Its text.</summary>
    public string Source { get; }

    /// <summary>The tags in its metadata.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The number of its run, or null when it was not run.</summary>
    public int? ExecutionCount
    {
        get => _json["execution_count"] is JsonValue value && value.TryGetValue(out int count) ? count : null;
        set => _json["execution_count"] = value;
    }

    /// <summary>Its outputs, as stored.</summary>
    public IReadOnlyList<JsonObject> Outputs => [.. (_json["outputs"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>Names of files attached to a Markdown cell.</summary>
    public IReadOnlyList<string> Attachments => [.. (_json["attachments"] as JsonObject ?? []).Select(a => a.Key)];

    /// <summary>The headings of a Markdown cell, in order.</summary>
    public IReadOnlyList<Heading> Headings => Kind == "markdown" ? Markdown.Headings : [];

    /// <summary>What the source is as Markdown.</summary>
    public MarkdownText Markdown => _markdown ??= new(Source);

    /// <summary>A copy of all that the file says of it.</summary>
    /// <returns>The cell's JSON, for <see cref="Notebook.With"/>.</returns>
    public JsonObject ToJson() => (JsonObject)_json.DeepClone();

    /// <summary>A text that notebooks hold as one string or as a list of lines; null when it is neither.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The whole text.</returns>
    public static string? Text(JsonNode? json) => json switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonArray lines when lines.All(l => l is JsonValue v && v.TryGetValue(out string? _)) =>
            string.Concat(lines.Select(l => l!.GetValue<string>())),
        _ => null,
    };

    /// <summary>Replaces the outputs, in the form in which notebooks are stored: texts as lists of lines, keys in order.</summary>
    internal void SetOutputs(IEnumerable<JsonObject> outputs) => _json["outputs"] = new JsonArray([.. outputs.Select(Stored)]);

    private static JsonObject Stored(JsonObject output)
    {
        var copy = (JsonObject)Sorted(output)!;
        copy.Remove("transient");
        if (copy["text"] is JsonValue text)
        {
            copy["text"] = Lines(text.GetValue<string>());
        }

        if (copy["data"] is JsonObject data)
        {
            foreach ((string mime, JsonNode? value) in data.ToArray())
            {
                if (MimeTypes.IsLines(mime) && Text(value) is { } content)
                {
                    data[mime] = Lines(content);
                }
            }
        }

        return copy;
    }

    /// <summary>The same JSON with all names in order, as notebooks hold it.</summary>
    internal static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members =>
            new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>A text as notebooks hold it: a list of lines, each with its end.</summary>
    /// <param name="text">The whole text.</param>
    /// <returns>The lines.</returns>
    public static JsonArray Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new JsonArray();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) is >= 0 and int at ? at + 1 : text.Length;
            lines.Add(text[start..end]);
        }

        return lines;
    }
}
