using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookKernel.Tests;

/// <summary>ZeroMQ's wire protocol, byte by byte and with another library.</summary>
public class ZmtpTests
{
    private static async Task<byte[]> ReadAsync(TcpClient client, int count)
    {
        byte[] bytes = new byte[count];
        using var patience = new CancellationTokenSource(TestKernel.Patience);
        await client.GetStream().ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }

    private static async Task<TcpClient> ShakeHandsAsync(TestKernel kernel, int socket)
    {
        TcpClient client = await kernel.ConnectAsync(socket, Zmtp.Greeting, Zmtp.Ready(Zmtp.Peers[socket]));
        byte[] greeting = await ReadAsync(client, 64);
        Assert.Equal([0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. "NULL"u8, .. new byte[48]], greeting);
        byte[] head = await ReadAsync(client, 2);
        Assert.Equal(Zmtp.Command, head[0]);
        Assert.StartsWith("\u0005READY\u000bSocket-Type", Encoding.Latin1.GetString(await ReadAsync(client, head[1])),
            StringComparison.Ordinal);
        return client;
    }

    [Fact]
    public async Task A_ping_gets_its_pong_and_a_heartbeat_its_frames_back()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        using TcpClient client = await ShakeHandsAsync(kernel, TestKernel.Heartbeat);
        await client.GetStream().WriteAsync(Zmtp.Frame(Zmtp.Command, [4, .. "PING"u8, 0, 100, .. "context"u8]),
            TestContext.Current.CancellationToken);
        byte[] pong = Zmtp.Frame(Zmtp.Command, [4, .. "PONG"u8, .. "context"u8]);
        Assert.Equal(pong, await ReadAsync(client, pong.Length));
        byte[] beat = Zmtp.Message([[], "x"u8.ToArray(), new byte[300]]);
        await client.GetStream().WriteAsync(beat, TestContext.Current.CancellationToken);
        Assert.Equal(beat, await ReadAsync(client, beat.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscriber_gets_what_begins_with_its_topics(bool byCommand)
    {
        byte[] Say(bool wanted, string topic) => byCommand
            ? Zmtp.Frame(Zmtp.Command,
                wanted ? [9, .. "SUBSCRIBE"u8, .. Encoding.ASCII.GetBytes(topic)] : [6, .. "CANCEL"u8, .. Encoding.ASCII.GetBytes(topic)])
            : Zmtp.Frame(0, [wanted ? (byte)1 : (byte)0, .. Encoding.ASCII.GetBytes(topic)]);

        await using TestKernel kernel = await TestKernel.StartAsync();
        using TcpClient client = await ShakeHandsAsync(kernel, TestKernel.IOPub);
        byte[] ping = Zmtp.Frame(Zmtp.Command, [4, .. "PING"u8, 0, 100]), pong = Zmtp.Frame(Zmtp.Command, [4, .. "PONG"u8]);
        await client.GetStream().WriteAsync((byte[])[.. Say(true, ""), .. Say(true, "str"), .. Say(false, ""), .. ping],
            TestContext.Current.CancellationToken);
        Assert.Equal(pong, await ReadAsync(client, pong.Length)); // the topics are known: for a moment all was wanted
        await kernel.ExecuteAsync("Console.WriteLine(1);"); // busy, execute_input, stream, idle
        Assert.Equal(Zmtp.Frame(Zmtp.More, "stream"u8.ToArray()), await ReadAsync(client, 8));
    }

    [Fact]
    public async Task A_client_that_comes_back_under_its_name_gets_the_reply()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        using SubscriberSocket subscriber = await kernel.SubscribeAsync();
        byte[][] request = kernel.Request("execute_request",
            new() { ["code"] = "Console.WriteLine(\"go\"); while (!System.IO.File.Exists(\"end\")) await Task.Delay(20);" });
        using (var before = new DealerSocket())
        {
            before.Options.Identity = "name"u8.ToArray();
            before.Connect($"tcp://127.0.0.1:{kernel.Ports[TestKernel.Shell]}");
            before.SendMultipartMessage(new NetMQMessage(request));
            while (TestKernel.Published(subscriber).Type != "stream")
            {
                // Until the cell runs.
            }
        }

        using var after = new DealerSocket();
        after.Options.Identity = "name"u8.ToArray();
        after.Connect($"tcp://127.0.0.1:{kernel.Ports[TestKernel.Shell]}");
        after.SendMultipartMessage(new NetMQMessage(kernel.Request("kernel_info_request", [])));
        var reply = new NetMQMessage();
        Assert.True(after.TryReceiveMultipartMessage(TestKernel.Patience, ref reply)); // it is back
        await kernel.WriteAsync("end");
        Assert.True(after.TryReceiveMultipartMessage(TestKernel.Patience, ref reply), "no reply");
        Assert.Equal("execute_reply", (string?)JsonNode.Parse(reply[2].ToByteArray())!["msg_type"]);
    }
}
