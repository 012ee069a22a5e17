using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookKernel.Tests;

public class JupyterTests
{
    private static readonly string Notebooks = Path.Combine(AppContext.BaseDirectory, "notebooks");

    /// <summary>
    /// Installs the kernelspec into a folder of the test, by a process of its own: the place is an environment variable's to say.
    /// </summary>
    internal static (string, string) Install(TemporaryFolder folder, string name = KernelSpec.Name)
    {
        string? before = Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR");
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", folder.Path);
        try
        {
            Assert.Equal(folder.File(Path.Combine("kernels", name, "kernel.json")), KernelSpec.Install(user: true, name: name));
        }
        finally
        {
            Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", before);
        }

        return ("JUPYTER_DATA_DIR", folder.Path);
    }

    [Fact]
    public void Jupyter_client_sees_everything_the_protocol_promises()
    {
        string python = TestPrograms.Python("jupyter_client");
        using var folder = new TemporaryFolder();
        (int code, string output) = TestPrograms.Run(python,
            ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "clients", "run_client.py"), folder.Path], null, Install(folder));
        Assert.True(code == 0, output);
        JsonNode seen = JsonNode.Parse(output[..(output.IndexOf('\n', StringComparison.Ordinal) + 1)])!;
        void Seen(string name, string json) => Assert.Equal(JsonNode.Parse(json)!.ToJsonString(), seen[name]!.ToJsonString());

        Seen("info", "\"C#\"");
        Seen("execute",
            """{"status": "ok", "count": 1, "states": ["busy", "idle"], "input": "Console", "stdout": "out\n", """ +
            """ "stderr": "err\n", "result": "42"}""");
        Seen("display", """[["text/html"], ["text/html", "text/plain"]]""");
        Seen("error", """{"status": "error", "ename": "CompilationError", "iopub": "CompilationError"}""");
        Seen("silent", """{"count": 3, "types": ["status"]}""");
        Seen("unstored", """{"count": 3, "result": "50"}""");
        Seen("aborted", """["error", "aborted"]""");
        Seen("complete", """{"matches": ["Write", "WriteLine"], "start": 23, "end": 26}""");
        Seen("member", "true");
        Assert.Contains("int x", (string?)seen["hover"], StringComparison.Ordinal);
        Seen("call", "[true, true]");
        Seen("is_complete", """["complete", "incomplete"]""");
        Assert.EndsWith("throw new Exception(\"stop\");", (string?)seen["history"]!.AsArray()[^1], StringComparison.Ordinal);
        Seen("comms", "{}");
        Seen("comm_close", "\"c1\"");
        Seen("interrupt", "\"Interrupted\"");
        Seen("kept", "\"50\"");
        Seen("heartbeat", "true");
        Seen("hard_interrupt", "\"KernelRestarted\"");
        Seen("after", "\"42\"");
        Seen("died", "\"KernelRestarted\"");
        Seen("again", "\"42\"");
        Seen("restarted", "1");
        Seen("down", "true");
    }

    [Fact]
    public async Task Nbconvert_runs_the_smoke_notebook_with_the_same_outputs_as_the_headless_run()
    {
        string python = TestPrograms.Python("nbconvert", "nbclient");
        using var folder = new TemporaryFolder();
        (string, string) environment = Install(folder);
        string headless = Path.Combine(Notebooks, "smoke-headless.ipynb");
        string jupyter = Path.Combine(Notebooks, "smoke-jupyter.ipynb");
        try
        {
            File.Copy(Path.Combine(Notebooks, "smoke.ipynb"), headless, overwrite: true);
            Assert.Empty(
                (await NotebookRunner.RunAsync([headless], new() { Write = true },
                    cancel: TestContext.Current.CancellationToken))[0].Failures);
            (int code, string output) = TestPrograms.Run(
                python, ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "smoke-jupyter.ipynb",
                    Without("skip-run", Notebooks)], Notebooks, environment);
            Assert.True(code == 0, output);
            Assert.Equal(Outputs(headless), Outputs(jupyter));
        }
        finally
        {
            File.Delete(headless);
            File.Delete(jupyter);
            File.Delete(Path.Combine(Notebooks, "smoke-all.ipynb"));
        }
    }

    /// <summary>A copy of the smoke notebook without the cells that only our runner leaves out.</summary>
    internal static string Without(string tag, string folder)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(Notebooks, "smoke.ipynb")))!;
        JsonArray cells = json["cells"]!.AsArray();
        cells.Remove(cells.Single(c => (c!["metadata"]!["tags"] as JsonArray ?? []).Any(t => (string?)t == tag)));
        string path = Path.Combine(folder, "smoke-all.ipynb");
        File.WriteAllText(path, PythonJson.Write(json));
        return path;
    }

    private static string Outputs(string path) =>
        string.Join('\n', Notebook.Load(path).Cells.Where(c => c.IsCode && !c.Tags.Contains("skip-run"))
        .Select(c => $"{c.Id} [{c.ExecutionCount}] " + string.Concat(Joined(c.Outputs).Select(o => o.ToJsonString()))));

    /// <summary>How many pieces a stream came in is no difference.</summary>
    private static JsonObject[] Joined(IReadOnlyList<JsonObject> outputs)
    {
        var list = new OutputList();
        foreach (JsonObject output in outputs)
        {
            var copy = (JsonObject)output.DeepClone();
            if (copy["text"] is JsonArray)
            {
                copy["text"] = NotebookCell.Text(copy["text"]);
            }

            list.Add(copy);
        }

        return list.Normalised();
    }

    [Fact]
    public void Nbconvert_stops_at_the_failing_notebooks_cell()
    {
        string python = TestPrograms.Python("nbconvert", "nbclient");
        using var folder = new TemporaryFolder();
        (int code, string output) = TestPrograms.Run(
            python, ["-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", folder.Path,
                Path.Combine(Notebooks, "failing.ipynb")], folder.Path, Install(folder));
        Assert.NotEqual(0, code);
        Assert.Contains("Attempted to divide by zero", output, StringComparison.Ordinal);
        Assert.Contains("cell [2], line 3, in Half()", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernelspec_of_another_program_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        Install(folder);
        Install(folder); // one's own is replaced
        string file = folder.File("kernels/.net-csharp/kernel.json");
        JsonNode spec = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.Equal("{connection_file}", (string?)spec["argv"]!.AsArray()[^1]);
        Assert.Equal("message", (string?)spec["interrupt_mode"]);
        File.WriteAllText(file, "{\"argv\": [\"dotnet\", \"interactive\"]}");
        Assert.Contains("belongs to another kernel", Assert.Throws<NotebookException>(() => Install(folder)).Message,
            StringComparison.Ordinal);
        Install(folder, "electra"); // both can be there
        JsonNode beside = JsonNode.Parse(File.ReadAllText(folder.File("kernels/electra/kernel.json")))!;
        Assert.Equal(".NET (C#), electra", (string?)beside["display_name"]);
        Assert.Contains("interactive", File.ReadAllText(file), StringComparison.Ordinal);
        string refusal = Assert.Throws<NotebookException>(() => Install(folder, "../electra")).Message;
        Assert.Contains("cannot be the name of a kernel", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"transport\": \"ipc\", \"ip\": \"x\", \"key\": \"\", \"signature_scheme\": \"hmac-sha256\", \"shell_port\": 1, " +
        "\"iopub_port\": 2, \"stdin_port\": 3, \"control_port\": 4, \"hb_port\": 5}")]
    [InlineData("{\"transport\": \"tcp\", \"ip\": \"example.org\", \"key\": \"\", \"signature_scheme\": \"hmac-sha256\", " +
        "\"shell_port\": 1, \"iopub_port\": 2, \"stdin_port\": 3, \"control_port\": 4, \"hb_port\": 5}")]
    [InlineData("{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"key\": \"k\", \"signature_scheme\": \"hmac-md5\", \"shell_port\": 1, " +
        "\"iopub_port\": 2, \"stdin_port\": 3, \"control_port\": 4, \"hb_port\": 5}")]
    [InlineData(
        "{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"key\": \"k\", \"signature_scheme\": \"hmac-sha256\", \"shell_port\": 99999}")]
    [InlineData("{\"transport\": \"tcp\", \"transport\": \"tcp\"}")]
    [InlineData("{\"transport\": \"tcp\", \"key\": \"\\ud800\"}")]
    [InlineData("{\"transport\": \"tcp\", \"\\udc00\": 1}")]
    [InlineData("{\"transport\": [], \"key\": {}}")]
    public void A_connection_file_that_cannot_be_used_is_refused(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("c.json"), text);
        Assert.Contains("c.json", Assert.Throws<NotebookException>(() => ConnectionFile.Read(folder.File("c.json"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_and_wrongly_signed_messages_are_dropped_and_the_kernel_goes_on()
    {
        using var folder = new TemporaryFolder();
        int[] ports = FreePorts(5);
        File.WriteAllText(folder.File("c.json"), new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["key"] = "secret",
            ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = ports[0],
            ["iopub_port"] = ports[1],
            ["stdin_port"] = ports[2],
            ["control_port"] = ports[3],
            ["hb_port"] = ports[4],
        }.ToJsonString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        Task server = KernelServer.RunAsync(folder.File("c.json"), stop.Token);

        // Not even ZeroMQ's own framing.
        foreach (int port in ports)
        {
            using var raw = new TcpClient();
            await raw.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            await raw.GetStream().WriteAsync(Enumerable.Repeat((byte)0xA5, 5000).ToArray(), stop.Token);
        }

        byte[] delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");
        byte[] info = Encoding.UTF8.GetBytes("{\"msg_id\": \"1\", \"session\": \"s\", \"username\": \"u\", \"date\": \"\", " +
            "\"msg_type\": \"kernel_info_request\", \"version\": \"5.3\"}");
        byte[] none = Encoding.UTF8.GetBytes("{}");
        byte[][] Signed(string key, params byte[][] parts) =>
            [delimiter,
                Encoding.ASCII.GetBytes(
                    Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), parts.SelectMany(p => p).ToArray()))),
                    .. parts];
        byte[][][] bad =
        [
            [[]],
            [[1, 2, 3]],
            [delimiter],
            [delimiter, [], info],
            [delimiter, [], info, none, none, none],
            [delimiter, Encoding.ASCII.GetBytes(new string('0', 64)), info, none, none, none],
            [delimiter, new byte[100_000], info, none, none, none],
            Signed("wrong", info, none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("not json"), none, none, none),
            Signed("secret", [0xFF, 0xFE, 0x00], none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("[]"), none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": 5}"), none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": \"execute_request\"}"), none, none, Encoding.UTF8.GetBytes("[1]")),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": \"complete_request\"}"), none, none,
                Encoding.UTF8.GetBytes("{\"code\": 5, \"cursor_pos\": -7}")),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": \"nonsense_request\"}"), none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes(new string('[', 100_000)), none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": \"execute_request\", \"msg_type\": \"x\"}"), none, none, none),
            Signed("secret", Encoding.UTF8.GetBytes("{\"msg_type\": \"execute_request\"}"), none, none,
                Encoding.UTF8.GetBytes("{\"code\": \"\\ud800\"}")),
        ];

        foreach (int port in (int[])[ports[0], ports[3]])
        {
            using var client = new DealerSocket($">tcp://127.0.0.1:{port}");
            foreach (byte[][] message in bad)
            {
                client.SendMultipartMessage(new NetMQMessage(message));
            }

            client.SendMultipartMessage(
                new NetMQMessage(Signed("secret", TestKernel.Header("kernel_info_request", $"on {port}"), none, none, none)));
            string type;
            do
            {
                var reply = new NetMQMessage();
                Assert.True(client.TryReceiveMultipartMessage(TimeSpan.FromSeconds(30), ref reply), "no answer");
                type = (string)JsonNode.Parse(reply[reply.FrameCount - 4].ConvertToString(Encoding.UTF8))!["msg_type"]!;
            }
            while (type is "complete_reply" or "execute_reply");
            Assert.Equal("kernel_info_reply", type);
        }

        await stop.CancelAsync();
        await server;
    }

    [Fact]
    public async Task Sockets_listen_on_the_given_address_only()
    {
        using var folder = new TemporaryFolder();
        int[] ports = FreePorts(5);
        var connection = new ConnectionFile(IPAddress.Loopback, ports[0], ports[1], ports[2], ports[3], ports[4], []);
        var kernel = new JupyterKernel(connection);
        IPEndPoint[] listening = [.. System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(l => ports.Contains(l.Port))];
        Assert.Equal(5, listening.Length);
        Assert.All(listening, l => Assert.Equal(IPAddress.Loopback, l.Address));
        Assert.Contains("cannot listen", Assert.Throws<NotebookException>(() => new JupyterKernel(connection)).Message,
            StringComparison.Ordinal);
        await kernel.DisposeAsync();
    }

    internal static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Stop();
        }

        return ports;
    }
}
