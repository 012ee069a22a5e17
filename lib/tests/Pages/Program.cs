using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Electra.Lessons;
using Electra.Pages;

// Converts notebooks to pages and opens them as a reader would who runs nothing: is every chart, table and card drawn?
// Usage: dotnet run --project lib/tests/Pages -c Release -- FOLDER
// The folder's Korean edition (ko) has the same outputs, and is opened where it is the folder itself.
if (args is not [var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("error: name one folder with notebooks.");
    return 2;
}

string[] programs = ["jupyter-nbconvert", "jupyter-notebook"];
string[] absent = [.. programs.Where(program => !IsInPath(program)),
    .. Browser.Find() is null ? (string[])["a Chromium, Chrome or Edge"] : []];
if (absent.Length > 0)
{
    Console.WriteLine($"pages: skipped, there is no {string.Join(" and no ", absent)} here");
    return 0;
}

folder = Path.GetFullPath(folder);
string[] notebooks = [.. Directory.GetFiles(folder, "*.ipynb", SearchOption.AllDirectories)
    .Where(path => !path.Contains(".ipynb_checkpoints", StringComparison.Ordinal)
        && Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] != "ko").Order(StringComparer.Ordinal)];
string temporary = Directory.CreateTempSubdirectory("electra-pages-").FullName;
int faults = 0;
using var server = await Serve();
try
{
    var waiting = new ConcurrentQueue<string>(notebooks);
    await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(Work))); // two at a time
    async Task Work()
    {
        while (waiting.TryDequeue(out string? notebook))
        {
            await Check(notebook);
        }
    }
}
finally
{
    server.Process.Kill(entireProcessTree: true);
    await server.Process.WaitForExitAsync();
    Directory.Delete(temporary, recursive: true);
}

Console.WriteLine(faults == 0 ? $"pages: {notebooks.Length} notebooks, nothing is blank" : $"pages: {faults} faults");
return faults == 0 ? 0 : 1;

async Task Check(string path)
{
    string name = Path.GetRelativePath(folder, path);
    var stored = PageCheck.Stored(path);
    string page = Path.Combine(temporary, Path.ChangeExtension(name, ".html"));
    await Run("jupyter-nbconvert", "--to", "html", "--log-level", "ERROR", "--output-dir", Path.GetDirectoryName(page)!, path);

    const string Outputs = ".jp-OutputArea-output";
    await using (var browser = await BrowserPage.Open(scripts: false))
    {
        await browser.Go(new Uri(page).AbsoluteUri, "document.readyState !== 'loading'");
        Report("nbconvert, no scripts",
            await PageCheck.Faults(browser, stored, $"{Outputs} img", $"{Outputs}[data-mime-type='text/html']"));

        // What code hosts do to the outputs of a notebook.
        await browser.Evaluate($$"""
            document.querySelectorAll('{{Outputs}} svg, {{Outputs}} style, {{Outputs}} script').forEach(e => e.remove());
            document.querySelectorAll('{{Outputs}} [style]').forEach(e => e.removeAttribute('style'));
            true
            """);
        Report("sanitized", await PageCheck.Faults(browser, stored, $"{Outputs} img", $"{Outputs}[data-mime-type='text/html']"));
    }

    await using (var browser = await BrowserPage.Open(scripts: true))
    {
        string below = string.Join('/', name.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        string address = $"http://127.0.0.1:{server.Port}/notebooks/{below}";
        await browser.Go(address, "globalThis.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded && !Jupyter.notebook.trusted");
        // The page scrolls within itself, which a picture of the page does not.
        await browser.Evaluate("""
            document.querySelectorAll('#site, #notebook, #notebook-container, .output_scroll').forEach(e => {
              e.style.height = 'auto'; e.style.maxHeight = 'none'; e.style.overflow = 'visible'; });
            document.querySelectorAll('.modal, .modal-backdrop').forEach(e => e.remove());
            true
            """);
        Report("classic, not trusted", await PageCheck.Faults(browser, stored, ".output_subarea img", ".output_subarea.output_html"));
    }

    void Report(string host, IReadOnlyList<string> found)
    {
        Interlocked.Add(ref faults, found.Count);
        Console.WriteLine($"{name}: {host}: " + (found.Count == 0
            ? $"{stored.Pictures} charts and {stored.Html} tables and cards are drawn"
            : string.Join("; ", found)));
    }
}

async Task<Server> Serve()
{
    int port;
    using (var probe = new TcpListener(IPAddress.Loopback, 0))
    {
        probe.Start();
        port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    // Of its own, with no signatures: nothing is trusted.
    var process = Start("jupyter-notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        $"--port={port.ToString(CultureInfo.InvariantCulture)}",
        "--port-retries=0", "--NotebookApp.token=", "--NotebookApp.password=", "--NotebookApp.quit_button=False",
        $"--notebook-dir={folder}");
    using var http = new HttpClient();
    for (var watch = Stopwatch.StartNew(); ;)
    {
        try
        {
            await http.GetStringAsync($"http://127.0.0.1:{port}/api");
            return new(process, port);
        }
        catch (HttpRequestException) when (!process.HasExited && watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(200);
        }
    }
}

async Task Run(string program, params string[] arguments)
{
    using var process = Start(program, arguments);
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
    }
}

Process Start(string program, params string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments);
    foreach (string kind in (string[])["CONFIG", "DATA", "RUNTIME"])
    {
        start.Environment[$"JUPYTER_{kind}_DIR"] = Directory.CreateDirectory(
            Path.Combine(temporary, "jupyter", kind.ToLowerInvariant())).FullName;
    }

    start.RedirectStandardError = program == "jupyter-notebook"; // a line for each request
    var process = Process.Start(start)!;
    if (start.RedirectStandardError)
    {
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    return process;
}

static bool IsInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
    .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));

internal sealed record Server(Process Process, int Port) : IDisposable
{
    public void Dispose() => Process.Dispose();
}
