using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Electra.Tests;

namespace NotebookKernel.Tests;

/// <summary>
/// Some hundred messages that a careless or hostile program could send, drawn by a seed: whatever comes, the kernel answers the next honest
/// one.
/// </summary>
public class DestructiveCampaignTests
{
    private const int Rounds = 5;
    private const int Each = 60; // connections before the honest question

    private static readonly string[] Types =
    [
        "execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "kernel_info_request",
        "comm_info_request", "comm_open", "comm_msg",
        "interrupt_request", "input_reply", "debug_request", "nonsense", "", "_request",
    ];

    private static readonly string[] Names =
    [
        "code", "cursor_pos", "detail_level", "silent", "store_history", "user_expressions", "stop_on_error", "allow_stdin",
        "hist_access_type", "output", "raw", "n", "start", "stop", "pattern",
        "comm_id", "target_name", "data",
    ];

    private static readonly string[] Texts =
    [
        "", "1 + 1", "Console.Wri", "int x = ", "((((((((((", "}", "\\ud83d\\ude00 한국어", "\\ud800", "\\u0000", "#r \\\"nowhere.dll\\\"",
        "#!time", "new List<", "\\\"", "/*", "tail", "range", "search", "*", "throw null;", "display(1);",
    ];

    private static readonly string[] Numbers = ["0", "-1", "7", "2147483648", "-9223372036854775809", "1e999", "0.5",
        "12345678901234567890123"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_bytes_on_any_socket_the_kernel_answers(int seed)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        var random = new Random(seed);
        var open = new Queue<TcpClient>();
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Each; i++)
            {
                int socket = random.Next(5);
                byte[] bytes = Stream(random, kernel, socket);
                try
                {
                    open.Enqueue(await kernel.ConnectAsync(socket, bytes));
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    // The kernel hung up first.
                }

                if (open.Count > random.Next(40))
                {
                    open.Dequeue().Dispose();
                }
            }

            string seen = $"seed {seed}, round {round}";
            Assert.True((await kernel.AskAsync("kernel_info_request", [])).ContainsKey("banner"), seen);
            Assert.True((await kernel.AskAsync("kernel_info_request", [], TestKernel.Control)).ContainsKey("banner"), seen);
            string? status;
            do
            {
                // another's failing cell aborts those that wait; another's interrupt ends one
                status = (string?)(await kernel.ExecuteAsync("int answer = 6 * 7;"))["status"];
            }
            while (status != "ok");
            Assert.Equal("complete", (string?)(await kernel.AskAsync("is_complete_request", new() { ["code"] = "answer" }))["status"]);
            kernel.Beat();
        }

        foreach (TcpClient client in open)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task For_some_minutes_nothing_that_is_sent_ends_the_kernel()
    {
        const string Variable = "ELECTRA_CAMPAIGN_MINUTES";
        double minutes = double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out double given)
            ? given
            : 0;
        Assert.SkipUnless(minutes > 0, $"{Variable} does not say for how many minutes.");
        int first = Random.Shared.Next();
        int seed = first;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalMinutes < minutes; seed++)
        {
            await After_any_bytes_on_any_socket_the_kernel_answers(seed);
        }

        Console.WriteLine($"{seed - first} kernels from seed {first} on answered after {(seed - first) * Rounds * Each} connections.");
    }

    [Fact]
    public async Task After_any_lines_in_the_workers_pipe_the_kernel_answers()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        var random = new Random(4);
        int ended = 0;
        for (int i = 0; i < 4; i++)
        {
            byte[] line = Encoding.UTF8.GetBytes($"{{\"id\": {random.Next(6)}, \"{(random.Next(2) == 0 ? "output" : "reply")}\": " +
                $"{Members(random, ["output_type", "name", "text", "ok", "data", "metadata"])}}}\n");
            for (int lines = random.Next(3); lines > 0; lines--)
            {
                line = [.. line, .. Damage.Of(random, line)];
            }

            JsonObject reply = await kernel.ExecuteAsync($"""
                var handle = (IntPtr)int.Parse(Environment.GetCommandLineArgs()[^1]);
                var safe = new Microsoft.Win32.SafeHandles.SafeFileHandle(handle, false);
                using (var pipe = new System.IO.FileStream(safe, System.IO.FileAccess.Write))
                    pipe.Write(Convert.FromBase64String("{Convert.ToBase64String(line)}"));
                """);
            ended += (string?)reply["status"] == "error" ? 1 : 0;
            Assert.Equal("ok", (string?)(await kernel.ExecuteAsync("6 * 7"))["status"]);
        }

        Assert.InRange(ended, 2, 4);
    }

    /// <summary>What one connection sends: an honest beginning, messages that are not honest, and damage anywhere.</summary>
    private static byte[] Stream(Random random, TestKernel kernel, int socket)
    {
        byte[] bytes = [.. Zmtp.Greeting, .. Zmtp.Ready(Zmtp.Peers[socket])];
        for (int messages = random.Next(4); messages > 0; messages--)
        {
            byte[][] frames = random.Next(4) switch
            {
                0 => [.. Enumerable.Range(0, random.Next(8)).Select(_ => Damage.Noise(random))],
                1 => kernel.Request(Draw(random, Types), [], key: "wrong"),
                _ => TestKernel.Signed(
                    "secret",
                    random.Next(4) == 0
                        ? Encoding.UTF8.GetBytes(Members(random, ["msg_id", "msg_type", "session", "msg_type"]))
                        : TestKernel.Header(Draw(random, Types), random.Next().ToString(CultureInfo.InvariantCulture)),
                    "{}"u8.ToArray(),
                    random.Next(4) == 0 ? Damage.Noise(random) : "{}"u8.ToArray(),
                    random.Next(6) == 0 ? Damage.Noise(random) : Encoding.UTF8.GetBytes(Members(random, Names))),
            };
            bytes = [.. bytes, .. Zmtp.Message(frames)];
        }

        return random.Next(2) == 0 ? bytes : Damage.Of(random, bytes);
    }

    private static string Members(Random random, string[] names)
        => $"{{{string.Join(", ", Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{Draw(random, names)}\": {Value(random, 3)}"))}}}";

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => Draw(random, Numbers),
        < 6 => $"\"{Draw(random, Texts)}\"",
        6 => $"[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => $"{{{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Draw(random, Texts)}\": " +
            $"{Value(random, depth - 1)}"))}}}",
    };

    private static T Draw<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
