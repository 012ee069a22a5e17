using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace NotebookKernel;

/// <summary>
/// One client at one of the kernel's sockets. What is sent to it goes into a queue that does not grow without end when the client
/// does not read: outputs are left out then, with a note in their place, and a client that does not read even the rest is let go.
/// </summary>
internal sealed class ZmtpConnection : IDisposable
{
    private const int MaxTopics = 100;
    private const int Small = 16_384;

    private readonly Socket _socket;
    private readonly ZmtpLimits _limits;
    private readonly CancellationTokenSource _closed = new(); // never disposed: has no timer, and is looked at from all sides
    private readonly Channel<object> _queue = Channel.CreateUnbounded<object>(new() { SingleReader = true }); // Message or Gap
    private readonly Lock _gate = new();
    private readonly List<byte[]> _topics = [];
    private Task _writing = Task.CompletedTask;
    private long _queued;
    private Gap? _gap; // the last in the queue: what may be left out goes into it

    public ZmtpConnection(Socket socket, ZmtpLimits limits)
    {
        (_socket, _limits) = (socket, limits);
        _socket.NoDelay = true;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>
    /// The name that the client gave itself, by which a connection of its own later on takes this one's place; may be empty.
    /// </summary>
    public byte[] Identity { get; private set; } = [];

    /// <summary>Talks with the client until it leaves or is let go.</summary>
    /// <param name="type">The socket's type in ZeroMQ's terms.</param>
    /// <param name="received">Takes each message, and is waited for before the next one is read.</param>
    /// <returns>Why it was let go, or null.</returns>
    public async Task<string?> RunAsync(string type, Func<byte[][], Task> received)
    {
        try
        {
            await using var stream = new NetworkStream(_socket, ownsSocket: true);
            using var reader = new ZmtpReader(stream, _limits.Message, _limits.Unsigned, _closed.Token);
            await stream.WriteAsync((byte[])[0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. ZmtpReader.Null, .. new byte[32]], _closed.Token);
            await reader.GreetingAsync();
            await stream.WriteAsync(
                Frame(ZmtpReader.Command,
                    [5, .. "READY"u8.ToArray(), .. Property("Socket-Type", Encoding.ASCII.GetBytes(type)), .. Property("Identity", [])]),
                    _closed.Token);
            (bool isCommand, byte[][] ready) = await reader.ReadAsync();
            if (!isCommand || !ready[0].AsSpan().StartsWith("\u0005READY"u8))
            {
                throw new ZmtpException("There is no READY after the greeting.");
            }

            Identity = Value(ready[0].AsSpan(6), "Identity");
            _writing = WriteAsync(stream);
            while (true)
            {
                (isCommand, byte[][] frames) = await reader.ReadAsync();
                if (isCommand)
                {
                    Obey(frames[0]);
                }
                else
                {
                    await received(frames);
                }
            }
        }
        catch (ZmtpException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            Dispose();
        }
    }

    public void Subscribe(byte[] topic)
    {
        lock (_topics)
        {
            if (_topics.Count < MaxTopics)
            {
                _topics.Add(topic);
            }
        }
    }

    public void Unsubscribe(byte[] topic)
    {
        lock (_topics)
        {
            if (_topics.FindIndex(t => t.AsSpan().SequenceEqual(topic)) is >= 0 and int i)
            {
                _topics.RemoveAt(i);
            }
        }
    }

    public bool IsSubscribed(byte[] topic)
    {
        lock (_topics)
        {
            return _topics.Exists(t => topic.AsSpan().StartsWith(t));
        }
    }

    /// <summary>Queues a message; never waits.</summary>
    /// <param name="frames">The message.</param>
    /// <param name="note">For one that may be left out: what to send in the place of so many.</param>
    public void Send(byte[][] frames, Func<int, byte[][]>? note = null)
    {
        var message = new Message(frames);
        lock (_gate)
        {
            if (note is null || (_gap is null && (_queued == 0 || _queued + message.Bytes <= _limits.Queue)))
            {
                Queue(message);
                return;
            }

            if (_gap is null)
            {
                _gap = new(note);
                _queue.Writer.TryWrite(_gap);
            }

            _gap.Count++;
        }
    }

    /// <summary>Lets what is queued leave, as long as <paramref name="patience"/> lasts.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _queue.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(patience));
        Dispose();
    }

    /// <summary>Lets the client go.</summary>
    public void Dispose()
    {
        _ = _closed.CancelAsync();
        _queue.Writer.TryComplete();
    }

    private void Queue(Message message)
    {
        lock (_gate)
        {
            if (_queued > 2L * _limits.Queue)
            {
                Dispose(); // it reads nothing at all
                return;
            }

            _queued += message.Bytes;
            _queue.Writer.TryWrite(message);
        }
    }

    private async Task WriteAsync(NetworkStream stream)
    {
        try
        {
            var small = new ArrayBufferWriter<byte>();
            await foreach (object item in _queue.Reader.ReadAllAsync(_closed.Token))
            {
                Message message = item as Message ?? Filled((Gap)item);
                byte[][] frames = message.Frames;
                for (int i = 0; i < frames.Length; i++)
                {
                    byte flags = (byte)(message.Flags | (i < frames.Length - 1 ? ZmtpReader.More : 0));
                    small.Write(Head(flags, frames[i].Length));
                    if (frames[i].Length <= Small)
                    {
                        small.Write(frames[i]);
                        continue;
                    }

                    await stream.WriteAsync(small.WrittenMemory, _closed.Token);
                    small.ResetWrittenCount();
                    await stream.WriteAsync(frames[i], _closed.Token);
                }

                await stream.WriteAsync(small.WrittenMemory, _closed.Token);
                small.ResetWrittenCount();
                lock (_gate)
                {
                    _queued -= item is Message ? message.Bytes : 0;
                }
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    /// <summary>The note in the place of what was left out. From here on there is room again: all before it has been read.</summary>
    private Message Filled(Gap gap)
    {
        lock (_gate)
        {
            _gap = null;
        }

        return new(gap.Note(gap.Count));
    }

    private void Obey(byte[] command)
    {
        int name = command.Length > 0 && command[0] < command.Length ? command[0] : 0;
        byte[] rest = command[Math.Min(command.Length, 1 + name)..];
        switch (Encoding.ASCII.GetString(command, Math.Min(1, command.Length), name))
        {
            case "PING" when rest.Length >= 2:
                Queue(new([[4, .. "PONG"u8, .. rest[2..]]], ZmtpReader.Command)); // behind the time to live, what to give back
                break;
            case "SUBSCRIBE":
                Subscribe(rest);
                break;
            case "CANCEL":
                Unsubscribe(rest);
                break;
        }
    }

    private static byte[] Frame(byte flags, byte[] body) => [.. Head(flags, body.Length), .. body];

    private static byte[] Head(byte flags, int length)
    {
        if (length < 256)
        {
            return [flags, (byte)length];
        }

        byte[] head = new byte[9];
        head[0] = (byte)(flags | ZmtpReader.Long);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(1), length);
        return head;
    }

    private static byte[] Property(string name, byte[] value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 0, (byte)value.Length, .. value];

    /// <summary>The value of a property in a list of them: each a short name and a longer value, with their lengths before them.</summary>
    private static byte[] Value(ReadOnlySpan<byte> properties, string name)
    {
        while (properties.Length > 0)
        {
            int length = properties[0];
            if (properties.Length < 1 + length + 4
                || BinaryPrimitives.ReadUInt32BigEndian(properties[(1 + length)..]) is var size && size > properties.Length - 5 - length)
            {
                throw new ZmtpException("The properties in READY are cut off.");
            }

            ReadOnlySpan<byte> value = properties.Slice(5 + length, (int)size);
            if (Encoding.ASCII.GetString(properties.Slice(1, length)).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value.ToArray();
            }

            properties = properties[(5 + length + (int)size)..];
        }

        return [];
    }

    private sealed record Message(byte[][] Frames, byte Flags = 0)
    {
        public long Bytes { get; } = Frames.Sum(f => (long)f.Length);
    }

    /// <summary>The place of messages that were left out.</summary>
    private sealed class Gap(Func<int, byte[][]> note)
    {
        public int Count { get; set; }

        public Func<int, byte[][]> Note => note;
    }
}
