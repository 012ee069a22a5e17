using System.Text.Json;

namespace NotebookKernel;

/// <summary>Cuts what comes out of a pipe into lines, which end in \n and may not be endless.</summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private const int Usual = 65_536;

    private byte[] _buffer = new byte[Usual];
    private int _start;
    private int _end;

    /// <returns>The buffer and where in it the next line lies, until the next call; null at the end, where half a line is lost.</returns>
    /// <exception cref="JsonException">The line is too long for anything that the other end has to say.</exception>
    public (byte[] Buffer, int Start, int Length)? Read()
    {
        int looked = _start;
        while (true)
        {
            if (_buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n') is >= 0 and int at)
            {
                (int start, _start) = (_start, looked + at + 1);
                return (_buffer, start, looked + at - start);
            }

            looked = _end;
            if (_end == _buffer.Length)
            {
                Move(ref looked);
            }

            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Makes room behind what has been read of the line.</summary>
    private void Move(ref int looked)
    {
        int length = _end - _start;
        if (length > maxLength)
        {
            throw new JsonException($"A line has more than {maxLength:N0} bytes.");
        }

        byte[] next = length > _buffer.Length / 2 ? new byte[Math.Max(2 * length, Usual)] : length < Usual / 2 ? new byte[Usual] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(next);
        (_buffer, looked, _start, _end) = (next, looked - _start, 0, length);
    }
}
