using System.Buffers.Binary;

namespace NotebookKernel;

/// <summary>
/// Reads messages of ZMTP 3.0 (https://rfc.zeromq.org/spec/23/). Memory grows with what has come, not with what a length promises;
/// beyond a little that each message has free, it comes out of the sockets' common allowance until the message is done with.
/// </summary>
internal sealed class ZmtpReader(Stream stream, int maxMessage, Allowance allowance, CancellationToken cancel) : IDisposable
{
    public const byte More = 1, Long = 2, Command = 4;
    private const int MaxCommand = 4_096;
    private const int MaxFrames = 1_000;
    private const int Free = 65_536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // for the handshake, and for the rest of a message that has begun

    /// <summary>The mechanism without encryption: its name in 20 bytes.</summary>
    public static ReadOnlySpan<byte> Null => "NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8;

    private readonly BufferedStream _stream = new(stream, 8_192);
    private readonly byte[] _head = new byte[8];
    private readonly CancellationTokenSource _late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private long _taken;

    /// <summary>Reads a peer's greeting: signature, version 3 or later, mechanism NULL.</summary>
    /// <exception cref="ZmtpException">It is something else, or of a mechanism with encryption.</exception>
    /// <exception cref="IOException">The peer is gone, or takes too long.</exception>
    public async Task GreetingAsync()
    {
        _late.CancelAfter(Patience);
        byte[] greeting = new byte[64];
        await FillAsync(greeting.AsMemory(0, 10)); // a browser says less than a greeting, and waits
        bool signed = greeting[0] == 0xFF && (greeting[9] & 1) == 1;
        if (signed)
        {
            await FillAsync(greeting.AsMemory(10));
        }

        if (!signed || greeting[10] < 3 || !greeting.AsSpan(12, 20).SequenceEqual(Null))
        {
            throw new ZmtpException("This is no greeting of ZMTP 3.");
        }
    }

    /// <summary>Reads what comes next: a command (one frame), or all frames of a message.</summary>
    /// <exception cref="ZmtpException">It is malformed, too long, or does not come to an end.</exception>
    /// <exception cref="IOException">The peer is gone.</exception>
    public async Task<(bool IsCommand, byte[][] Frames)> ReadAsync()
    {
        Forget();
        var frames = new List<byte[]>();
        int bytes = 0;
        bool more = true;
        while (more)
        {
            await FillAsync(_head.AsMemory(0, 1));
            _late.CancelAfter(Patience);
            byte flags = _head[0];
            long length = await LengthAsync((flags & Long) != 0);
            bool command = (flags & Command) != 0;
            if (flags > (More | Long | Command) || (command && (frames.Count > 0 || (flags & More) != 0)))
            {
                throw new ZmtpException("These are no frames of ZMTP 3.0.");
            }

            if (length < 0 || length > (command ? MaxCommand : maxMessage - bytes) || frames.Count == MaxFrames)
            {
                throw new ZmtpException($"A message of more than {maxMessage:N0} bytes or {MaxFrames} frames was refused.");
            }

            frames.Add(await BodyAsync((int)length, bytes));
            bytes += (int)length;
            more = (flags & More) != 0;
            if (command)
            {
                _late.CancelAfter(Timeout.Infinite);
                return (true, [.. frames]);
            }
        }

        _late.CancelAfter(Timeout.Infinite);
        return (false, [.. frames]);
    }

    public void Dispose()
    {
        Forget();
        _late.Dispose();
    }

    /// <summary>The message before is done with.</summary>
    private void Forget()
    {
        allowance.Return(_taken);
        _taken = 0;
    }

    private async Task<long> LengthAsync(bool isLong)
    {
        await FillAsync(_head.AsMemory(0, isLong ? 8 : 1));
        return isLong ? BinaryPrimitives.ReadInt64BigEndian(_head) : _head[0];
    }

    private async Task<byte[]> BodyAsync(int length, int before)
    {
        byte[] body = [];
        for (int filled = 0; filled < length;)
        {
            int next = Math.Min(length, Math.Max(Free, 2 * filled));
            long beyond = Math.Max(0, (long)before + next - Free) - _taken;
            if (beyond > 0)
            {
                _taken += allowance.TryTake(beyond) ? beyond : throw new ZmtpException("Too many bytes wait for their signature.");
            }

            Array.Resize(ref body, next);
            await FillAsync(body.AsMemory(filled));
            filled = next;
        }

        return body;
    }

    private async Task FillAsync(Memory<byte> room)
    {
        try
        {
            await _stream.ReadExactlyAsync(room, _late.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new IOException("The peer takes too long.", e);
        }
    }
}
