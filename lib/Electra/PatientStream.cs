namespace Electra;

/// <summary>
/// Writes to a file until that fails, as on a full disk, and then drops what comes: whoever writes goes on to the end, which may be the end
/// of hours, and hears of the failure there.
/// </summary>
internal sealed class PatientStream(Stream file) : Stream
{
    private Exception? _failure;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Throws what went wrong, if anything did.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        try
        {
            if (_failure is null)
            {
                file.Write(buffer);
            }
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            _failure = e;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        try
        {
            file.Flush();
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            _failure ??= e;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
