using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// .NET Interactive as a child process, spoken to as its extension for VS Code does: one JSON object a line, commands into its standard
/// input, and out of its standard output events, and commands for the kernel <c>vscode</c> that it takes this end for. It is the local
/// tool <c>dotnet interactive</c>, which <c>dotnet tool restore</c> installs. Tried with 1.0.712001.
/// </summary>
public sealed class InteractiveHost : ICellHost
{
    private static readonly UTF8Encoding Utf8 = new(false);
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentDictionary<string, Request> _open = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _errors = new();
    private readonly Task _ended;
    private int _tokens;
    private bool _isKnown;
    private volatile bool _isOver; // before anybody is told of the end, so that who is told sees it

    private InteractiveHost(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        _ended = Task.Run(ReadAsync);
    }

    bool ICellHost.HasExited => _isOver;

    /// <summary>Why .NET Interactive cannot be started in a folder.</summary>
    /// <param name="folder">A folder at or below the one whose <c>.config/dotnet-tools.json</c> names the tool.</param>
    /// <returns>One sentence with the remedy; null where it can.</returns>
    public static string? Missing(string folder)
    {
        using Process process = StartProcess(folder, ["--version"], new Dictionary<string, string>());
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string said = OneLine(errors.GetAwaiter().GetResult()).TrimEnd('.');
        return process.ExitCode == 0
            ? null
            : $"'dotnet interactive' does not start in {folder} (“{said}”); run 'dotnet tool restore' there.";
    }

    /// <summary>Starts a fresh process in a folder.</summary>
    /// <param name="folder">Where cells run, at or below the folder whose <c>.config/dotnet-tools.json</c> names the tool.</param>
    /// <param name="environment">Variables of the process, besides those of this one; null: none.</param>
    /// <returns>The process; it may still be starting.</returns>
    /// <exception cref="NotebookException">There is no <c>dotnet</c>.</exception>
    public static InteractiveHost Start(string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] arguments = ["[vscode]", "stdio", "--working-dir", Path.GetFullPath(folder)];
        return new(StartProcess(folder, arguments, environment ?? new Dictionary<string, string>()));
    }

    /// <summary>Runs a cell.</summary>
    /// <param name="code">Its text.</param>
    /// <param name="count">The number of its run, which an execute_result has.</param>
    /// <param name="output">Told of each output, in the form of notebook files.</param>
    /// <returns>False when the cell failed.</returns>
    public async Task<bool> ExecuteAsync(string code, int count, Action<JsonObject> output)
    {
        (bool ok, string? message) = await SendAsync("SubmitCode", new JsonObject { ["code"] = code }, (type, content) =>
        {
            if (Output(type, content, count) is { } one)
            {
                output(one);
            }
        });
        if (!ok)
        {
            string text = (message ?? "The cell failed.").ReplaceLineEndings("\n");
            var lines = new JsonArray([.. text.Split('\n').Select(line => JsonValue.Create(line))]);
            output(new() { ["output_type"] = "error", ["ename"] = "Error", ["evalue"] = text, ["traceback"] = lines });
        }

        return ok;
    }

    /// <summary>What an editor shows while the mouse is on a name.</summary>
    /// <param name="code">The text of a cell, after those that ran.</param>
    /// <param name="position">Where in it, in UTF-16 units.</param>
    /// <returns>Signature and documentation as Markdown; empty where there is nothing to show.</returns>
    public async Task<string> HoverAsync(string code, int position)
    {
        IReadOnlyList<JsonObject> found = await AskAsync("RequestHoverText", "HoverTextProduced", code, position);
        return string.Join('\n', found.SelectMany(e => Items(e["content"])).Select(value => Text(value["value"])));
    }

    /// <summary>What an editor shows between the parentheses of a call.</summary>
    /// <param name="code">The text of a cell, after those that ran.</param>
    /// <param name="position">Where in it, in UTF-16 units.</param>
    /// <returns>One text an overload: signature and documentation.</returns>
    public async Task<IReadOnlyList<string>> SignaturesAsync(string code, int position)
    {
        IReadOnlyList<JsonObject> found = await AskAsync("RequestSignatureHelp", "SignatureHelpProduced", code, position);
        return [.. found.SelectMany(e => Items(e["signatures"])).Select(signature =>
            string.Join('\n', Items(signature["parameters"]).Select(p => $"{Text(p["label"])}: {Text(p["documentation"]?["value"])}")
                .Prepend(Text(signature["documentation"]?["value"])).Prepend(Text(signature["label"]))))];
    }

    /// <summary>What an editor offers to go on with.</summary>
    /// <param name="code">The text of a cell, after those that ran.</param>
    /// <param name="position">Where in it, in UTF-16 units.</param>
    /// <returns>The names, in the host's order.</returns>
    public async Task<IReadOnlyList<string>> CompletionsAsync(string code, int position)
    {
        IReadOnlyList<JsonObject> found = await AskAsync("RequestCompletions", "CompletionsProduced", code, position);
        return [.. found.SelectMany(e => Items(e["completions"])).Select(one => Text(one["displayText"]))];
    }

    /// <summary>Nothing: this host cannot interrupt a cell without ending, so that <c>Kill</c> is what stops it.</summary>
    void ICellHost.Interrupt()
    {
    }

    void ICellHost.Kill() => Kill();

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _ended;
        _process.Dispose();
    }

    private static Process StartProcess(string folder, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, ["interactive", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new NotebookException($"{DotnetHost.Path} cannot be started in {folder} ({e.Message}); is the .NET SDK on the PATH?", e);
        }
    }

    /// <summary>An event as an output of notebook files; null where it is none.</summary>
    private static JsonObject? Output(string type, JsonObject content, int count)
    {
        var data = new JsonObject();
        foreach (var value in Items(content["formattedValues"]).Where(v => v["suppressDisplay"]?.GetValueKind() != JsonValueKind.True))
        {
            data[Text(value["mimeType"])] = Text(value["value"]);
        }

        JsonObject Shown(string kind)
        {
            var output = new JsonObject { ["output_type"] = kind, ["data"] = data, ["metadata"] = new JsonObject() };
            if (content["valueId"] is JsonValue id)
            {
                output["transient"] = new JsonObject { ["display_id"] = id.GetValue<string>() };
            }

            return output;
        }

        switch (type)
        {
            case "StandardOutputValueProduced":
            case "StandardErrorValueProduced":
                string text = Text(data[MimeTypes.Plain]).ReplaceLineEndings("\n");
                string name = type == "StandardOutputValueProduced" ? "stdout" : "stderr";
                return new() { ["output_type"] = "stream", ["name"] = name, ["text"] = text };
            case "DisplayedValueProduced":
                return Shown("display_data");
            case "DisplayedValueUpdated":
                return Shown("update_display_data");
            case "ReturnValueProduced":
                JsonObject result = Shown("execute_result");
                result["execution_count"] = count;
                return result;
            default:
                return null;
        }
    }

    private static IEnumerable<JsonObject> Items(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(JsonNode? value) => value is JsonValue one && one.TryGetValue(out string? text) ? text : "";

    private async Task<IReadOnlyList<JsonObject>> AskAsync(string commandType, string eventType, string code, int position)
    {
        string[] before = code[..position].Split('\n');
        var place = new JsonObject { ["line"] = before.Length - 1, ["character"] = before[^1].Length };
        var found = new List<JsonObject>();
        await SendAsync(commandType, new JsonObject { ["code"] = code, ["linePosition"] = place }, (type, content) =>
        {
            if (type == eventType)
            {
                found.Add(content);
            }
        });
        return found;
    }

    /// <exception cref="WorkerDiedException">The process ended meanwhile.</exception>
    private async Task<(bool Ok, string? Message)> SendAsync(string type, JsonObject command, Action<string, JsonObject> onEvent)
    {
        await Task.WhenAny(_ready.Task, _ended, Task.Delay(StartTime));
        if (!_isKnown && !_isOver)
        {
            _isKnown = true; // as the extension does first: it is answered only when the question for the kernel vscode is
            await SendNowAsync("RequestKernelInfo", new JsonObject { ["targetKernelName"] = ".NET" }, (_, _) => { });
        }

        command["targetKernelName"] = "csharp";
        return await SendNowAsync(type, command, onEvent);
    }

    private async Task<(bool Ok, string? Message)> SendNowAsync(string type, JsonObject command, Action<string, JsonObject> onEvent)
    {
        string token = Interlocked.Increment(ref _tokens).ToString(CultureInfo.InvariantCulture);
        var request = new Request(onEvent);
        _open[token] = request;
        Write(new JsonObject { ["token"] = token, ["commandType"] = type, ["command"] = command, ["routingSlip"] = new JsonArray() });
        if (_isOver)
        {
            await _ended;
            request.Done.TrySetException(new WorkerDiedException(Epitaph())); // it came too late to be among those that are told
        }

        return await request.Done.Task;
    }

    private void Write(JsonObject line)
    {
        try
        {
            lock (_process)
            {
                _process.StandardInput.Write(line.ToJsonString());
                _process.StandardInput.Write('\n');
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // Already gone.
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith('{')) // the rest is what native libraries print
                {
                    Take(StrictJson.Parse(line, depth: 200)!.AsObject());
                }
            }
        }
        catch (JsonException e)
        {
            lock (_errors)
            {
                _errors.AppendLine(CultureInfo.InvariantCulture, $"It sent what is no message: {e.Message}");
            }
        }

        Kill();
        await _process.WaitForExitAsync();
        _isOver = true;
        foreach (Request request in _open.Values)
        {
            request.Done.TrySetException(new WorkerDiedException(Epitaph()));
        }
    }

    private void Take(JsonObject message)
    {
        if (Text(message["commandType"]) is { Length: > 0 } commandType)
        {
            Answer(commandType, message);
            return;
        }

        string type = Text(message["eventType"]);
        if (type == "KernelReady")
        {
            _ready.TrySetResult();
        }

        string token = Text(message["command"]?["token"]);
        if (message["event"] is not JsonObject content || !_open.TryGetValue(token.Split('.')[0], out Request? request))
        {
            return; // nothing that was asked
        }

        if (type is not ("CommandSucceeded" or "CommandFailed"))
        {
            request.OnEvent(type, content);
        }
        else if (_open.TryRemove(token, out _)) // not of a command that the host made out of ours: 7.1
        {
            request.Done.TrySetResult((type == "CommandSucceeded", (string?)content["message"]));
        }
    }

    /// <summary>Answers a command for the kernel <c>vscode</c>: who it is, and that it does nothing else.</summary>
    private void Answer(string commandType, JsonObject message)
    {
        const string Self = "kernel://vscode/";
        void Event(string type, JsonObject content) => Write(new()
        {
            ["event"] = content,
            ["eventType"] = type,
            ["command"] = message.DeepClone(),
            ["routingSlip"] = new JsonArray(Self),
        });
        if (commandType != "RequestKernelInfo")
        {
            Event("CommandFailed", new() { ["message"] = $"This end has no editor that could do {commandType}." });
            return;
        }

        Event("KernelInfoProduced", new()
        {
            ["kernelInfo"] = new JsonObject
            {
                ["localName"] = "vscode",
                ["uri"] = Self,
                ["displayName"] = "vscode",
                ["aliases"] = new JsonArray(),
                ["isComposite"] = false,
                ["isProxy"] = false,
                ["supportedKernelCommands"] = new JsonArray(new JsonObject { ["name"] = "RequestKernelInfo" }),
            },
        });
        Event("CommandSucceeded", []);
    }

    private string Epitaph()
    {
        lock (_errors)
        {
            string said = OneLine(_errors.ToString());
            string why = said.Length > 0 ? $"It said: {said}" : "Was it restored, with 'dotnet tool restore'?";
            return $".NET Interactive ended (exit code {_process.ExitCode}). {why}";
        }
    }

    private void Kill()
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

    private sealed record Request(Action<string, JsonObject> OnEvent)
    {
        public TaskCompletionSource<(bool Ok, string? Message)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
