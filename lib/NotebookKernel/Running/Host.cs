using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// The child process that runs one notebook's cells. It reads one JSON request a line from one pipe and writes outputs and replies
/// to another; the console is left to the cells. It ends when its parent does.
/// </summary>
internal sealed class Host
{
    private static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Session _session = new(Environment.CurrentDirectory);
    private readonly Lazy<Completion> _completion;
    private readonly Stream _out;
    private volatile Action _interrupt = () => { };
    private Task _running = Task.CompletedTask;

    private Host(Stream output)
    {
        _out = output;
        _completion = new Lazy<Completion>(() => new Completion(_session));
    }

    public static void Run(string inputHandle, string outputHandle)
    {
        using var input = new AnonymousPipeClientStream(PipeDirection.In, inputHandle);
        using var output = new AnonymousPipeClientStream(PipeDirection.Out, outputHandle);
        Console.SetOut(new CellWriter("stdout"));
        Console.SetError(new CellWriter("stderr"));
        Console.SetIn(TextReader.Null);
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true); // the parent's to handle
        var host = new Host(output);
        ExceptionHandling.SetUnhandledExceptionHandler(host.Unhandled);
        using var flush = new Timer(_ => Cell.Current?.Flush(), null, 50, 50);
        using var reader = new StreamReader(input, new UTF8Encoding(false));
        while (reader.ReadLine() is { } line) // on a thread of its own: cells may use up the pool's
        {
            host.Handle(JsonNode.Parse(line)!.AsObject());
        }

        // The parent is gone; a cell may still be running, and what it registered for the end may not come to one.
        using var end = new Timer(_ => Process.GetCurrentProcess().Kill(), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        Environment.Exit(0);
    }

    /// <summary>What a thread of the cell's own throws: an error of that cell, not the end of the process.</summary>
    private bool Unhandled(Exception exception)
    {
        if (Cell.Current is not { } cell)
        {
            return false;
        }

        if (!(exception is OperationCanceledException && cell.Cancel.IsCancellationRequested))
        {
            CellError.Report(cell, exception);
        }

        return true;
    }

    private void Handle(JsonObject request)
    {
        int id = request["id"]!.GetValue<int>();
        string Text(string name) => request[name]!.GetValue<string>();
        int Number(string name) => request[name]!.GetValue<int>();
        switch (Text("op"))
        {
            case "execute":
                _running = _running.ContinueWith(_ => ExecuteAsync(id, Text("code"), Number("count")), TaskScheduler.Default).Unwrap();
                break;
            case "interrupt":
                new Thread(() => _interrupt()) { IsBackground = true }.Start(); // what a cell registered with its token may take its time
                break;
            case "warm":
                Reply(id, () => _completion.Value.CompleteAsync("System.Console.", 15));
                break;
            case "isComplete":
                Reply(id,
                    () =>
                        Task.FromResult(
                            new JsonObject
                            {
                                ["complete"] = Microsoft.CodeAnalysis.CSharp.SyntaxFactory.IsCompleteSubmission(
                                CellSource.Parse(Text("code"), 0).Tree)
                            }));
                break;
            case "complete":
                Reply(id, () => _completion.Value.CompleteAsync(Text("code"), Number("position")));
                break;
            case "inspect":
                Reply(id, () => _completion.Value.InspectAsync(Text("code"), Number("position")));
                break;
        }
    }

    private async Task ExecuteAsync(int id, string code, int count)
    {
        var interrupt = new CancellationTokenSource(); // not disposed: the cell's threads may hold its token after the end
        _interrupt = interrupt.Cancel;
        var cell = new Cell(count, output => Send(id, "output", output), interrupt.Token);
        bool ok = await _session.RunAsync(code, cell);
        Send(id, "reply", new JsonObject { ["ok"] = ok });
    }

    private void Reply(int id, Func<Task<JsonObject>> answer) => Task.Run(async () =>
    {
        try
        {
            Send(id, "reply", await answer());
        }
        catch (Exception e)
        {
            Send(id, "reply", new JsonObject { ["error"] = e.Message });
        }
    });

    private void Send(int id, string kind, JsonObject content)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, [kind] = content }, Raw);
        lock (_out)
        {
            _out.Write(line);
            _out.WriteByte((byte)'\n');
            _out.Flush();
        }
    }
}
