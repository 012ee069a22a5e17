using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel;

/// <summary>Collects a cell's outputs as they come: text of one stream is joined, updated displays are replaced.</summary>
internal sealed partial class OutputList
{
    private const long Limit = 50_000_000;
    private const int Overhead = 500;

    private readonly List<JsonObject> _outputs = [];
    private long _characters;

    public void Add(JsonObject output)
    {
        lock (_outputs)
        {
            if (_characters > Limit)
            {
                return;
            }

            _characters += Characters(output);
            if (_characters > Limit && (string?)output["output_type"] != "error")
            {
                output = new()
                {
                    ["output_type"] = "stream",
                    ["name"] = "stderr",
                    ["text"] = $"[cut here: the cell's outputs have more than {Limit:N0} characters]\n",
                };
            }

            if (output["output_type"]!.GetValue<string>() == "update_display_data")
            {
                output["output_type"] = "display_data";
                int place = _outputs.FindIndex(o => Id(o) is { } id && id == Id(output));
                if (place >= 0)
                {
                    _characters -= Characters(_outputs[place]);
                    _outputs[place] = output;
                }
            }
            else if (_outputs.Count > 0 && _outputs[^1] is { } last && IsStream(last) && IsStream(output)
                && (string?)last["name"] == (string?)output["name"])
            {
                last["text"] = (string?)last["text"] + (string?)output["text"];
            }
            else
            {
                _outputs.Add(output);
            }
        }
    }

    public JsonObject[] ToArray()
    {
        lock (_outputs)
        {
            return [.. _outputs.Select(o => (JsonObject)o.DeepClone())];
        }
    }

    /// <summary>The outputs without what differs from run to run: temporary paths and memory addresses.</summary>
    public JsonObject[] Normalised()
    {
        JsonObject[] outputs = ToArray();
        foreach (JsonObject output in outputs)
        {
            foreach (string key in (string[])["text", "evalue"])
            {
                Normalise(output, key);
            }

            if (output["data"] is JsonObject data)
            {
                foreach (string mime in data.Select(d => d.Key).Where(m => m.StartsWith("text/", StringComparison.Ordinal)).ToArray())
                {
                    Normalise(data, mime);
                }
            }

            if (output["traceback"] is JsonArray lines)
            {
                output["traceback"] = new JsonArray([.. lines.Select(l => JsonValue.Create(Normalise((string)l!)))]);
            }
        }

        return outputs;
    }

    public static string Normalise(string text)
    {
        string temporary = Regex.Escape(Path.TrimEndingDirectorySeparator(Path.GetTempPath()));
        text = Regex.Replace(text, $@"{temporary}[/\\][\w.\-]+", "/tmp/…");
        return Address().Replace(text, "0x…");
    }

    private static void Normalise(JsonObject owner, string key)
    {
        if (owner[key] is JsonValue value && value.TryGetValue(out string? text))
        {
            owner[key] = Normalise(text);
        }
    }

    private static long Characters(JsonNode? node) => node switch
    {
        JsonObject members => Overhead + members.Sum(m => Characters(m.Value)),
        JsonArray items => items.Sum(Characters),
        JsonValue value when value.TryGetValue(out string? text) => text.Length,
        _ => 10,
    };

    private static bool IsStream(JsonObject output) => (string?)output["output_type"] == "stream";

    private static string? Id(JsonObject output) => (string?)output["transient"]?["display_id"];

    [GeneratedRegex(@"\b0x[0-9a-fA-F]{8,16}\b")]
    private static partial Regex Address();
}
