using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NotebookKernel;

/// <summary>
/// One of the kernel's five sockets: listens on an address, and speaks ZMTP 3.0 with whoever connects. ZeroMQ's libraries queue
/// what an unknown peer sends, and what a known one does not read, by numbers of whole messages; here both are bounded in bytes,
/// and nothing that a peer does makes another one wait.
/// </summary>
internal sealed class ZmtpSocket : IAsyncDisposable
{
    private const int MaxConnections = 50;
    private const int MaxComplaints = 20; // a full pipe behind standard error, which nobody reads, would stop us
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private static int _complaints;

    private readonly string _name;
    private readonly string _type;
    private readonly ZmtpLimits _limits;
    private readonly Func<ZmtpConnection, byte[][], Task> _received;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ZmtpConnection, long> _connections = new(); // and in which order they came
    private Task _accepting = Task.CompletedTask;
    private long _count;

    /// <param name="name">What messages call it.</param>
    /// <param name="type">Its type in ZeroMQ's terms.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="port">Where to listen.</param>
    /// <param name="limits">What clients may take.</param>
    /// <param name="received">Takes a message from a client; the client's next one is read when it is done.</param>
    /// <exception cref="NotebookException">The port is taken.</exception>
    public ZmtpSocket(string name, string type, IPAddress address, int port, ZmtpLimits limits,
        Func<ZmtpConnection, byte[][], Task> received)
    {
        (_name, _type, _limits, _received) = (name, type, limits, received);
        _listener = new TcpListener(address, port);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                _listener.ExclusiveAddressUse = true; // elsewhere a port is one's own anyway
            }

            _listener.Start();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new NotebookException($"The kernel cannot listen on {new IPEndPoint(address, port)} ({e.Message.TrimEnd('.')}); start " +
                "it again with another connection file.", e);
        }
    }

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Sends to one client; if it has come back by a newer connection of the same name, there (ROUTER_HANDOVER).</summary>
    public void Send(ZmtpConnection client, byte[][] frames)
    {
        if (client.Identity.Length > 0)
        {
            client = _connections.Where(c => c.Key.Identity.AsSpan().SequenceEqual(client.Identity)).OrderBy(c => c.Value)
                .LastOrDefault().Key ?? client;
        }

        client.Send(frames);
    }

    /// <summary>Sends to all that have subscribed to what the first frame begins with.</summary>
    /// <param name="frames">The message, its topic first.</param>
    /// <param name="note">For one that may be left out where a client reads too slowly: what to send in the place of so many.</param>
    public void Publish(byte[][] frames, Func<int, byte[][]>? note)
    {
        foreach (ZmtpConnection client in _connections.Keys.Where(c => c.IsSubscribed(frames[0])))
        {
            client.Send(frames, note);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys.Select(c => c.EndAsync(Linger)));
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                if (_connections.Count < MaxConnections)
                {
                    _ = ServeAsync(new ZmtpConnection(socket, _limits));
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (SocketException)
            {
                await Task.Delay(100, CancellationToken.None); // no more files can be opened, or the client is gone already
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(ZmtpConnection client)
    {
        _connections[client] = Interlocked.Increment(ref _count);
        string? why;
        try
        {
            why = await client.RunAsync(_type, frames => _received(client, frames));
        }
        catch (Exception e) // a mistake of ours costs one connection, not the kernel
        {
            why = e.ToString();
        }

        _connections.TryRemove(client, out _);
        if (why is not null && Interlocked.Increment(ref _complaints) <= MaxComplaints)
        {
            await Console.Error.WriteLineAsync($"A client of the kernel's {_name} socket was let go: {why}");
        }
    }
}
