using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookKernel.Tests;

/// <summary>The kernel in a process of its own, and a client of it that sends no heartbeats unless it is told to.</summary>
internal sealed class TestKernel : IAsyncDisposable
{
    public const int Shell = 0, IOPub = 1, Stdin = 2, Control = 3, Heartbeat = 4;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // for an answer that must come; waited out only where it does not

    private static readonly byte[] None = "{}"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly DealerSocket _shell;
    private readonly DealerSocket _control;
    private int _messages;

    private TestKernel()
    {
        Ports = JupyterTests.FreePorts(5);
        File.WriteAllText(_folder.File("c.json"), new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["key"] = "secret",
            ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = Ports[Shell],
            ["iopub_port"] = Ports[IOPub],
            ["stdin_port"] = Ports[Stdin],
            ["control_port"] = Ports[Control],
            ["hb_port"] = Ports[Heartbeat],
        }.ToJsonString());
        var start = new ProcessStartInfo(DotnetHost.Path,
            ["exec", typeof(KernelServer).Assembly.Location, "serve", _folder.File("c.json")])
        { WorkingDirectory = _folder.Path };
        _process = Process.Start(start)!;
        _shell = new DealerSocket($">tcp://127.0.0.1:{Ports[Shell]}");
        _control = new DealerSocket($">tcp://127.0.0.1:{Ports[Control]}");
    }

    /// <summary>In the order of the constants.</summary>
    public int[] Ports { get; }

    /// <summary>The most memory that the kernel (not the process of its cells) has held so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public static async Task<TestKernel> StartAsync()
    {
        var kernel = new TestKernel();
        await kernel.AskAsync("kernel_info_request", []);
        return kernel;
    }

    /// <summary>The frames of a signed message with a new id.</summary>
    public byte[][] Request(string type, JsonObject content, string key = "secret") =>
        Signed(key, Header(type, $"m{++_messages}"), None, None, Encoding.UTF8.GetBytes(content.ToJsonString()));

    public static byte[] Header(string type, string id) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["msg_id"] = id,
        ["session"] = "s",
        ["username"] = "u",
        ["date"] = "",
        ["msg_type"] = type,
        ["version"] = "5.3",
    }.ToJsonString());

    public static byte[][] Signed(string key, params byte[][] parts)
        => ["<IDS|MSG>"u8.ToArray(),
            Encoding.ASCII.GetBytes(
                Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), parts.SelectMany(p => p).ToArray()))), .. parts];

    /// <summary>Sends a request and waits for its reply, which must come after whatever <paramref name="after"/> names.</summary>
    public Task<JsonObject> AskAsync(string type, JsonObject content, int socket = Shell, string after = "") =>
        SendAsync(Request(type, content), socket, after);

    /// <summary>Runs a cell and waits for its reply.</summary>
    public Task<JsonObject> ExecuteAsync(string code) => AskAsync("execute_request", new() { ["code"] = code });

    /// <summary>Sends frames and waits for the reply to them.</summary>
    public Task<JsonObject> SendAsync(byte[][] frames, int socket = Shell, string after = "")
    {
        string id = (string)JsonNode.Parse(frames[2])!["msg_id"]!;
        DealerSocket client = socket == Shell ? _shell : _control;
        return Task.Run(() =>
        {
            client.SendMultipartMessage(new NetMQMessage(frames));
            while (true)
            {
                var reply = new NetMQMessage();
                Assert.True(client.TryReceiveMultipartMessage(Patience, ref reply), $"no answer after {(after.Length > 0 ? after : id)}");
                if ((string?)JsonNode.Parse(reply[3].ToByteArray())!["msg_id"] == id)
                {
                    return JsonNode.Parse(reply[5].ToByteArray())!.AsObject();
                }
            }
        });
    }

    /// <summary>A subscriber to all outputs, which holds few messages itself and reads only when it is asked to.</summary>
    public async Task<SubscriberSocket> SubscribeAsync()
    {
        var subscriber = new SubscriberSocket();
        subscriber.Options.ReceiveHighWatermark = 10;
        subscriber.Connect($"tcp://127.0.0.1:{Ports[IOPub]}");
        subscriber.SubscribeToAnyTopic();
        var seen = new NetMQMessage();
        do
        {
            await AskAsync("kernel_info_request", []); // says busy and idle to those that have subscribed by then
        }
        while (!subscriber.TryReceiveMultipartMessage(TimeSpan.FromMilliseconds(100), ref seen));
        return subscriber;
    }

    /// <summary>Type, parent's id and content of a published message.</summary>
    public static (string Type, string? Parent, JsonObject Content) Published(SubscriberSocket subscriber)
    {
        var message = new NetMQMessage();
        Assert.True(subscriber.TryReceiveMultipartMessage(Patience, ref message), "nothing published");
        return ((string)JsonNode.Parse(message[3].ToByteArray())!["msg_type"]!,
            (string?)JsonNode.Parse(message[4].ToByteArray())!["msg_id"], JsonNode.Parse(message[6].ToByteArray())!.AsObject());
    }

    /// <summary>Sends one heartbeat, as Jupyter programs do.</summary>
    public void Beat()
    {
        using var client = new RequestSocket($">tcp://127.0.0.1:{Ports[Heartbeat]}");
        client.SendFrame("ping");
        Assert.True(client.TryReceiveFrameString(Patience, out string? answer), "no heartbeat");
        Assert.Equal("ping", answer);
    }

    /// <summary>Makes an empty file in the folder where cells run.</summary>
    public Task WriteAsync(string name) => File.WriteAllTextAsync(_folder.File(name), "");

    /// <summary>A connection past ZeroMQ's handshake, for frames that no library would send.</summary>
    public async Task<TcpClient> ConnectAsync(int socket, params byte[][] bytes)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Ports[socket]);
        await client.GetStream().WriteAsync(bytes.SelectMany(b => b).ToArray());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        _control.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
