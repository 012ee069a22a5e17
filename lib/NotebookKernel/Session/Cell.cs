using System.Text;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// One run of a cell: takes everything it shows, as outputs in the form of notebook files, and sends it on. What other threads
/// write is attributed to the cell that started them, also after its end.
/// </summary>
internal sealed class Cell
{
    public const int TextLimit = 1_000_000;
    private const int DataLimit = 20_000_000;
    private const int ErrorLimit = 100_000;
    private const int Chunk = 8_192;

    private static readonly AsyncLocal<Cell?> Flow = new();
    private static volatile Cell? _latest;

    private readonly Action<JsonObject> _send;
    private readonly StringBuilder _pending = new();
    private readonly Lock _gate = new();
    private string _stream = "stdout";
    private int _written;
    private bool _ended;

    public Cell(int number, Action<JsonObject> send, CancellationToken cancel)
    {
        Number = number;
        Cancel = cancel;
        _send = send;
        _latest = this;
    }

    /// <summary>The cell whose code is running here, or the latest where that is unknown.</summary>
    public static Cell? Current => Flow.Value ?? _latest;

    /// <summary>The cell's execution count, by which messages name it.</summary>
    public int Number { get; }

    public CancellationToken Cancel { get; }

    public bool HasFailed { get; private set; }

    public Task<T> RunInsideAsync<T>(Func<Task<T>> run) => Task.Run(async () =>
    {
        Flow.Value = this;
        return await run();
    });

    /// <summary>Takes console text, sends it in pieces and cuts it off at <see cref="TextLimit"/> characters.</summary>
    public void Write(string stream, ReadOnlySpan<char> text)
    {
        if (Flow.Value == this)
        {
            Cancel.ThrowIfCancellationRequested(); // a loop that prints ends here when the cell is interrupted
        }

        lock (_gate)
        {
            if (_written > TextLimit || text.IsEmpty)
            {
                return;
            }

            if (_stream != stream)
            {
                Flush();
                _stream = stream;
            }

            int room = TextLimit - _written;
            _written += text.Length;
            _pending.Append(text[..Math.Min(room, text.Length)]);
            if (_written > TextLimit)
            {
                _pending.Append($"\n[cut here: the cell wrote more than {TextLimit:N0} characters]\n");
            }

            if (_pending.Length >= Chunk || _ended)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            // Half a character, or half a line end, waits for its other half.
            int length = _pending.Length > 0 && !_ended && (char.IsHighSurrogate(_pending[^1]) || _pending[^1] == '\r')
                ? _pending.Length - 1
                : _pending.Length;
            if (length > 0)
            {
                string text = _pending.ToString(0, length).Replace("\r\n", "\n", StringComparison.Ordinal);
                _pending.Remove(0, length);
                _send(new JsonObject { ["output_type"] = "stream", ["name"] = _stream, ["text"] = text });
            }
        }
    }

    /// <summary>Shows a value now; with <paramref name="update"/> in the place of an earlier output of the same id.</summary>
    public void Display(object? value, string[] mimeTypes, string? id = null, bool update = false)
    {
        Cancel.ThrowIfCancellationRequested();
        JsonObject output = Bundle(update ? "update_display_data" : "display_data", Formatters.Format(value, mimeTypes));
        if (id is not null)
        {
            output["transient"] = new JsonObject { ["display_id"] = id };
        }

        Send(output);
    }

    public void Result(object? value)
    {
        if (value is not DisplayedValue)
        {
            JsonObject output = Bundle("execute_result", Formatters.Format(value, []));
            output["execution_count"] = Number;
            Send(output);
        }
    }

    /// <summary>The cell's code is done; what its threads still write is sent at once.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Flush();
        }
    }

    public void Error(string name, string message, IEnumerable<string> traceback)
    {
        HasFailed = true;
        int room = TextLimit;
        Send(new JsonObject
        {
            ["output_type"] = "error",
            ["ename"] = name,
            ["evalue"] = Cut(message),
            ["traceback"] = new JsonArray(
                [.. traceback.Select(Cut).TakeWhile(line => (room -= line.Length + 1) >= 0).Select(line => JsonValue.Create(line))]),
        });

        static string Cut(string text) =>
            text.Length <= ErrorLimit ? text : $"{text[..ErrorLimit]}\n[cut here: the message has {text.Length:N0} characters]";
    }

    private void Send(JsonObject output)
    {
        lock (_gate)
        {
            Flush();
            _send(output);
        }
    }

    private static JsonObject Bundle(string type, IEnumerable<KeyValuePair<string, string>> formats)
    {
        var data = new JsonObject();
        int room = DataLimit; // for all forms together
        foreach ((string mime, string text) in formats)
        {
            if (text.Length > room)
            {
                data["text/plain"] = $"[{mime} output of {text.Length:N0} characters left out: more than {DataLimit:N0}]";
            }
            else
            {
                room -= text.Length;
                data[mime] = MimeTypes.IsJson(mime)
                    ? MimeTypes.ParseJson(mime, text)
                    : JsonValue.Create(text.Replace("\r\n", "\n", StringComparison.Ordinal));
            }
        }

        return new JsonObject { ["output_type"] = type, ["data"] = data, ["metadata"] = PictureMetadata.Of(data) };
    }
}
