using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKernel.Tests;

public partial class BrowserTests
{
    [Fact]
    public async Task The_classic_notebook_page_runs_all_cells_and_shows_their_outputs()
    {
        string python = TestPrograms.Python("notebook");
        string chromium = TestPrograms.Chromium();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var folder = new TemporaryFolder();
        string notebooks = Path.Combine(AppContext.BaseDirectory, "notebooks");
        string name = Path.GetFileName(JupyterTests.Without("skip-run", notebooks));
        int port = JupyterTests.FreePorts(1)[0];
        Process? server = null;
        Process? browser = null;
        try
        {
            server = TestPrograms.Start(
                python,
                ["-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--NotebookApp.token=",
                    "--NotebookApp.password=", $"--notebook-dir={notebooks}"],
                folder.Path,
                JupyterTests.Install(folder),
                ("JUPYTER_CONFIG_DIR", folder.File("config")),
                ("JUPYTER_RUNTIME_DIR", folder.File("runtime")));
            await AnswersAsync(server, $"http://127.0.0.1:{port}/api", limit.Token);
            browser = TestPrograms.Start(
                chromium,
                ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--no-first-run", $"--user-data-dir={folder.File("profile")}", "--remote-debugging-port=0",
                    $"http://127.0.0.1:{port}/notebooks/{name}"],
                folder.Path);
            using var page = await Page.OpenAsync(browser, name, limit.Token);

            await page.UntilAsync("typeof Jupyter !== 'undefined' && Jupyter.notebook && Jupyter.notebook._fully_loaded && " +
                "Jupyter.notebook.kernel && Jupyter.notebook.kernel.info_reply.status === 'ok'", limit.Token);
            await page.EvaluateAsync("Jupyter.notebook.execute_all_cells()", limit.Token);
            await page.UntilAsync(
                "(c => c[c.length - 1].output_area.outputs.length > 0)(Jupyter.notebook.get_cells().filter(c => c.cell_type === 'code'))",
                limit.Token);
            string shown =
                (string)(await page.EvaluateAsync("[...document.querySelectorAll('.output_area')].map(o => o.innerText).join('\\n')",
                    limit.Token))!;
            Assert.Contains("step 5: loss 0.", shown, StringComparison.Ordinal);
            Assert.Contains("fett & 한국어", shown, StringComparison.Ordinal);
            Assert.Contains("as expected", shown, StringComparison.Ordinal);
            Assert.Equal(5,
                (int)(await page.EvaluateAsync("document.querySelectorAll('.output_area table tbody tr').length", limit.Token))!);
            Assert.Equal("5",
                (string?)await page.EvaluateAsync("[...document.querySelectorAll('.output_area .output_text')].pop().innerText.trim()",
                    limit.Token));
        }
        finally
        {
            File.Delete(Path.Combine(notebooks, name));
            foreach (Process? process in (Process?[])[browser, server])
            {
                process?.Kill(entireProcessTree: true);
                process?.WaitForExit();
                process?.Dispose();
            }
        }
    }

    private static async Task AnswersAsync(Process server, string address, CancellationToken cancel)
    {
        using var http = new HttpClient();
        _ = server.StandardOutput.ReadToEndAsync(cancel);
        _ = server.StandardError.ReadToEndAsync(cancel);
        while (true)
        {
            try
            {
                await http.GetStringAsync(address, cancel);
                return;
            }
            catch (HttpRequestException) when (!server.HasExited)
            {
                await Task.Delay(200, cancel);
            }
        }
    }

    /// <summary>A page of a headless Chromium, driven through its DevTools protocol.</summary>
    private sealed class Page : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private int _ids;

        public static async Task<Page> OpenAsync(Process browser, string name, CancellationToken cancel)
        {
            string? address = null;
            while (address is null && await browser.StandardError.ReadLineAsync(cancel) is { } line)
            {
                address = Listening().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
            }

            _ = browser.StandardError.ReadToEndAsync(cancel);
            _ = browser.StandardOutput.ReadToEndAsync(cancel);
            using var http = new HttpClient();
            while (true)
            {
                JsonArray pages = JsonNode.Parse(await http.GetStringAsync($"http://{address}/json", cancel))!.AsArray();
                if (pages.FirstOrDefault(p => ((string)p!["url"]!).Contains(name, StringComparison.Ordinal)) is { } found)
                {
                    var page = new Page();
                    await page._socket.ConnectAsync(new Uri((string)found["webSocketDebuggerUrl"]!), cancel);
                    return page;
                }

                await Task.Delay(200, cancel);
            }
        }

        public async Task UntilAsync(string condition, CancellationToken cancel)
        {
            while (await EvaluateAsync($"!!({condition})", cancel) is not JsonValue value || !value.GetValue<bool>())
            {
                await Task.Delay(200, cancel);
            }
        }

        public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken cancel)
        {
            int id = ++_ids;
            var request = new JsonObject
            {
                ["id"] = id,
                ["method"] = "Runtime.evaluate",
                ["params"] = new JsonObject { ["expression"] = expression, ["returnByValue"] = true },
            };
            await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, true, cancel);
            while (true)
            {
                using var message = new MemoryStream();
                byte[] buffer = new byte[65536];
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer, cancel);
                    message.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                JsonNode reply = JsonNode.Parse(message.ToArray())!;
                if ((int?)reply["id"] == id)
                {
                    return reply["result"]?["result"]?["value"];
                }
            }
        }

        public void Dispose() => _socket.Dispose();
    }

    [GeneratedRegex(@"DevTools listening on ws://([^/]+)/")]
    private static partial Regex Listening();
}
