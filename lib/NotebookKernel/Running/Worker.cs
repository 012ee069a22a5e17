using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>The parent's end of a child process that runs cells: whatever a cell does to its process, the parent stays.</summary>
internal sealed class Worker : ICellHost
{
    private const int ConsoleLimit = 100_000;
    private const int TailLength = 4_000;
    private const int LastWords = 300;
    private const int MaxLine = 150_000_000; // an output's limit of characters, six bytes each
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromSeconds(1);
    private static readonly Lock Starting = new();

    private readonly Process _process;
    private readonly BlockingCollection<byte[]> _requests = [];
    private readonly ConcurrentDictionary<int, Request> _open = new();
    private readonly StringBuilder _said = new();
    private readonly Task[] _console;
    private readonly Task _ended;
    private int _ids;
    private int _consoleLength;
    private volatile Request? _executing;
    private volatile bool _isOver;
    private string? _fault;

    private Worker(Process process, Stream input, Stream output)
    {
        _process = process;
        _console = [ForwardAsync(process.StandardOutput, "stdout"), ForwardAsync(process.StandardError, "stderr")];

        // Threads of their own: pipes block, and a process that does not read or write must not stop anything else.
        Task reading = Task.Factory.StartNew(() => Read(output), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        new Thread(() => Write(input)) { IsBackground = true }.Start();
        _ended = EndAsync(reading);
    }

    public bool HasExited => _isOver;

    /// <summary>Starts a fresh process in a folder.</summary>
    public static Worker Start(string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        lock (Starting) // a process that starts meanwhile would inherit the pipes, and hold them open
        {
            var requests = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
            var replies = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            var start = new ProcessStartInfo(DotnetHost.Path,
                ["exec", typeof(Worker).Assembly.Location, "host", requests.GetClientHandleAsString(), replies.GetClientHandleAsString()])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["DOTNET_DbgEnableMiniDump"] = "0"; // a cell that overflows the stack leaves no dump
            start.Environment.Remove("DOTNET_STARTUP_HOOKS");
            foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            {
                start.Environment[name] = value;
            }

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
                throw new NotebookException($"{DotnetHost.Path} cannot be started in {folder} ({e.Message}); is the .NET SDK on the PATH?",
                    e);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExecuteAsync(string code, int count, Action<JsonObject> output)
    {
        JsonObject reply = await SendAsync(new JsonObject { ["op"] = "execute", ["code"] = code, ["count"] = count }, output);
        return reply["ok"]!.GetValue<bool>();
    }

    public Task<JsonObject> AskAsync(string question, string code, int position)
        => SendAsync(new JsonObject { ["op"] = question, ["code"] = code, ["position"] = position }, null);

    /// <inheritdoc/>
    public void Interrupt() => Send(new JsonObject { ["id"] = 0, ["op"] = "interrupt" });

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
        await _ended;
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

        Send(message);
        if (_isOver)
        {
            await _ended;
            request.Done.TrySetException(new WorkerDiedException(Epitaph())); // it came too late to be among those that are told
        }

        return await request.Done.Task;
    }

    private void Send(JsonObject message)
    {
        try
        {
            _requests.Add(JsonSerializer.SerializeToUtf8Bytes(message));
        }
        catch (InvalidOperationException)
        {
            // Already gone.
        }
    }

    private void Write(Stream input)
    {
        using (input)
        {
            try
            {
                foreach (byte[] line in _requests.GetConsumingEnumerable())
                {
                    input.Write(line);
                    input.WriteByte((byte)'\n');
                    input.Flush();
                }
            }
            catch (IOException)
            {
                // Already gone.
            }
        }
    }

    private void Read(Stream output)
    {
        using (output)
        {
            try
            {
                var lines = new LineReader(output, MaxLine);
                while (lines.Read() is var (buffer, start, length) && !_isOver)
                {
                    Take(WorkerLine.Parse(buffer, start, length));
                }
            }
            catch (JsonException e)
            {
                _fault = $"The notebook's process sent what is no message of the kernel, and was ended ({e.Message.TrimEnd('.')}).";
            }
            catch (IOException)
            {
                // Already gone.
            }
            catch (Exception e)
            {
                _fault = $"The notebook's process was ended, because what it sent could not be passed on ({e.Message.TrimEnd('.')}).";
            }
        }
    }

    /// <exception cref="JsonException">Nothing was asked that this answers.</exception>
    private void Take(WorkerLine line)
    {
        if (!_open.TryGetValue(line.Id, out Request? request) || (line.Output is not null && request.Output is null))
        {
            throw new JsonException($"Nothing with the id {line.Id} was asked.");
        }

        if (line.Output is not null)
        {
            request.Output!(line.Output);
            return;
        }

        if (request.Output is null)
        {
            _open.TryRemove(line.Id, out _); // a cell's stays: its threads may go on writing
        }
        else if (line.Reply!["ok"] is not JsonValue ok || !ok.TryGetValue(out bool _))
        {
            throw new JsonException("A reply does not say whether the cell is ok.");
        }

        request.Done.TrySetResult(line.Reply!);
    }

    /// <summary>
    /// Ends the process when its pipe is at its end, and reading when the process is at its own: a cell can close the one, and leave
    /// a process that keeps the other open.
    /// </summary>
    private async Task EndAsync(Task reading)
    {
        Task exited = _process.WaitForExitAsync();
        await Task.WhenAny(reading, exited);
        if (_fault is null)
        {
            // the one follows the other, unless a cell did such a thing
            await Task.WhenAny(Task.WhenAll(reading, exited), Task.Delay(Grace));
        }

        if (!exited.IsCompleted)
        {
            _fault ??= "The cell closed the pipe by which the notebook's process answers, and the process was ended.";
            Kill();
            await exited;
        }

        _isOver = true;
        _requests.CompleteAdding();
        await Task.WhenAny(Task.WhenAll(_console), Task.Delay(LastWordsTime)); // a process of the cell's own may hold the console open too
        foreach (Request request in _open.Values)
        {
            request.Done.TrySetException(new WorkerDiedException(Epitaph()));
        }
    }

    /// <summary>Why the process ended, as far as it said.</summary>
    private string Epitaph()
    {
        if (_fault is not null)
        {
            return _fault;
        }

        lock (_said)
        {
            string said = _said.ToString().Trim();
            string why = said.Contains("Stack overflow", StringComparison.Ordinal) ? "the stack overflowed"
                : said.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) ? "out of memory"
                : _process.ExitCode is > 128 and < 160 ? $"killed by signal {_process.ExitCode - 128}"
                : $"exit code {_process.ExitCode}";
            string words = string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return $"The cell ended the notebook's process ({why})." +
                (words.Length == 0 ? "" : $" Its last words: {words[..Math.Min(words.Length, LastWords)]}");
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

            _executing?.Output?.Invoke(new JsonObject
            {
                ["output_type"] = "stream",
                ["name"] = stream,
                ["text"] = text.Replace("\r\n", "\n", StringComparison.Ordinal)
            });
        }
    }

    private sealed record Request(Action<JsonObject>? Output)
    {
        public TaskCompletionSource<JsonObject> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
