using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// Writes JSON as Jupyter does (Python's <c>json.dumps(indent=1, ensure_ascii=False)</c>), so that files do not change needlessly.
/// </summary>
internal static class PythonJson
{
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                Block(text, '{', '}', members, depth, member =>
                {
                    String(text, member.Key);
                    text.Append(": ");
                    Write(text, member.Value, depth + 1);
                });
                break;
            case JsonArray { Count: > 0 } items:
                Block(text, '[', ']', items, depth, item => Write(text, item, depth + 1));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                String(text, value.GetValue<string>());
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null"); // numbers keep their digits
                break;
        }
    }

    private static void Block<T>(StringBuilder text, char open, char close, IEnumerable<T> parts, int depth, Action<T> write)
    {
        text.Append(open);
        string separator = "\n";
        foreach (T part in parts)
        {
            text.Append(separator).Append(' ', depth + 1);
            write(part);
            separator = ",\n";
        }

        text.Append('\n').Append(' ', depth).Append(close);
    }

    private static void String(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            string? escaped = c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => null,
            };
            _ = escaped is null ? text.Append(c) : text.Append(escaped);
        }

        text.Append('"');
    }
}
