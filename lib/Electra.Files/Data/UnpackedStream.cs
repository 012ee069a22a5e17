using System.IO.Compression;

namespace Electra;

/// <summary>
/// What a gzip file unpacks to. More than 100 times the file's size is refused while it is read: texts shrink to a half or a tenth, and
/// what shrinks to a thousandth was made to fill the memory.
/// </summary>
internal sealed class UnpackedStream(FileStream file, string path) : Stream
{
    private const int Most = 100; // times the file's size
    private const long Harmless = 1 << 20; // bytes: a small file of few words may repeat them

    private readonly GZipStream _unpacked = new(file, CompressionMode.Decompress, leaveOpen: true);
    private readonly long _limit = Math.Max(Harmless, Most * file.Length);
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">It unpacks to too much.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _unpacked.Read(buffer);
        _read += read;
        return _read <= _limit ? read
            : throw new InputException($"{path} unpacks to more than {Most} times its size, which no data set does; get it from " +
                "elsewhere, or unpack it yourself.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
