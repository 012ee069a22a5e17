using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookKernel.Tests;

/// <summary>Clients that have no key, or read too slowly, or repeat what others said.</summary>
public class HostileClientTests
{
    private const int Megabyte = 1_000_000;

    private static readonly (string Name, Func<byte[], byte[]> Bytes)[] Malformed = // from the bytes of an honest beginning
    [
        ("nothing", _ => []),
        ("noise", _ => [.. Enumerable.Repeat((byte)0xA5, 5000)]),
        ("HTTP",
            _ => Encoding.ASCII.GetBytes("GET /api/kernels HTTP/1.1\r\nHost: localhost:8888\r\nUser-Agent: a program that knocks at " +
                "every port\r\nAccept: */*\r\n\r\n")),
        ("half a greeting", _ => Zmtp.Greeting[..30]),
        ("another mechanism", _ => [.. Zmtp.Greeting[..12], .. "CURVE"u8, .. Zmtp.Greeting[17..], .. new byte[200]]),
        ("half a command", open => open[..^3]),
        ("a frame without a key", open => [.. open, .. Zmtp.Frame(0, "x"u8.ToArray())]),
        ("an empty frame", open => [.. open, .. Zmtp.Frame(0, [])]),
        ("empty frames", open => [.. open, .. Zmtp.Message([[], [], [], []])]),
        ("half a frame", open => [.. open, .. Zmtp.Head(0, 1000), .. new byte[10]]),
        ("half a message", open => [.. open, .. Zmtp.Frame(Zmtp.More, []), .. Zmtp.Frame(Zmtp.More, "x"u8.ToArray())]),
        ("reserved flags", open => [.. open, 0xF8, 1, 0]),
        ("a length below zero", open => [.. open, .. Zmtp.Head(0, -1), .. new byte[100]]),
        ("a length beyond all memory", open => [.. open, .. Zmtp.Head(0, long.MaxValue), .. new byte[100]]),
        ("a command inside a message",
            open => [.. open, .. Zmtp.Frame(Zmtp.More, []), .. Zmtp.Frame(Zmtp.Command, [4, .. "PING"u8, 0, 0])]),
    ];

    [Fact]
    public async Task No_socket_blocks_on_what_is_no_message()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        var open = new List<TcpClient>();
        foreach ((string name, Func<byte[], byte[]> malformed) in Malformed)
        {
            foreach (int socket in Enumerable.Range(0, 5))
            {
                byte[] bytes = malformed([.. Zmtp.Greeting, .. Zmtp.Ready(Zmtp.Peers[socket])]);
                open.Add(await kernel.ConnectAsync(socket, bytes));
                using (await kernel.ConnectAsync(socket, bytes))
                {
                    // The same from one that leaves at once.
                }

                // no heartbeats: they would wake a socket that is stuck
                foreach (int asked in (int[])[TestKernel.Shell, TestKernel.Control])
                {
                    await kernel.AskAsync("kernel_info_request", [], asked, after: $"{name} on socket {socket}");
                }
            }
        }

        Assert.Equal("ok", (string?)(await kernel.ExecuteAsync("1"))["status"]);
        kernel.Beat();
        open.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Displays_that_a_subscriber_does_not_read_are_left_out_with_a_note()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        using SubscriberSocket slow = await kernel.SubscribeAsync();
        await kernel.ExecuteAsync("var text = new string('x', 1_000_000);");
        long before = kernel.PeakMemory;
        JsonObject reply = await kernel.ExecuteAsync("for (int i = 0; i < 1000; i++) text.DisplayAs(\"text/plain\");");
        Assert.Equal("ok", (string?)reply["status"]);
        long grown = kernel.PeakMemory - before;
        Assert.True(grown < 500 * Megabyte, $"{grown:N0} bytes more"); // 64 MB wait; on one core much of the rest is not collected at once

        await kernel.ExecuteAsync("// the end");
        int displays = 0;
        string notes = "";
        for (string code = ""; code != "// the end";)
        {
            (string type, string? _, JsonObject content) = TestKernel.Published(slow);
            code = (string?)content["code"] ?? "";
            displays += type == "display_data" ? 1 : 0;
            notes += type == "stream" && (string?)content["name"] == "stderr" ? (string)content["text"]! : "";
        }

        Assert.InRange(displays, 1, 999);
        Assert.Equal(1000 - displays, System.Text.RegularExpressions.Regex.Matches(notes, @"\[(\d+) outputs")
            .Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(20, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task What_is_not_signed_takes_little_memory(int megabytes, bool unfinished)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        long before = kernel.PeakMemory;
        byte[] frame = new byte[megabytes * Megabyte];
        var open = new List<TcpClient>();
        foreach (int socket in (int[])[TestKernel.Shell, TestKernel.Control, TestKernel.Stdin, TestKernel.Heartbeat, TestKernel.IOPub])
        {
            foreach (int _ in Enumerable.Range(0, 4))
            {
                TcpClient client = await kernel.ConnectAsync(socket, Zmtp.Greeting, Zmtp.Ready(Zmtp.Peers[socket]));
                open.Add(client);
                try
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)); // a socket that reads no further is fine too
                    for (int i = 0; i < 5; i++)
                    {
                        await client.GetStream()
                            .WriteAsync(Zmtp.Head(unfinished || i % 5 < 4 ? Zmtp.More : (byte)0, frame.Length), patience.Token);
                        await client.GetStream().WriteAsync(frame, patience.Token);
                    }
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // The kernel hung up.
                }
            }
        }

        Assert.Equal("ok", (string?)(await kernel.AskAsync("kernel_info_request", []))["status"]);
        long grown = kernel.PeakMemory - before;
        Assert.True(grown < 200 * Megabyte, $"{grown:N0} bytes more");
        open.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task A_signed_request_that_is_sent_again_is_not_run_again()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.ExecuteAsync("int n = 0;");
        byte[][] request = kernel.Request("execute_request", new() { ["code"] = "n++;" });
        await kernel.SendAsync(request);
        foreach (int socket in (int[])[TestKernel.Shell, TestKernel.Shell, TestKernel.Control])
        {
            using var again = new DealerSocket($">tcp://127.0.0.1:{kernel.Ports[socket]}");
            again.SendMultipartMessage(new NetMQMessage(request));
            again.SendMultipartMessage(new NetMQMessage(kernel.Request("kernel_info_request", [])));
            var reply = new NetMQMessage();
            Assert.True(again.TryReceiveMultipartMessage(TestKernel.Patience, ref reply));
            // and no execute_reply before it
            Assert.Equal("kernel_info_reply", (string?)JsonNode.Parse(reply[2].ToByteArray())!["msg_type"]);
        }

        Assert.Equal("1", (string?)(await kernel.ExecuteAsync("throw new Exception(n.ToString());"))["evalue"]);
    }

    [Theory]
    [InlineData("\"[]\"")]
    [InlineData("\"{\\\"id\\\": \\\"x\\\"}\"")]
    public async Task A_cell_that_writes_into_its_processs_pipe_is_answered_and_the_next_one_runs(string line)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        JsonObject reply = await kernel.ExecuteAsync(RunnerTests.WritesIntoThePipe(line));
        Assert.Equal(("error", "KernelRestarted"), ((string?)reply["status"], (string?)reply["ename"]));
        Assert.StartsWith("The notebook's process sent what is no message of the kernel", (string?)reply["evalue"],
            StringComparison.Ordinal);
        Assert.Equal("ok", (string?)(await kernel.ExecuteAsync("6 * 7"))["status"]);
    }
}
