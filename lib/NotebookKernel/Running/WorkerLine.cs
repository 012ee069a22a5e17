using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// A line that the worker's process wrote: an output of a cell, or the reply to a request. A cell can write into the pipe too, so
/// nothing in it is believed before it was looked at.
/// </summary>
internal sealed record WorkerLine(int Id, JsonObject? Output, JsonObject? Reply)
{
    /// <exception cref="JsonException">It is no such line.</exception>
    public static WorkerLine Parse(byte[] buffer, int start, int length)
    {
        if (StrictJson.Parse(buffer, start, length) is not JsonObject line || line["id"] is not JsonValue number
            || !number.TryGetValue(out int id))
        {
            throw new JsonException("It has no id.");
        }

        var (output, reply) = (line["output"] as JsonObject, line["reply"] as JsonObject);
        if (line.Count != 2 || (output is null && reply is null) || (output is not null && !IsOutput(output)))
        {
            throw new JsonException("It is neither an output nor a reply.");
        }

        line.Clear(); // they shall have no parent
        return new(id, output, reply);
    }

    private static bool IsOutput(JsonObject output) => Text(output["output_type"]) switch
    {
        "stream" => Text(output["name"]) is "stdout" or "stderr" && Text(output["text"]) is not null,
        "error" => Text(output["ename"]) is not null && Text(output["evalue"]) is not null && output["traceback"] is JsonArray lines
            && lines.All(l => Text(l) is not null),
        "display_data" or "update_display_data" => IsBundle(output),
        "execute_result" => IsBundle(output) && output["execution_count"] is JsonValue count && count.TryGetValue(out int _),
        _ => false,
    };

    private static bool IsBundle(JsonObject output) => output["data"] is JsonObject && output["metadata"] is JsonObject
        && (output["transient"] is null || output["transient"] is JsonObject transient && Text(transient["display_id"]) is not null);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
