using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>The parent's end of a child process that runs cells: whatever a cell does to its process, the parent stays.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private const int ConsoleLimit = 100_000;
    private const int TailLength = 4_000;
    private const int LastWords = 300;

    private readonly Process _process;
    private readonly Stream _input;
    private readonly ConcurrentDictionary<int, Request> _open = new();
    private readonly StringBuilder _said = new();
    private readonly Task _reading;
    private readonly Task[] _console;
    private int _ids;
    private int _consoleLength;
    private volatile Request? _executing;

    private Worker(Process process, Stream input, Stream output)
    {
        _process = process;
        _input = input;
        _console = [ForwardAsync(process.StandardOutput, "stdout"), ForwardAsync(process.StandardError, "stderr")];
        _reading = Task.Run(() => ReadAsync(output));
    }

    public bool HasExited => _reading.IsCompleted;

    /// <summary>Starts a fresh process in a folder.</summary>
    public static Worker Start(string folder)
    {
        var requests = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var replies = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec", typeof(Worker).Assembly.Location, "host", requests.GetClientHandleAsString(), replies.GetClientHandleAsString()])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0"; // a cell that overflows the stack leaves no dump
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            requests.DisposeLocalCopyOfClientHandle();
            replies.DisposeLocalCopyOfClientHandle();
            return new Worker(process, requests, replies);
        }
        catch (Win32Exception e)
        {
            throw new NotebookException($"{DotnetHost.Path} cannot be started in {folder} ({e.Message}); is the .NET SDK on the PATH?", e);
        }
    }

    /// <summary>Runs a cell; false when it failed. Its outputs come as they appear, in the form of notebook files.</summary>
    /// <exception cref="WorkerDiedException">The process ended under the cell.</exception>
    public async Task<bool> ExecuteAsync(string code, int count, Action<JsonObject> output)
    {
        JsonObject reply = await SendAsync(new JsonObject { ["op"] = "execute", ["code"] = code, ["count"] = count }, output);
        return reply["ok"]!.GetValue<bool>();
    }

    public Task<JsonObject> AskAsync(string question, string code, int position)
        => SendAsync(new JsonObject { ["op"] = question, ["code"] = code, ["position"] = position }, null);

    /// <summary>Asks the running cell to stop.</summary>
    public void Interrupt()
    {
        try
        {
            Write(new JsonObject { ["id"] = 0, ["op"] = "interrupt" });
        }
        catch (IOException)
        {
            // Already gone.
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Already gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _reading;
        await _input.DisposeAsync();
        _process.Dispose();
    }

    private async Task<JsonObject> SendAsync(JsonObject message, Action<JsonObject>? output)
    {
        int id = Interlocked.Increment(ref _ids);
        message["id"] = id;
        var request = new Request(output);
        _open[id] = request;
        if (output is not null)
        {
            _executing = request;
        }

        try
        {
            if (HasExited)
            {
                throw new IOException();
            }

            Write(message);
        }
        catch (IOException)
        {
            await _reading;
            request.Done.TrySetException(new WorkerDiedException(Epitaph()));
        }

        return await request.Done.Task;
    }

    private void Write(JsonObject message)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(message);
        lock (_input)
        {
            _input.Write(line);
            _input.WriteByte((byte)'\n');
            _input.Flush();
        }
    }

    private async Task ReadAsync(Stream output)
    {
        using (output)
        using (var reader = new StreamReader(output, new UTF8Encoding(false)))
        {
            try
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    JsonObject message = JsonNode.Parse(line)!.AsObject();
                    int id = message["id"]!.GetValue<int>();
                    if (!_open.TryGetValue(id, out Request? request))
                    {
                        continue;
                    }

                    if (message["output"] is JsonObject shown)
                    {
                        message.Remove("output");
                        request.Output?.Invoke(shown);
                    }
                    else if (message["reply"] is JsonObject reply)
                    {
                        message.Remove("reply");
                        if (request.Output is null)
                        {
                            _open.TryRemove(id, out _); // a cell's stays: its threads may go on writing
                        }

                        request.Done.TrySetResult(reply);
                    }
                }
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                Kill(); // half a line: it died while writing
            }
        }

        await _process.WaitForExitAsync();
        await Task.WhenAny(Task.WhenAll(_console), Task.Delay(1000)); // a grandchild may hold the pipes open
        foreach (Request request in _open.Values)
        {
            request.Done.TrySetException(new WorkerDiedException(Epitaph()));
        }
    }

    /// <summary>Why the process ended, as far as it said.</summary>
    private string Epitaph()
    {
        lock (_said)
        {
            string said = _said.ToString().Trim();
            string why = said.Contains("Stack overflow", StringComparison.Ordinal) ? "the stack overflowed"
                : said.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) ? "out of memory"
                : _process.ExitCode is > 128 and < 160 ? $"killed by signal {_process.ExitCode - 128}"
                : $"exit code {_process.ExitCode}";
            string words = string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return $"The cell ended the notebook's process ({why})." + (words.Length == 0 ? "" : $" Its last words: {words[..Math.Min(words.Length, LastWords)]}");
        }
    }

    /// <summary>Text that did not come through <see cref="Console"/>: native libraries, the runtime's last words.</summary>
    private async Task ForwardAsync(StreamReader reader, string stream)
    {
        char[] buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            string text = new(buffer, 0, read);
            lock (_said)
            {
                if (_said.Length < TailLength)
                {
                    _said.Append(text);
                }

                if (_consoleLength > ConsoleLimit)
                {
                    continue;
                }

                _consoleLength += read;
                if (_consoleLength > ConsoleLimit)
                {
                    text += $"\n[cut here: more than {ConsoleLimit:N0} characters were written past the console]\n";
                }
            }

            _executing?.Output?.Invoke(new JsonObject { ["output_type"] = "stream", ["name"] = stream, ["text"] = text.Replace("\r\n", "\n", StringComparison.Ordinal) });
        }
    }

    private sealed record Request(Action<JsonObject>? Output)
    {
        public TaskCompletionSource<JsonObject> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
