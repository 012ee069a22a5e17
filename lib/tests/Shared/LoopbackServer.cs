using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Electra.Tests;

/// <summary>A request as the server saw it; header names in lower case.</summary>
internal sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers)
{
    public long From =>
        Headers.TryGetValue("range", out string? range)
            ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;

    public string? Authorization => Headers.GetValueOrDefault("authorization");
}

/// <summary>An answer, which may be a wrong one.</summary>
internal sealed record Reply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Bytes of the body after which the server stops; all by default.</summary>
    public int SendOnly { get; init; } = Body.Length;

    /// <summary>Whether the server then keeps the connection open and says nothing more.</summary>
    public bool Stalls { get; init; }

    /// <summary>Whether no length is said: the body ends where the connection does.</summary>
    public bool WithoutLength { get; init; }

    /// <summary>Between two bytes of the body; null: it comes at once.</summary>
    public TimeSpan? Drip { get; init; }

    public static Reply Redirect(string location, params (string, string)[] headers) => new(302, [], [("Location", location), .. headers]);

    /// <summary>What an honest server says: the whole content, or what a range asks for.</summary>
    public static Reply Content(Request request, byte[] content, params (string, string)[] headers) =>
        request.From == 0 ? new Reply(200, content, headers)
        : request.From >= content.Length ? new Reply(416, [], ("Content-Range", $"bytes */{content.Length}"))
        : new Reply(206, content[(int)request.From..],
            [("Content-Range", $"bytes {request.From}-{content.Length - 1}/{content.Length}"), .. headers]);
}

/// <summary>A web server on this machine that can misbehave.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly Func<Request, Reply> _answer;

    public LoopbackServer(Func<Request, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<Request> Requests { get; } = [];

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public Uri File => new($"{Address}/file.bin");

    public void Dispose()
    {
        _listener.Dispose();
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }
    }

    /// <summary>An address where nobody listens.</summary>
    public static string Nobody()
    {
        using var server = new LoopbackServer(_ => throw new InvalidOperationException());
        return server.Address;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, false, 1024, leaveOpen: true);
            string path = (await reader.ReadLineAsync())!.Split(' ')[1];
            var headers = new Dictionary<string, string>();
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                string[] parts = line.Split(": ", 2);
                headers[parts[0].ToLowerInvariant()] = parts[1];
            }

            var request = new Request(path, headers);
            Requests.Enqueue(request);
            Reply reply = _answer(request);
            IEnumerable<(string Name, string Value)> all = reply.Headers.Append(("Connection", "close"));
            if (!reply.WithoutLength && !reply.Headers.Any(header => header.Name is "Content-Length" or "Transfer-Encoding"))
            {
                all = all.Append(("Content-Length", reply.Body.Length.ToString(CultureInfo.InvariantCulture)));
            }

            await stream.WriteAsync(
                Encoding.Latin1.GetBytes(
                    $"HTTP/1.1 {reply.Status} Told\r\n{string.Concat(all.Select(h => $"{h.Name}: {h.Value}\r\n"))}\r\n"));
            if (reply.Drip is { } pause)
            {
                using var timer = new PeriodicTimer(pause);
                for (int i = 0; i < reply.SendOnly && await timer.WaitForNextTickAsync(); i++)
                {
                    await stream.WriteAsync(reply.Body.AsMemory(i, 1));
                }
            }
            else
            {
                await stream.WriteAsync(reply.Body.AsMemory(0, reply.SendOnly));
            }

            if (!reply.Stalls)
            {
                client.Client.Shutdown(SocketShutdown.Send);
                client.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
        }
    }
}
