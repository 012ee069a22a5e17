using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Electra.Lessons;

namespace Electra.Pages;

/// <summary>
/// One page in a Chromium of its own, without a window. Source: the Chrome DevTools Protocol,
/// https://chromedevtools.github.io/devtools-protocol.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _browser;
    private readonly string _folder;
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonObject> _events = [];
    private int _messages;

    private BrowserPage(Process browser, string folder)
    {
        (_browser, _folder) = (browser, folder);
    }

    /// <summary>Starts a browser with an empty page.</summary>
    /// <param name="scripts">Whether the pages' own scripts run.</param>
    public static async Task<BrowserPage> Open(bool scripts)
    {
        string folder = Directory.CreateTempSubdirectory("electra-page-").FullName;
        string[] sandbox = OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : [];
        var browser = Process.Start(new ProcessStartInfo(Browser.Find()!, [
            "--headless", "--remote-debugging-port=0", $"--user-data-dir={folder}", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", .. sandbox, "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var page = new BrowserPage(browser, folder);
        try
        {
            // The browser tells its port on standard error, once it listens.
            string? line;
            while ((line = await browser.StandardError.ReadLineAsync().WaitAsync(Patience)) is not null && !line.Contains("ws://"))
            {
            }

            _ = browser.StandardError.ReadToEndAsync();
            var address = new Uri((line ?? throw new IOException("The browser ended before it listened."))[line.IndexOf("ws://")..].Trim());
            using var http = new HttpClient();
            var targets = JsonNode.Parse(await http.GetStringAsync($"http://{address.Authority}/json/list"))!.AsArray();
            string own = (string)targets.Single(target => (string)target!["type"]! == "page")!["webSocketDebuggerUrl"]!;
            await page._socket.ConnectAsync(new Uri(own), CancellationToken.None).WaitAsync(Patience);
            await page.Send("Emulation.setScriptExecutionDisabled", new JsonObject { ["value"] = !scripts });
            await page.Send("Emulation.setFocusEmulationEnabled", new JsonObject { ["enabled"] = true }); // as the window in front
            await page.Show(1200, 900);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the browser has told since <see cref="Listen"/>: errors and messages of scripts, and requests.</summary>
    public IReadOnlyList<JsonObject> Events => _events;

    /// <summary>Begins to collect <see cref="Events"/>.</summary>
    public async Task Listen()
    {
        foreach (string domain in (string[])["Runtime", "Log", "Network"])
        {
            await Send($"{domain}.enable", []);
        }
    }

    /// <summary>Looks at the page in another size, on another ground, or as it is printed.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="isDark">Whether the reader prefers a dark ground.</param>
    /// <param name="media"><c>screen</c> or <c>print</c>.</param>
    public async Task Show(int width, int height, bool isDark = false, string media = "screen")
    {
        // The medium first: a page that hears of its new width is to draw for the screen again.
        await Send("Emulation.setEmulatedMedia", new JsonObject
        {
            ["media"] = media,
            ["features"] = new JsonArray(
                new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        await Send("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
    }

    /// <summary>The page on paper, as PDF in base64.</summary>
    public async Task<string> Print() =>
        (string)(await Send("Page.printToPDF", new JsonObject { ["printBackground"] = true, ["preferCSSPageSize"] = true }))["data"]!;

    /// <summary>Goes to an address, and waits until an expression is true there.</summary>
    public async Task Go(string address, string loaded)
    {
        await Send("Page.navigate", new JsonObject { ["url"] = address });
        var watch = Stopwatch.StartNew();
        while (!(await Evaluate($"location.href !== 'about:blank' && !!({loaded})")).GetValue<bool>())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"{address} was not loaded after {Patience.TotalMinutes} minutes.");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>The value of an expression in the page; a promise is awaited.</summary>
    public async Task<JsonNode> Evaluate(string expression)
    {
        var answer = await Send("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression,
            ["returnByValue"] = true,
            ["awaitPromise"] = true,
        });
        return answer["exceptionDetails"] is { } failure
            ? throw new InvalidOperationException($"{failure["exception"]?["description"] ?? failure["text"]}")
            : answer["result"]!["value"] ?? JsonValue.Create(false);
    }

    /// <summary>What the page looks like in a rectangle, as PNG in base64.</summary>
    public async Task<string> Picture(double x, double y, double width, double height) =>
        (string)(await Send("Page.captureScreenshot", new JsonObject
        {
            ["format"] = "png",
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject { ["x"] = x, ["y"] = y, ["width"] = width, ["height"] = height, ["scale"] = 1 },
        }))["data"]!;

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync();
        _browser.Dispose();
        for (int attempt = 0; attempt < 20 && Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) // the browser's children end a moment after it
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task<JsonObject> Send(string method, JsonObject parameters)
    {
        int id = ++_messages;
        string message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, timeout.Token);
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            using var received = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer, timeout.Token);
                received.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var answer = JsonNode.Parse(received.ToArray())!.AsObject();
            if ((int?)answer["id"] == id)
            {
                return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
            }

            _events.Add(answer);
        }
    }
}
