using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace NotebookKernel;

/// <summary>
/// Speaks Jupyter's protocol 5.3. Every client of every socket is served by itself, and cells run in a <see cref="Worker"/>, so
/// that heartbeat, interrupt and completion answer whatever a client or a cell does.
/// </summary>
internal sealed class JupyterKernel : IAsyncDisposable
{
    private const int MaxRequest = 16_000_000;
    private const int MaxOther = 65_536; // where nothing long is due
    private const int MaxQueue = 64_000_000;
    private const int MaxUnsigned = 64_000_000;
    private const int MaxWaitingCells = 1_000;
    private const int MaxQuestions = 50;
    private const int MaxHistory = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromSeconds(30);

    private readonly byte[] _key;
    private readonly string _session = Guid.NewGuid().ToString();
    private readonly Signatures _signatures = new();
    private readonly List<ZmtpSocket> _sockets = [];
    private readonly ZmtpSocket _shell;
    private readonly ZmtpSocket _iopub;
    private readonly Channel<JupyterMessage> _cells = Channel.CreateBounded<JupyterMessage>(MaxWaitingCells);
    private readonly List<(int Line, string Code)> _history = [];
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Worker _worker;
    private int _count;
    private int _interrupts; // of the cell that is running
    private volatile JupyterMessage? _running;

    public JupyterKernel(ConnectionFile connection)
    {
        _key = connection.Key;
        var unsigned = new Allowance(MaxUnsigned);
        ZmtpSocket Listen(string name, string type, int port, int maxMessage, int maxQueue, Func<ZmtpConnection, byte[][], Task> received)
        {
            _sockets.Add(new(name, type, connection.Address, port, new(maxMessage, maxQueue, unsigned), received));
            return _sockets[^1];
        }

        try
        {
            var questions = (Shell: new SemaphoreSlim(MaxQuestions), Control: new SemaphoreSlim(MaxQuestions));
            _shell = Listen("shell", "ROUTER", connection.Shell, MaxRequest, MaxQueue,
                (client, frames) => ReceiveAsync(_shell!, client, frames, questions.Shell));
            ZmtpSocket control = null!;
            control = Listen("control", "ROUTER", connection.Control, MaxRequest, MaxQueue,
                (client, frames) => ReceiveAsync(control, client, frames, questions.Control));
            Listen("stdin", "ROUTER", connection.Stdin, MaxOther, MaxOther, (_, _) => Task.CompletedTask);
            _iopub = Listen("iopub", "PUB", connection.IOPub, MaxOther, MaxQueue, Subscribe);
            Listen("heartbeat", "REP", connection.Heartbeat, MaxOther, MaxOther, (client, frames) =>
            {
                client.Send(frames);
                return Task.CompletedTask;
            });
            _worker = StartWorker();
        }
        catch (NotebookException)
        {
            _ = Task.WhenAll(_sockets.Select(s => s.DisposeAsync().AsTask()));
            throw;
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        using CancellationTokenRegistration ended = cancel.Register(() => _shutdown.TrySetResult());
        _sockets.ForEach(s => s.Start());
        Task cells = Task.Run(RunCellsAsync, CancellationToken.None);
        await Task.WhenAny(_shutdown.Task, cells); // cells end only when no worker can be started
        _shutdown.TrySetResult();
        _cells.Writer.Complete();
        _worker.Kill();
        await cells;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await Task.WhenAll(_sockets.Select(s => s.DisposeAsync().AsTask())); // last messages leave
    }

    private Worker StartWorker()
    {
        Worker worker = Worker.Start(Environment.CurrentDirectory);
        _ = WarmAsync(worker);
        return worker;
    }

    /// <summary>Lets the worker load what completion needs, once nothing else is going on, so that the first one is fast.</summary>
    private async Task WarmAsync(Worker worker)
    {
        try
        {
            do
            {
                await Task.Delay(TimeSpan.FromSeconds(2));
            }
            while (_running is not null);
            await worker.AskAsync("warm", "", 0);
        }
        catch (WorkerDiedException)
        {
            // Restarted or shut down meanwhile.
        }
    }

    /// <summary>ZMTP 3.0 subscribes by messages: 1 and a topic, or 0 and one that is no longer wanted.</summary>
    private static Task Subscribe(ZmtpConnection client, byte[][] frames)
    {
        switch (frames)
        {
            case [[1, .. var topic]]:
                client.Subscribe(topic);
                break;
            case [[0, .. var topic]]:
                client.Unsubscribe(topic);
                break;
        }

        return Task.CompletedTask;
    }

    private async Task ReceiveAsync(ZmtpSocket socket, ZmtpConnection client, byte[][] frames, SemaphoreSlim questions)
    {
        if (JupyterMessage.Read(frames, _key, _signatures) is not { } request)
        {
            return; // malformed or not from our client
        }

        request = request with { Client = client };
        if (request.Type == "execute_request" && socket == _shell)
        {
            while (await _cells.Writer.WaitToWriteAsync() && !_cells.Writer.TryWrite(request))
            {
                // Another client was faster.
            }

            return;
        }

        await questions.WaitAsync();
        Publish(request, "status", new JsonObject { ["execution_state"] = "busy" });
        _ = Task.Run(async () =>
        {
            await AnswerAsync(socket, request);
            questions.Release();
        });
    }

    private async Task AnswerAsync(ZmtpSocket socket, JupyterMessage request)
    {
        JsonObject? reply;
        try
        {
            reply = await AnswerAsync(request);
        }
        catch (Exception e)
        {
            reply = Error(e.GetType().Name, e.Message, []);
        }

        if (reply is not null)
        {
            reply.TryAdd("status", "ok");
            Reply(socket, request, reply);
        }

        Publish(request, "status", new JsonObject { ["execution_state"] = "idle" });
        if (request.Type == "shutdown_request")
        {
            _shutdown.TrySetResult();
        }
    }

    /// <returns>The reply's content, or null where none is due.</returns>
    private async Task<JsonObject?> AnswerAsync(JupyterMessage request)
    {
        JsonObject content = request.Content;
        string Code() => Get(content, "code", "");
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo();
            case "is_complete_request":
                bool complete = (bool)(await AskAsync("isComplete", Code(), 0))["complete"]!;
                return complete ? new() { ["status"] = "complete" } : new() { ["status"] = "incomplete", ["indent"] = "    " };
            case "complete_request":
                return await CompleteAsync(Code(), Get(content, "cursor_pos", int.MaxValue));
            case "inspect_request":
                JsonObject about = await AskAsync("inspect", Code(), Utf16(Code(), Get(content, "cursor_pos", int.MaxValue)));
                bool found = (string?)about["plain"] is { Length: > 0 };
                return new()
                {
                    ["found"] = found,
                    ["data"] = found
                        ? new JsonObject { ["text/plain"] = (string?)about["plain"], ["text/markdown"] = (string?)about["markdown"] }
                        : new JsonObject(),
                    ["metadata"] = new JsonObject(),
                };
            case "history_request":
                return new() { ["history"] = History(content) };
            case "comm_info_request":
                return new() { ["comms"] = new JsonObject() };
            case "comm_open":
                // no targets here
                Publish(request, "comm_close", new JsonObject { ["comm_id"] = Get(content, "comm_id", ""), ["data"] = new JsonObject() });
                return null;
            case "interrupt_request":
                Interrupt();
                return [];
            case "shutdown_request":
                return new() { ["restart"] = Get(content, "restart", false) };
            default:
                return null;
        }
    }

    private async Task RunCellsAsync()
    {
        await foreach (JupyterMessage request in _cells.Reader.ReadAllAsync())
        {
            if (_shutdown.Task.IsCompleted)
            {
                return;
            }

            bool ok = await RunCellAsync(request);
            if (!ok && Get(request.Content, "stop_on_error", true))
            {
                while (_cells.Reader.TryRead(out JupyterMessage? next))
                {
                    Publish(next, "status", new JsonObject { ["execution_state"] = "busy" });
                    Reply(_shell, next, new JsonObject { ["status"] = "aborted", ["execution_count"] = _count });
                    Publish(next, "status", new JsonObject { ["execution_state"] = "idle" });
                }
            }
        }
    }

    private async Task<bool> RunCellAsync(JupyterMessage request)
    {
        string code = Get(request.Content, "code", "");
        bool silent = Get(request.Content, "silent", false);
        Publish(request, "status", new JsonObject { ["execution_state"] = "busy" });
        if (!silent && Get(request.Content, "store_history", true))
        {
            _count++;
            lock (_history)
            {
                _history.Add((_count, code));
                if (_history.Count > MaxHistory)
                {
                    _history.RemoveAt(0);
                }
            }
        }

        JsonObject? error = null;
        void Output(JsonObject output)
        {
            string type = (string)output["output_type"]!;
            output.Remove("output_type");
            error = type == "error" && error is null ? output : error;
            if (!silent)
            {
                Publish(request, type, output);
            }
        }

        if (!silent)
        {
            Publish(request, "execute_input", new JsonObject { ["code"] = code, ["execution_count"] = _count });
        }

        (_running, _interrupts) = (request, 0);
        bool ok;
        try
        {
            ok = await _worker.ExecuteAsync(code, _count, Output);
        }
        catch (WorkerDiedException e)
        {
            ok = false;
            if (!_shutdown.Task.IsCompleted)
            {
                string why = _interrupts > 1 ? "The cell was interrupted the hard way." : e.Message;
                Output(Error("KernelRestarted", why, [why, "A fresh process was started: run the cells it needs again."], "error"));
                await _worker.DisposeAsync();
                _worker = StartWorker();
            }
        }

        _running = null;
        Reply(_shell, request, ok
            ? new()
            {
                ["status"] = "ok",
                ["execution_count"] = _count,
                ["user_expressions"] = UserExpressions(request),
                ["payload"] = new JsonArray()
            }
            : new()
            {
                ["status"] = "error",
                ["execution_count"] = _count,
                ["ename"] = error?["ename"]?.DeepClone() ?? "Error",
                ["evalue"] = error?["evalue"]?.DeepClone() ?? "",
                ["traceback"] = error?["traceback"]?.DeepClone() ?? new JsonArray()
            });
        Publish(request, "status", new JsonObject { ["execution_state"] = "idle" });
        return ok;
    }

    /// <summary>First asks the cell to stop; the second time ends its process.</summary>
    private void Interrupt()
    {
        if (_running is not { } request)
        {
            return;
        }

        if (Interlocked.Increment(ref _interrupts) > 1)
        {
            _worker.Kill();
            return;
        }

        _worker.Interrupt();
        _ = Task.Delay(Patience).ContinueWith(
            _ =>
            {
                if (_running == request && _interrupts == 1)
                {
                    Publish(request, "stream", new JsonObject
                    {
                        ["name"] = "stderr",
                        ["text"] =
                            "The cell does not look at its Cancellation token; interrupt again to end its process (variables are lost).\n",
                    });
                }
            },
            TaskScheduler.Default);
    }

    /// <summary>Asks the worker; cells may have used up its threads, and a question must not wait for them without end.</summary>
    private async Task<JsonObject> AskAsync(string question, string code, int position)
    {
        JsonObject answer = await _worker.AskAsync(question, code, position).WaitAsync(QuestionLimit);
        return answer["error"] is { } error ? throw new NotebookException((string?)error ?? "") : answer;
    }

    private async Task<JsonObject> CompleteAsync(string code, int cursor)
    {
        JsonObject found = await AskAsync("complete", code, Utf16(code, cursor));
        int start = CodePoints(code, (int)found["start"]!);
        int end = CodePoints(code, (int)found["end"]!);
        JsonArray items = found["items"]!.AsArray();
        return new()
        {
            ["matches"] = new JsonArray([.. items.Select(i => i!["text"]!.DeepClone())]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. items.Select(i => new JsonObject
                {
                    ["start"] = start,
                    ["end"] = end,
                    ["text"] = i!["text"]!.DeepClone(),
                    ["type"] = i["type"]!.DeepClone(),
                })]),
            },
        };
    }

    private JsonArray History(JsonObject content)
    {
        (int Line, string Code)[] lines;
        lock (_history)
        {
            lines = [.. _history];
        }

        int n = Math.Max(0, Get(content, "n", int.MaxValue));
        switch (Get(content, "hist_access_type", "tail"))
        {
            case "range":
                int start = Get(content, "start", 0);
                int stop = Get(content, "stop", int.MaxValue);
                lines = [.. lines.Where(l => l.Line >= start && l.Line < stop)];
                break;
            case "search":
                string pattern = Get(content, "pattern", "*");
                lines = [.. lines
                    .Where(l => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, l.Code, ignoreCase: false))
                    .TakeLast(n)];
                break;
            default:
                lines = [.. lines.TakeLast(n)];
                break;
        }

        bool output = Get(content, "output", false);
        return [.. lines.Select(l => new JsonArray(0, l.Line, output ? new JsonArray(l.Code, null) : JsonValue.Create(l.Code)))];
    }

    private static JsonObject KernelInfo()
    {
        string version = typeof(JupyterKernel).Assembly.GetName().Version!.ToString(3);
        return new()
        {
            ["protocol_version"] = JupyterMessage.Version,
            ["implementation"] = "NotebookKernel",
            ["implementation_version"] = version,
            ["banner"] = $"C# on .NET {Environment.Version}",
            ["help_links"] = new JsonArray(),
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "latest",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
        };
    }

    private static JsonObject UserExpressions(JupyterMessage request)
        => new((request.Content["user_expressions"] as JsonObject ?? [])
            .Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, Error("NotSupported", "User expressions are not evaluated.", []))));

    private static JsonObject Error(string name, string message, string[] traceback, string? type = null)
    {
        var error = new JsonObject
        {
            ["ename"] = name,
            ["evalue"] = message,
            ["traceback"] = new JsonArray([.. traceback.Select(l => JsonValue.Create(l))]),
        };
        error[type is null ? "status" : "output_type"] = "error";
        return error;
    }

    private static T Get<T>(JsonObject content, string name, T otherwise) =>
        content[name] is JsonValue value && value.TryGetValue(out T? found) ? found : otherwise;

    /// <summary>Jupyter counts code points, .NET UTF-16 units.</summary>
    private static int Utf16(string code, int codePoints)
    {
        int i = 0;
        for (; codePoints > 0 && i < code.Length; codePoints--)
        {
            i += char.IsSurrogatePair(code, i) ? 2 : 1;
        }

        return i;
    }

    private static int CodePoints(string code, int utf16)
    {
        int count = 0;
        for (int i = 0; i < utf16; i += char.IsSurrogatePair(code, i) ? 2 : 1)
        {
            count++;
        }

        return count;
    }

    private void Publish(JupyterMessage parent, string type, JsonObject content)
    {
        byte[][] Frames(string type, JsonObject content) => Message([Encoding.ASCII.GetBytes(type)], type, parent, content);
        byte[][] Note(int count) => Frames("stream", new()
        {
            ["name"] = "stderr",
            ["text"] = $"[{count} outputs left out here: they came faster than they were read]\n",
        });
        bool mayBeLeftOut = type is "stream" or "display_data" or "update_display_data" or "execute_result";
        _iopub.Publish(Frames(type, content), mayBeLeftOut ? Note : null);
    }

    private void Reply(ZmtpSocket socket, JupyterMessage request, JsonObject content)
        => socket.Send(request.Client!,
            Message(request.Identities, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), request, content));

    private byte[][] Message(byte[][] identities, string type, JupyterMessage parent, JsonObject content) => new JupyterMessage(
        identities,
        new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = JupyterMessage.Version,
        },
        (JsonObject)parent.Header.DeepClone(),
        content).Write(_key);
}
